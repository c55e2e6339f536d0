import { type Context, type Decision, type Handler, pass } from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';

/** Sees a request before and its decision after the handlers that stand behind it. */
export type Middleware = (ctx: Context, next: () => Decision | Promise<Decision>) => Decision | Promise<Decision>;

/**
 * Routing as code: middleware around handlers, asked in the order of the lines; the first that does not pass decides. In a
 * server they see only what may pass: whoever had to prove who he is has done so. Holds no socket: an engine runs it,
 * `await app.handle(ctx)` tests it.
 */
export class App {
  readonly #middleware: Middleware[] = [];
  readonly #routes: Route[] = [];
  readonly #forAnybody: Route[] = [];

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
   * Handlers that are asked about every request, before the server asks who sends it: also those of strangers, and those that
   * nobody has proved yet. What they pass goes the usual way. Middleware does not stand around them.
   */
  onAnybody(method: string, ...handlers: readonly Handler[]): this {
    this.#forAnybody.push(...handlers.map((handler) => ({ method, handler })));
    return this;
  }

  /** What the handlers of `onAnybody` decide; `pass` when there is none. */
  handleAnybody(ctx: Context): Decision | Promise<Decision> {
    return route(this.#forAnybody, ctx, 0, () => pass);
  }

  /**
   * What the handlers decide, and `last` when every one of them passes: a server gives there what it would decide itself,
   * so that middleware sees that too, and may change it.
   */
  handle(ctx: Context, last: Handler = () => pass): Decision | Promise<Decision> {
    return this.#through(ctx, 0, last);
  }

  #through(ctx: Context, index: number, last: Handler): Decision | Promise<Decision> {
    const middleware = this.#middleware[index];
    if (middleware === undefined) return route(this.#routes, ctx, 0, last);
    return middleware(ctx, () => this.#through(ctx, index + 1, last));
  }
}

interface Route {
  readonly method: string;
  readonly handler: Handler;
}

function route(routes: readonly Route[], ctx: Context, from: number, last: Handler): Decision | Promise<Decision> {
  for (let i = from; i < routes.length; i += 1) {
    const one = routes[i];
    if (one === undefined || (one.method !== '*' && one.method !== ctx.request.method)) continue;
    const decision = one.handler(ctx);
    if (isPromiseLike(decision))
      return decision.then((value) => (value.type === 'pass' ? route(routes, ctx, i + 1, last) : value));
    if (decision.type !== 'pass') return decision;
  }
  return last(ctx);
}
