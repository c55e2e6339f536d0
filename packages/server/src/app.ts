import { type Context, type Decision, type Handler, pass } from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';

/** Sees a request before and its decision after the handlers that stand behind it. */
export type Middleware = (ctx: Context, next: () => Decision | Promise<Decision>) => Decision | Promise<Decision>;

/**
 * Routing as code: middleware around handlers, asked in the order of the lines; the first that does not pass decides. Holds no
 * socket: an engine runs it, `await app.handle(ctx)` tests it.
 */
export class App {
  readonly #middleware: Middleware[] = [];
  readonly #routes: { readonly method: string; readonly handler: Handler }[] = [];

  use(...middleware: readonly Middleware[]): this {
    this.#middleware.push(...middleware);
    return this;
  }

  /** Handlers for one method, or for every method with `*`. */
  on(method: string, ...handlers: readonly Handler[]): this {
    this.#routes.push(...handlers.map((handler) => ({ method, handler })));
    return this;
  }

  /**
   * What the handlers decide, and `last` when every one of them passes: a server gives its exchange there, so that middleware
   * sees, and may change, what that decides too.
   */
  handle(ctx: Context, last: Handler = () => pass): Decision | Promise<Decision> {
    return this.#through(ctx, 0, last);
  }

  #through(ctx: Context, index: number, last: Handler): Decision | Promise<Decision> {
    const middleware = this.#middleware[index];
    if (middleware === undefined) return this.#route(ctx, 0, last);
    return middleware(ctx, () => this.#through(ctx, index + 1, last));
  }

  #route(ctx: Context, from: number, last: Handler): Decision | Promise<Decision> {
    for (let i = from; i < this.#routes.length; i += 1) {
      const route = this.#routes[i];
      if (route === undefined || (route.method !== '*' && route.method !== ctx.request.method)) continue;
      const decision = route.handler(ctx);
      if (isPromiseLike(decision))
        return decision.then((value) => (value.type === 'pass' ? this.#route(ctx, i + 1, last) : value));
      if (decision.type !== 'pass') return decision;
    }
    return last(ctx);
  }
}
