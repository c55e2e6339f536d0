import { cseq, edit, type Line, need, type Request, type Response, recordRoute, via } from '@strowger/sip/message';
import { type Instant, UsageFault } from '@strowger/sip/text';
import {
  ackFor,
  cancelFor,
  cancelKey,
  client,
  clientKey,
  createMachine,
  dueAt,
  expire,
  inviteClient,
  inviteServer,
  isTerminated,
  MAGIC_COOKIE,
  type Machine,
  type Reliability,
  replyTo,
  server,
  serverKey,
  start,
  step,
  type Timing,
} from '@strowger/sip/transaction';
import type { Heard, Peer } from './peer.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Place } from './traffic.ts';
import type { World } from './world.ts';

/** Who asked: every response that counts, and the end without one. */
export interface ClientEvents {
  onResponse(response: Response): void;
  onEnd(why: 'timeout' | 'lost'): void;
}

/** Who is asked: new requests, the ACK to a 2xx, and the CANCEL of an INVITE that has no final answer yet. */
export interface ServerEvents {
  onRequest(transaction: ServerSide): void;
  onAck(ack: Request): void;
  onCancel(transaction: ServerSide): void;
}

/** The transactions of a phone (RFC 3261 §17), made of the tables and of nothing else that a server uses. */
export class PhoneTransactions {
  readonly world: World;
  readonly peer: Peer;
  readonly timing: Timing;
  readonly random: SeededRandom;
  /** Every client transaction so far. */
  readonly asked: ClientSide[] = [];
  readonly #events: ServerEvents;
  readonly #clients = new Map<string, ClientSide>();
  readonly #servers = new Map<string, ServerSide>();
  readonly #abouts = new Map<number, ClientSide>();

  constructor(world: World, peer: Peer, timing: Timing, random: SeededRandom, events: ServerEvents) {
    this.world = world;
    this.peer = peer;
    this.timing = timing;
    this.random = random;
    this.#events = events;
    peer.onMessage = (heard) => this.#take(heard);
    peer.onFailed = (about) => this.#abouts.get(about)?.fail();
  }

  get reliability(): Reliability {
    return this.peer.local.protocol === 'udp' ? 'unreliable' : 'reliable';
  }

  /** How many transactions have not ended. */
  get open(): number {
    const clients = [...this.#clients.values()].filter((transaction) => !transaction.hasEnded);
    return clients.length + this.#servers.size;
  }

  /** Letters and digits that no phone of this world has made before. */
  token(): string {
    return this.random.uint32().toString(36) + this.random.uint32().toString(36);
  }

  /** A Via for a request of this phone, with a new branch. */
  via(): string {
    const { protocol, host, port } = this.peer.local;
    const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    return `SIP/2.0/${protocol.toUpperCase()} ${place};branch=${MAGIC_COOKIE}${this.token()};rport`;
  }

  /** Sends a request that has its Via already. An ACK to a 2xx is no transaction: `peer.send` takes it. */
  ask(request: Request, to: Place, events: ClientEvents): ClientSide {
    const transaction = new ClientSide(this, request, to, events, this.asked.length + 1);
    this.asked.push(transaction);
    this.#abouts.set(transaction.about, transaction);
    this.#clients.set(clientKey(need(request, via).branch ?? '', request.method), transaction);
    transaction.begin();
    return transaction;
  }

  forget(transaction: ServerSide): void {
    this.#servers.delete(serverKey(transaction.request));
  }

  #take(heard: Heard): void {
    if (heard.message.kind === 'request') return this.#takeRequest(heard.message, heard);
    const branch = need(heard.message, via).branch ?? '';
    this.#clients.get(clientKey(branch, need(heard.message, cseq).method))?.take(heard.message);
  }

  #takeRequest(request: Request, heard: Heard): void {
    const known = this.#servers.get(serverKey(request));
    if (request.method === 'ACK') {
      if (known === undefined || known.take('ack')) this.#events.onAck(request);
      return;
    }
    if (known !== undefined) return void known.take('request');
    const transaction = new ServerSide(this, request, heard);
    this.#servers.set(serverKey(request), transaction);
    if (request.method !== 'CANCEL') return this.#events.onRequest(transaction);
    const target = this.#servers.get(cancelKey(request));
    transaction.respond(target === undefined ? 481 : 200);
    if (target !== undefined && !target.isAnswered) this.#events.onCancel(target);
  }
}

/** One request of a phone and what came back. */
export class ClientSide {
  readonly request: Request;
  readonly to: Place;
  readonly about: number;
  /** When it began. */
  readonly at: Instant;
  /** Everything that ever came, retransmissions too. */
  readonly responses: Response[] = [];
  readonly #layer: PhoneTransactions;
  readonly #events: ClientEvents;
  readonly #machine: Machine;
  #unplan = (): void => {};
  #cancel: 'no' | 'pending' | 'sent' = 'no';
  #isGivenUp = false;

  constructor(layer: PhoneTransactions, request: Request, to: Place, events: ClientEvents, about: number) {
    this.#layer = layer;
    this.request = request;
    this.to = to;
    this.about = about;
    this.at = layer.world.now;
    this.#events = events;
    const table = request.method === 'INVITE' ? inviteClient : client;
    this.#machine = createMachine(table, layer.reliability, layer.timing);
  }

  get hasEnded(): boolean {
    return this.#isGivenUp || isTerminated(this.#machine);
  }

  begin(): void {
    const actions: string[] = [];
    start(this.#machine, this.#layer.world.now, actions);
    this.#perform(actions, undefined);
  }

  take(response: Response): void {
    this.responses.push(response);
    if (this.#isGivenUp) return;
    const isInvite = this.request.method === 'INVITE';
    const final = isInvite ? (response.status < 300 ? 'success' : 'failure') : 'final';
    this.#step(response.status < 200 ? 'provisional' : final, response);
    if (this.#cancel === 'pending' && this.#machine.state === 'proceeding') this.#sendCancel();
  }

  /** RFC 3261 §9.1: not before a provisional response has come, and not after a final one. */
  cancel(): void {
    if (this.#cancel !== 'no') return;
    if (this.#machine.state === 'proceeding') this.#sendCancel();
    else if (this.#machine.state === 'calling') this.#cancel = 'pending';
  }

  fail(): void {
    this.#step('transportError', undefined);
  }

  #step(input: string, response: Response | undefined): void {
    const actions: string[] = [];
    step(this.#machine, input, this.#layer.world.now, actions);
    this.#perform(actions, response);
  }

  #perform(actions: readonly string[], response: Response | undefined): void {
    this.#plan();
    for (const action of actions) {
      if (action === 'send' || action === 'resend') this.#send(this.request);
      else if (action === 'ack' && response !== undefined) this.#send(ackFor(this.request, response));
      else if (action === 'deliver' && response !== undefined) this.#events.onResponse(response);
      else if (action === 'timedOut' || action === 'lost')
        this.#events.onEnd(action === 'timedOut' ? 'timeout' : 'lost');
    }
  }

  #plan(): void {
    this.#unplan();
    const due = dueAt(this.#machine);
    if (due === Number.POSITIVE_INFINITY) return;
    this.#unplan = this.#layer.world.at(due, () => {
      const actions: string[] = [];
      expire(this.#machine, this.#layer.world.now, actions);
      this.#perform(actions, undefined);
    });
  }

  #send(request: Request): void {
    this.#layer.peer.send(request, this.to, 0, this.about);
  }

  #sendCancel(): void {
    this.#cancel = 'sent';
    this.#layer.ask(cancelFor(this.request), this.to, { onResponse: () => {}, onEnd: () => {} });
    this.#layer.world.after(64 * this.#layer.timing.t1, () => this.#giveUp());
  }

  /** RFC 3261 §9.1: a cancelled request without a final response is over after 64*T1. */
  #giveUp(): void {
    if (this.#machine.state !== 'proceeding') return;
    this.#isGivenUp = true;
    this.#events.onEnd('timeout');
  }
}

export interface Answering {
  readonly reason?: string;
  readonly headers?: readonly Line[];
  readonly body?: Uint8Array;
}

/** One request that a phone was asked, and what it said. */
export class ServerSide {
  /** With `received` and `rport` in its top Via. */
  readonly request: Request;
  readonly heard: Heard;
  /** What our To tag is where the request brought none. */
  readonly toTag: string;
  readonly #layer: PhoneTransactions;
  readonly #machine: Machine;
  #last: Response | undefined;
  #unplan = (): void => {};

  constructor(layer: PhoneTransactions, request: Request, heard: Heard) {
    this.#layer = layer;
    const top = need(request, via);
    const rport = top.params.has('rport') ? top.params.set('rport', String(heard.from.port)) : top.params;
    const received = top.withParams(rport.set('received', heard.from.host));
    this.request = edit(request).replaceTop(via, received).request(request.method, request.uri);
    this.heard = heard;
    this.toTag = layer.token();
    this.#machine = createMachine(request.method === 'INVITE' ? inviteServer : server, layer.reliability, layer.timing);
    start(this.#machine, layer.world.now, []);
  }

  get isAnswered(): boolean {
    return this.#last !== undefined && this.#last.status >= 200;
  }

  /** The last response; nothing before the first one. */
  get said(): Response | undefined {
    return this.#last;
  }

  /** Answers; a dialog's Record-Route is copied by itself. @throws UsageFault after a final response */
  respond(status: number, { reason = 'Because', headers = [], body }: Answering = {}): Response {
    if (this.isAnswered) throw new UsageFault(`${this.request.method} has its final answer already`);
    const response = replyTo(this.request, status, reason, {
      toTag: this.toTag,
      ...(status > 100 && status < 300 ? { copy: [recordRoute] } : {}),
      edit: (copy) => {
        for (const line of headers) copy.add(line);
        if (body !== undefined) copy.body(body);
      },
    });
    this.#last = response;
    const isInvite = this.request.method === 'INVITE';
    const final = isInvite ? (status < 300 ? 'sendSuccess' : 'sendFailure') : 'sendFinal';
    this.#step(status < 200 ? 'sendProvisional' : final);
    return response;
  }

  /** Sends the last response once more: the 2xx that nobody acknowledges (RFC 3261 §13.3.1.4). */
  repeat(): void {
    if (this.#last !== undefined) this.#send(this.#last);
  }

  /** True when an ACK is not for this transaction, but for the 2xx that it was answered with. */
  take(input: 'request' | 'ack'): boolean {
    return this.#step(input).includes('deliverAck');
  }

  #step(input: string): readonly string[] {
    const actions: string[] = [];
    step(this.#machine, input, this.#layer.world.now, actions);
    this.#perform(actions);
    return actions;
  }

  #perform(actions: readonly string[]): void {
    for (const action of actions)
      if (this.#last !== undefined && (action === 'reply' || action === 'resend')) this.#send(this.#last);
    this.#unplan();
    if (isTerminated(this.#machine)) return this.#layer.forget(this);
    const due = dueAt(this.#machine);
    if (due === Number.POSITIVE_INFINITY) return;
    this.#unplan = this.#layer.world.at(due, () => {
      const out: string[] = [];
      expire(this.#machine, this.#layer.world.now, out);
      this.#perform(out);
    });
  }

  /** RFC 3261 §18.2.2, RFC 3581 §4: on the connection; else to the source, at the port that the Via wants. */
  #send(response: Response): void {
    const top = need(this.request, via);
    const { from, connection } = this.heard;
    const port = connection !== 0 || top.params.has('rport') ? from.port : (top.port ?? 5060);
    this.#layer.peer.send(response, { host: from.host, port }, connection);
  }
}
