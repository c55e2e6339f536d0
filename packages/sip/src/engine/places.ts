import type { Goal } from '../resolve/goal.ts';
import { printReasons } from '../resolve/reason.ts';
import type { Chance } from '../resolve/srv-order.ts';
import type { ResolvedTarget } from '../resolve/target.ts';
import type { Found, TargetSearch } from '../resolve/target-search.ts';
import type { Target } from '../routing/plan.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import { defaultPort, type Flow, isAddress, type Protocol } from '../uri/transport.ts';
import type { Core } from './core.ts';

/** Where a copy of a request is sent to. */
export interface Place {
  readonly protocol: Protocol;
  /** An address without brackets. */
  readonly host: string;
  readonly port: number;
  /** 0 without a flow. */
  readonly connection: number;
  /** Whose certificate it has to be (RFC 5922 §7.3); `undefined` for an address. */
  readonly identity: string | undefined;
  /** Set where it is the flow of the target. */
  readonly flow: FlowOut | undefined;
}

/** A flow that a request goes out on. */
export type FlowOut = Flow & { readonly isOnlyWay: boolean };

export interface PlacesOptions {
  /** Whether the request is too big for a datagram; asked when it would go as one. */
  readonly isTooBig: () => boolean;
  /** Decides between servers that are equally good; `undefined`: the same is always the first (RFC 3263 §4.4). */
  readonly chance: Chance | undefined;
}

/**
 * The places of one branch, the best first: the flow of its target, else what its URI leads to, one server after the other
 * (RFC 3263 §4.3).
 */
export class Places {
  readonly #core: Core;
  readonly #goal: Goal | undefined;
  readonly #options: PlacesOptions;
  #flow: FlowOut | undefined;
  #search: TargetSearch | 'not begun' | 'over' = 'not begun';
  /** Taken before the search goes on. */
  #spare: ResolvedTarget | undefined;
  /** The next one, known before it is wanted. */
  #ahead: ResolvedTarget | undefined;
  #lookingAhead: Promise<unknown> | undefined;
  /** The last one that was given, but for a flow. */
  #tried: ResolvedTarget | undefined;

  constructor(core: Core, target: Target, goal: Goal | undefined, options: PlacesOptions) {
    this.#core = core;
    this.#goal = goal;
    this.#options = options;
    this.#flow = target.flow === undefined ? undefined : { ...target.flow, isOnlyWay: target.elsewhere === 'nowhere' };
  }

  /** The next one; `undefined` when there are no more. A promise must be waited for before this is called again. */
  next(): Place | undefined | Promise<Place | undefined> {
    const flow = this.#flow;
    if (flow !== undefined) {
      this.#flow = undefined;
      const { local, host, port, connection } = flow;
      return { protocol: local.protocol, host, port, connection, identity: undefined, flow };
    }
    if (this.#lookingAhead !== undefined) return this.#lookingAhead.then(() => this.next());
    const found = this.#ahead ?? this.#look();
    this.#ahead = undefined;
    return isPromiseLike(found) ? found.then((target) => this.#placeAt(target)) : this.#placeAt(found);
  }

  /** Whether there is a next one. It may be asked for before this is known. */
  hasNext(): boolean | Promise<boolean> {
    if (this.#flow !== undefined) return true;
    const found = this.#ahead ?? this.#look();
    if (!isPromiseLike(found)) return this.#keep(found);
    const known = found.then((target) => this.#keep(target));
    this.#lookingAhead = known;
    return known;
  }

  /** The one that was given last failed: others pass it by for a while. */
  failed(retryAfterMs = 0): void {
    if (this.#tried !== undefined) this.#core.dead.failed(this.#tried, this.#core.now, retryAfterMs);
  }

  /** The one that was given last lives. */
  answered(): void {
    if (this.#tried !== undefined) this.#core.dead.answered(this.#tried);
  }

  /** True while a next one is not ruled out. */
  get mayHaveMore(): boolean {
    return (
      this.#flow !== undefined ||
      this.#ahead !== undefined ||
      this.#spare !== undefined ||
      (this.#goal !== undefined && this.#search !== 'over')
    );
  }

  #keep(target: ResolvedTarget | undefined): boolean {
    this.#lookingAhead = undefined;
    this.#ahead = target;
    return target !== undefined;
  }

  #look(): ResolvedTarget | undefined | Promise<ResolvedTarget | undefined> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) return spare;
    if (this.#goal === undefined || this.#search === 'over') return undefined;
    if (this.#search === 'not begun') return this.#begin(this.#goal);
    return this.#found(this.#search.next(this.#core.now));
  }

  #begin(goal: Goal): ResolvedTarget | undefined | Promise<ResolvedTarget | undefined> {
    const { transports } = this.#core;
    const only = literalOf(goal);
    if (only !== undefined && transports.toward(only.protocol, only.host, undefined) !== undefined) {
      this.#search = 'over'; // nobody has to be asked for an address
      return this.#choose(only);
    }
    this.#search = this.#core.search(goal, this.#options.chance);
    return this.#found(this.#search.next(this.#core.now));
  }

  #found(found: Found | Promise<Found>): ResolvedTarget | undefined | Promise<ResolvedTarget | undefined> {
    if (isPromiseLike(found)) return found.then((one) => this.#found(one));
    if (found.type === 'target') return this.#choose(found.target);
    this.#search = 'over';
    if (this.#tried === undefined && this.#core.events.wanted['target.unknown'])
      this.#core.events.emit({
        type: 'target.unknown',
        host: this.#goal?.host ?? '',
        reason: printReasons(found.reasons),
      });
    return undefined;
  }

  /** RFC 3261 §18.1.1: what is too big for a datagram goes over TCP, and as a datagram after all where TCP is refused. */
  #choose(target: ResolvedTarget): ResolvedTarget {
    if (target.protocol !== 'udp' || !this.#options.isTooBig()) return target;
    const { transports, dead, now } = this.#core;
    const overTcp: ResolvedTarget = { ...target, protocol: 'tcp' };
    if (transports.toward('tcp', target.host, undefined) === undefined || dead.isResting(overTcp, now)) return target;
    this.#spare = target;
    return overTcp;
  }

  #placeAt(target: ResolvedTarget | undefined): Place | undefined {
    if (target === undefined) return undefined;
    this.#tried = target;
    const { protocol, host, port, identity } = target;
    return {
      protocol,
      host,
      port,
      connection: 0,
      flow: undefined,
      identity: isAddress(identity) ? undefined : identity,
    };
  }
}

/** The one place of an address (RFC 3263 §4.1, §4.2): no records to ask for, no choice to make. */
function literalOf(goal: Goal): ResolvedTarget | undefined {
  if (!isAddress(goal.host)) return undefined;
  const protocol = goal.protocol ?? (goal.security === 'required' ? 'tls' : 'udp');
  return { protocol, host: goal.host, port: goal.port ?? defaultPort(protocol), identity: goal.identity, path: [] };
}
