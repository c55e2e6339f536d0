import { type Via, via } from '../message/headers/index.ts';
import { read } from '../message/read.ts';
import { parse } from '../message/wire.ts';
import { addressOf, goalOfVia } from '../resolve/goal.ts';
import type { Found, TargetSearch } from '../resolve/target-search.ts';
import { RemoteFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import { isAddress } from '../uri/transport.ts';
import type { Core } from './core.ts';
import type { ResponseRoute } from './response-route.ts';
import type { Destination } from './slot.ts';

/**
 * Where a response goes whose connection is gone: to the address that the request came from at the port of sent-by, and
 * when nobody is there to the servers that sent-by leads to (RFC 3261 §18.2.2, RFC 3263 §5), no place twice.
 */
export class WayBack {
  readonly #core: Core;
  readonly #route: ResponseRoute;
  readonly #top: Via | undefined;
  readonly #tried = new Set<string>();
  #search: TargetSearch | undefined;

  /** `response`: any that was to go there; its top Via says where else its client may be. */
  constructor(core: Core, route: ResponseRoute, response: Uint8Array) {
    this.#core = core;
    this.#route = route;
    this.#top = topOf(core, response);
  }

  /** The next place; `undefined` when there are no more. A promise must be waited for before this is called again. */
  next(): Destination | undefined | Promise<Destination | undefined> {
    const { transport, viaHost, viaPort } = this.#route;
    if (this.#tried.size === 0) return this.#place({ transport, host: viaHost, port: viaPort }, this.#identity);
    if (this.#search === undefined) {
      const goal = this.#top === undefined ? undefined : goalOfVia(this.#top);
      if (goal?.protocol !== transport.local.protocol) return undefined;
      this.#search = this.#core.search(goal, this.#core.chance);
    }
    return this.#found(this.#search.next(this.#core.now), this.#search);
  }

  #found(
    found: Found | Promise<Found>,
    search: TargetSearch,
  ): Destination | undefined | Promise<Destination | undefined> {
    if (isPromiseLike(found)) return found.then((one) => this.#found(one, search));
    if (found.type === 'none') return undefined;
    const { protocol, host, port, identity } = found.target;
    const transport = this.#core.transports.toward(protocol, host, this.#route.transport);
    if (transport === undefined || this.#tried.has(`${host}:${port}`))
      return this.#found(search.next(this.#core.now), search);
    return this.#place({ transport, host, port }, identity);
  }

  #place(place: Pick<Destination, 'transport' | 'host' | 'port'>, identity: string | undefined): Destination {
    this.#tried.add(`${place.host}:${place.port}`);
    const isNamed = identity !== undefined && !isAddress(identity);
    return { ...place, connection: 0, ...(isNamed ? { identity } : {}) };
  }

  get #identity(): string | undefined {
    return this.#top === undefined ? undefined : addressOf(this.#top.host);
  }
}

function topOf({ text }: Core, response: Uint8Array): Via | undefined {
  const parsed = parse(response, text);
  try {
    return parsed.kind === 'response' ? read(parsed, via) : undefined;
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}
