import { type Edit, edit } from '../message/edit.ts';
import { timestamp, to, via } from '../message/headers/index.ts';
import type { Request, Response } from '../message/message.ts';
import { has, need, read } from '../message/read.ts';
import { withFeedback } from '../overload/feedback.ts';
import { RemoteFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import type { Instant } from '../text/time.ts';
import { inviteServer } from '../transaction/invite-server.ts';
import { isAckFor, isOfOldClient } from '../transaction/keys.ts';
import { createMachine, dueAt, expire, isTerminated, type Machine, start, step } from '../transaction/machine.ts';
import { answerableUntil, mayRespond, tryingAfterMs } from '../transaction/policy.ts';
import { replyTo } from '../transaction/reply.ts';
import { server } from '../transaction/server.ts';
import { isReliable } from '../uri/transport.ts';
import type { Core } from './core.ts';
import type { Relief } from './gate.ts';
import type { TransportFault } from './ports.ts';
import type { ResponseRoute } from './response-route.ts';
import type { Destination, Inquiry, ServerOwner, ServerSlot } from './slot.ts';
import { WayBack } from './way-back.ts';
import type { Timed } from './wheel.ts';

/** The slot of one server transaction (RFC 3261 §17.2). */
export class ServerTransaction implements ServerSlot {
  dueAt: Instant = Number.POSITIVE_INFINITY;
  next: Timed | undefined = undefined;
  previous: Timed | undefined = undefined;
  place = -1;

  readonly key: string;
  readonly method: string;
  readonly route: ResponseRoute;
  about: Inquiry | 0 = 0;
  owner: ServerOwner | undefined = undefined;
  /** Who says how busy we are; `undefined` where the client did not ask. */
  relief: Relief | undefined = undefined;
  readonly #core: Core;
  readonly #machine: Machine;
  /** Dropped when the final response is out. */
  #request: Request | undefined;
  #last: Uint8Array | undefined;
  /** Where responses go; `undefined` while a place is looked for that is still there. */
  #destination: Destination | undefined;
  /** Looked for when writing on the connection that the request came on has failed. */
  #wayBack: WayBack | undefined;
  /** To of the failure, for ACKs of clients of RFC 2543; `undefined` for all others. */
  #failureTag: string | undefined;
  /** When the request came. */
  readonly #since: Instant;
  /** When a 100 is due for a request other than INVITE that nobody has answered (RFC 4320 §4.1); `Infinity` once it is out. */
  #tryingAt: Instant;

  constructor(core: Core, key: string, request: Request, route: ResponseRoute) {
    this.#core = core;
    this.key = key;
    this.method = request.method;
    this.route = route;
    this.#request = request;
    this.#destination = route;
    const transport = isReliable(route.transport.local.protocol) ? 'reliable' : 'unreliable';
    this.#machine = createMachine(request.method === 'INVITE' ? inviteServer : server, transport, core.timing);
    this.#since = core.now;
    this.#tryingAt = request.method === 'INVITE' ? Number.POSITIVE_INFINITY : core.now + tryingAfterMs(core.timing);
    start(this.#machine, core.now, []);
  }

  /** The request, while it is not finally answered. */
  get request(): Request | undefined {
    return this.#request;
  }

  /** True once a final response was given. */
  get isAnswered(): boolean {
    return this.#request === undefined;
  }

  /** True while no response of any kind was given. */
  get isSilent(): boolean {
    return this.#last === undefined && !this.isAnswered;
  }

  /** The same request again, or an ACK; true when the ACK is for a 2xx and so for whoever the INVITE went to (RFC 6026 §7.1). */
  receive(request: Request): boolean {
    if (request.method !== 'ACK') this.#step('request', undefined);
    else if (this.#failureTag !== undefined && !isAckFor(request, this.#failureTag)) return true;
    else return this.#step('ack', undefined).includes('deliverAck');
    return false;
  }

  /** Sends a response, unless it is one that this request must not get, or that comes too late (RFC 4320 §4). */
  respond(response: Response): void {
    if (mayRespond(this.#machine, response.status, this.#since, this.#core.now) !== 'send') return;
    const input =
      response.status < 200
        ? 'sendProvisional'
        : this.method !== 'INVITE'
          ? 'sendFinal'
          : response.status < 300
            ? 'sendSuccess'
            : 'sendFailure';
    if (input === 'sendFailure' && this.#request !== undefined && isOfOldClient(this.#request))
      this.#failureTag = need(response, to).tag ?? '';
    if (response.status >= 200) this.#request = undefined;
    this.#step(input, response);
  }

  /** Sends a 100; a late one says in Timestamp how late it is, in seconds (RFC 3261 §8.2.6.1). */
  trying(): void {
    const request = this.#request;
    if (request === undefined) return;
    const lateMs = this.#core.now - this.#since;
    const stamp = lateMs > 0 ? stampOf(request) : undefined;
    if (stamp === undefined) return this.respond(replyTo(request, 100, 'Trying'));
    const delay = (lateMs / 1000).toFixed(3);
    const withDelay = { edit: (copy: Edit) => void copy.set(timestamp, { stamp, delay }) };
    this.respond(replyTo(request, 100, 'Trying', withDelay));
  }

  /** Also in the time after its end: an answer that found its connection dead is worth another one. */
  onSendFailed(fault: TransportFault): void {
    this.#core.emitFault(fault, this.#destination ?? this.route);
    const answer = this.#last;
    if (answer === undefined) return void this.#step('transportError', undefined);
    this.#wayBack ??= new WayBack(this.#core, this.route, answer);
    this.#destination = undefined;
    this.#core.askAnew(this); // what else was on that connection fails too, and that is no news
    if (isTerminated(this.#machine)) this.#core.linger(this, this.#since + 64 * this.#core.timing.t1 - this.#core.now);
    const found = this.#wayBack.next();
    if (!isPromiseLike(found)) return this.#sendTo(found);
    found.then(
      (place) => this.#core.resume(() => this.#sendTo(place)),
      (error: unknown) =>
        this.#core.resume(() => {
          this.#core.events.emit({ type: 'fault', where: 'name service', error });
          this.#sendTo(undefined);
        }),
    );
  }

  /** The last response once more, to where it has not been sent yet. */
  #sendTo(place: Destination | undefined): void {
    if (place === undefined) return void this.#step('transportError', undefined);
    this.#destination = place;
    if (this.#last !== undefined) this.#send(this.#last);
  }

  onDue(now: Instant): void {
    if (isTerminated(this.#machine)) return this.#core.endLingering(this);
    if (!this.isAnswered && now >= answerableUntil(this.#machine, this.#since)) return this.discard();
    const actions: string[] = [];
    expire(this.#machine, now, actions);
    this.#perform(actions, undefined);
    if (now < this.#tryingAt) return;
    this.#tryingAt = Number.POSITIVE_INFINITY;
    this.trying();
  }

  /**
   * A response with what its client asked to be told about our load (RFC 7339 §5.2).
   *
   * DEVIATION(RFC 7339 §5.2): sent again it says what it said the first time. Its bytes are kept, not its parts, and every
   * other response of that moment says the rest; oc-seq tells which is newer.
   */
  told(response: Response): Response {
    if (this.relief === undefined) return response;
    const top = withFeedback(need(response, via), this.relief.feedbackAt(this.#core.now));
    return edit(response).replaceTop(via, top).response(response.status, response.reason);
  }

  /** Ends it without an answer: the request is handled without a transaction after all. */
  discard(): void {
    this.#core.forgetServer(this);
  }

  /** The first look at its deadlines, when it is in the table. */
  watch(): void {
    this.#core.wheel.set(this, this.#dueNext());
  }

  #step(input: string, response: Response | undefined): readonly string[] {
    const actions: string[] = [];
    step(this.#machine, input, this.#core.now, actions);
    this.#perform(actions, response);
    return actions;
  }

  /** A request other than INVITE that nobody answers has no timer of its own: its client's Timer F ends it here too. */
  #dueNext(): Instant {
    const due = dueAt(this.#machine);
    return this.isAnswered ? due : Math.min(due, this.#tryingAt, answerableUntil(this.#machine, this.#since));
  }

  #perform(actions: readonly string[], response: Response | undefined): void {
    for (const action of actions) {
      if (action === 'reply' && response !== undefined) {
        const bytes = this.#core.print(this.told(response), this.route);
        this.#send(bytes);
        this.#last = response.status < 200 ? bytes : this.#core.shelf.keep(bytes);
      } else if (action === 'resend' && this.#last !== undefined) this.#send(this.#last);
    }
    if (isTerminated(this.#machine)) this.#end();
    else this.#core.wheel.set(this, this.#dueNext());
    if (!this.#mayNeedLast()) this.#last = undefined;
  }

  /** Timer J is 0 on streams, but what was sent on a dead connection comes back later (RFC 3261 §17.2.2, §18.2.2). */
  #end(): void {
    if (!this.#core.forgetServer(this)) return;
    if (this.method !== 'INVITE' && this.#machine.reliable) this.#core.linger(this, LINGER_MS);
  }

  /** A 2xx is repeated by whoever gave it, but one that found its connection gone is sent again from here. */
  #mayNeedLast(): boolean {
    const { state, reliable } = this.#machine;
    return state !== 'confirmed' && (state !== 'accepted' || reliable);
  }

  #send(bytes: Uint8Array): void {
    if (this.#destination === undefined) return;
    const { transport, host, port, connection, identity } = this.#destination;
    transport.send(bytes, host, port, connection, this.about, identity);
  }
}

/** What a stamp that cannot be read says is nobody's business but its sender's. */
function stampOf(request: Request): string | undefined {
  if (!has(request, timestamp)) return undefined;
  try {
    return read(request, timestamp)?.stamp;
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}

/** A connection that had died before says so at once, one that dies of the message within a round trip or two. */
const LINGER_MS = 1_000;
