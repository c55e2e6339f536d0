import type { About } from '@strowger/sip/engine';
import { cseq, need, type Request, via } from '@strowger/sip/message';
import {
  cancelKey,
  clientKey,
  MAGIC_COOKIE,
  type Reliability,
  serverKey,
  type Timing,
} from '@strowger/sip/transaction';
import { type ClientEvents, ClientSide } from './client-side.ts';
import type { Heard, Peer } from './peer.ts';
import type { SeededRandom } from './seeded-random.ts';
import { ServerSide } from './server-side.ts';
import type { Place } from './traffic.ts';
import type { TransactionSite } from './transaction-site.ts';
import type { World } from './world.ts';

/** Who is asked: new requests, the ACK to a 2xx, and the CANCEL of an INVITE that has no final answer yet. */
export interface ServerEvents {
  onRequest(transaction: ServerSide): void;
  onAck(ack: Request): void;
  onCancel(transaction: ServerSide): void;
}

/** The transactions of a phone (RFC 3261 §17), made of the tables and of nothing else that a server uses. */
export class PhoneTransactions implements TransactionSite {
  readonly world: World;
  readonly peer: Peer;
  readonly timing: Timing;
  readonly random: SeededRandom;
  /** Every client transaction so far. */
  readonly asked: ClientSide[] = [];
  readonly #events: ServerEvents;
  readonly #clients = new Map<string, ClientSide>();
  readonly #servers = new Map<string, ServerSide>();
  readonly #abouts = new Map<About, ClientSide>();

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

  askAside(request: Request, to: Place): void {
    this.ask(request, to, { onResponse: () => {}, onEnd: () => {} });
  }

  forget(request: Request): void {
    this.#servers.delete(serverKey(request));
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
