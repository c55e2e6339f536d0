import type { HeaderDef } from '../message/header.ts';
import { retryAfter } from '../message/headers/index.ts';
import type { Request, Response } from '../message/message.ts';
import { read } from '../message/read.ts';
import { type Importance, OFFER } from '../overload/index.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import { type ClientOwner, ClientTransaction } from './client-transaction.ts';
import type { Core } from './core.ts';
import { addressed } from './forward.ts';
import { type BackWay, readyForCaller } from './late-answers.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { FlowOut, Place, Places } from './places.ts';
import type { TransportFault } from './ports.ts';
import type { FlowIn, RouteMemo } from './record-route.ts';
import type { Destination } from './slot.ts';

/** Whose branch it is. */
export interface BranchOwner {
  /** False when nobody waits for an answer of this branch any more, or somebody asked it to stop. */
  isWanted(branch: number): boolean;
  /** A response to pass on; those of servers that others take the place of are not told. */
  onAnswer(branch: number, response: Response): void;
  /** No server is left and none has answered; the status stands for that. */
  onFailed(branch: number, status: number): void;
  /** How important the request is to who sent it: a copy may no longer say so. */
  readonly importance: Importance;
}

export interface BranchOptions {
  readonly copy: Request;
  readonly places: Places;
  /** Where the request came in. */
  readonly cameIn: FlowIn;
  readonly recordRoute: 'yes' | 'no';
  readonly loopHash: string;
  /** How many Record-Routes the request came with. */
  readonly carried: number;
}

/** One branch of a fork: a copy of the request that goes from server to server until one of them takes it (RFC 3263 §4.3). */
export class Branch implements ClientOwner {
  readonly #core: Core;
  readonly #owner: BranchOwner;
  readonly #number: number;
  /** Dropped when the branch is over: what comes then may take half a minute. */
  #way: Pick<BranchOptions, 'copy' | 'places'> | undefined;
  readonly #cameIn: FlowIn;
  readonly #recordRoute: 'yes' | 'no';
  readonly #loopHash: string;
  readonly #carried: number;
  /** `undefined` while its next place is looked for. */
  #current: Attempt | undefined;
  /** INVITEs of servers that were silent. */
  #left: readonly Attempt[] = NONE;
  /** The 503 of the server before: it passes when no other server takes the request. */
  #refusal: Response | undefined;
  /** The status that stands for the silence of the last server. */
  #failure = 503;
  #state: 'open' | 'given up' = 'open';
  #routes: RouteMemo | undefined = { key: '', routes: [] };
  #isSpared = false;
  #wasSent = false;

  constructor(core: Core, owner: BranchOwner, number: number, options: BranchOptions) {
    this.#core = core;
    this.#owner = owner;
    this.#number = number;
    this.#way = { copy: options.copy, places: options.places };
    this.#cameIn = options.cameIn;
    this.#recordRoute = options.recordRoute;
    this.#loopHash = options.loopHash;
    this.#carried = options.carried;
  }

  /** Sends the copy to its next place; when there is none left, the branch has failed. */
  next(): void {
    this.#current = undefined;
    const found = this.#way?.places.next();
    if (!isPromiseLike(found)) return this.#send(found);
    found.then(
      (place) => this.#core.resume(() => this.#send(place)),
      (error: unknown) =>
        this.#core.resume(() => {
          this.#core.events.emit({ type: 'fault', where: 'name service', error });
          this.#send(undefined);
        }),
    );
  }

  /** Asks its server to give up. False where no server has the request. */
  cancel(): boolean {
    if (this.#current === undefined) this.#state = 'given up';
    else this.#current.client.cancel();
    return this.#current !== undefined;
  }

  /** Nothing that it brings matters any more. */
  abandon(): void {
    this.#state = 'given up';
    this.#current?.client.abandon();
  }

  /** The caller's transaction is over: where no server has the request, none gets it any more. */
  stopLooking(): void {
    if (this.#current === undefined) this.#state = 'given up';
  }

  /** True when every server that it could have gone to asked to be spared. */
  get wasHeldBack(): boolean {
    return this.#isSpared && !this.#wasSent;
  }

  /** Lets go of what only another try would need. `toLate`: who takes the 2xx that come again, by the way of the first. */
  release(toLate: (way: BackWay) => ClientOwner): void {
    this.#way = undefined;
    this.#routes = undefined;
    const attempt = this.#current;
    if (attempt?.client.method !== 'INVITE' || this.#left.length > 0) return;
    attempt.client.tellInstead(toLate(this.#backWay(attempt)));
  }

  onResponse(transaction: ClientTransaction, response: Response): void {
    const attempt = this.#attemptOf(transaction);
    if (attempt === undefined) return;
    const routed = readyForCaller(this.#core, response, transaction.method, this.#backWay(attempt), this.#routes);
    if (routed === undefined) {
      // Nothing good can come from there.
      if (response.status >= 200 && attempt === this.#current) this.#owner.onFailed(this.#number, 502);
      return;
    }
    if (attempt !== this.#current) return this.#onLateResponse(routed);
    const places = this.#way?.places;
    if (response.status !== 503) places?.answered();
    else {
      places?.failed((readOrNothing(response, retryAfter)?.seconds ?? 0) * 1000);
      this.#refusal = routed;
      if (this.#mayTryAgain()) return this.next();
    }
    this.#owner.onAnswer(this.#number, routed);
  }

  onFailure(transaction: ClientTransaction, why: 'timeout' | 'transport', fault: TransportFault | undefined): void {
    const attempt = this.#attemptOf(transaction);
    if (attempt === undefined) return;
    if (fault !== undefined) this.#core.emitFault(fault, transaction.destination);
    if (attempt !== this.#current) return;
    // RFC 5626 §5.3.1: on 430 who has other ways to the phone tries the next one.
    this.#failure = why === 'timeout' ? 408 : attempt.flow?.isOnlyWay === true ? 430 : 503;
    if (!transaction.wasHeard) this.#way?.places.failed();
    if (!transaction.wasHeard && this.#mayTryAgain()) this.next();
    else this.#fail();
  }

  /**
   * DEVIATION(RFC 3263 §4.3): a server that says nothing at all is left for the next one after 16 * T1, where there is a next
   * one. Timers B and F would let it have 64 * T1, and by then most callers have hung up. Servers that live say something
   * earlier (RFC 3261 §16.2, RFC 4320 §4.1).
   */
  onSilence(transaction: ClientTransaction): void {
    if (this.#current?.client !== transaction || !this.#mayTryAgain()) return;
    const hasNext = this.#way?.places.hasNext() ?? false;
    if (!isPromiseLike(hasNext)) return hasNext ? this.#leave(transaction) : undefined;
    hasNext.then(
      (isKnown) => this.#core.resume(() => (isKnown ? this.#leave(transaction) : undefined)),
      (error: unknown) =>
        this.#core.resume(() => this.#core.events.emit({ type: 'fault', where: 'name service', error })),
    );
  }

  #leave(transaction: ClientTransaction): void {
    const attempt = this.#current;
    if (attempt?.client !== transaction || transaction.wasHeard || !this.#mayTryAgain()) return;
    this.#failure = 408;
    this.#way?.places.failed();
    transaction.leave();
    if (transaction.method === 'INVITE') this.#left = [...this.#left, attempt];
    this.next();
  }

  /** Of a server that was left only a 2xx counts, since its caller has to end that call (RFC 3261 §16.7 step 5). */
  #onLateResponse(response: Response): void {
    if (response.status < 200 || response.status >= 300) return;
    this.cancel();
    this.#owner.onAnswer(this.#number, response);
  }

  #backWay({ flow }: Attempt): BackWay {
    return { flow, recordRoute: this.#recordRoute, carried: this.#carried };
  }

  #mayTryAgain(): boolean {
    return this.#state === 'open' && this.#way?.places.mayHaveMore === true && this.#owner.isWanted(this.#number);
  }

  /** What the last server answered, or what stands for its silence. */
  #fail(): void {
    if (this.#refusal !== undefined) this.#owner.onAnswer(this.#number, this.#refusal);
    else this.#owner.onFailed(this.#number, this.#failure);
  }

  #send(place: Place | undefined): void {
    if (this.#state === 'given up' || this.#way === undefined) return;
    if (place === undefined) return this.#fail();
    const { copy, places } = this.#way;
    const { protocol, host, port, connection, flow, identity } = place;
    const { transports, tokens, timing } = this.#core;
    const cameIn = this.#cameIn;
    const transport = transports.forFlow(flow) ?? transports.toward(protocol, host, cameIn.transport);
    if (transport === undefined) return this.next();
    // Only who is offered feedback is spared: what a phone says on its flow was not asked for.
    if (flow === undefined && !this.#core.downstream.admits(place, () => this.#owner.importance, this.#core.now))
      return this.#holdBack();
    const destination: Destination = { transport, host, port, connection, identity };
    const name = tokens.branch(this.#loopHash);
    const offer = flow === undefined ? OFFER : '';
    const request = addressed(
      this.#core,
      copy,
      destination,
      name,
      this.#recordRoute === 'yes' ? cameIn : undefined,
      offer,
    );
    const silenceMs = places.mayHaveMore ? ENGINE_LIMITS.silenceT1 * timing.t1 : undefined;
    const client = new ClientTransaction(this.#core, this, request, name, destination, silenceMs);
    this.#current = { client, flow };
    this.#wasSent = true;
    this.#core.startClient(client);
  }

  /** RFC 7339 §5.10: the server has asked for less, so this goes to another one or nowhere. */
  #holdBack(): void {
    this.#isSpared = true;
    this.next();
  }

  #attemptOf(transaction: ClientTransaction): Attempt | undefined {
    return this.#current?.client === transaction
      ? this.#current
      : this.#left.find(({ client }) => client === transaction);
  }
}

/** The copy at one server. */
interface Attempt {
  readonly client: ClientTransaction;
  readonly flow: FlowOut | undefined;
}

/** What a peer wrote wrongly is as if it were not there. */
function readOrNothing<T>(message: Response, def: HeaderDef<T>): T | undefined {
  try {
    return read(message, def);
  } catch {
    return undefined;
  }
}

const NONE: readonly never[] = [];
