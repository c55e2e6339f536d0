import { edit } from '../message/edit.ts';
import { cseq, to, type Via, via } from '../message/headers/index.ts';
import { LIMITS, type Limits } from '../message/limits.ts';
import type { Message, Request, Response } from '../message/message.ts';
import { need } from '../message/read.ts';
import { type Malformed, parse } from '../message/wire.ts';
import type { Handler } from '../routing/index.ts';
import { RemoteFault } from '../text/faults.ts';
import { cancelKey, clientKey, serverKey } from '../transaction/keys.ts';
import { type ClientOwner, ClientTransaction } from './client-transaction.ts';
import { Core, type CoreOptions, flowOf } from './core.ts';
import { Deciding } from './deciding.ts';
import type { EngineEvent, EngineListener } from './events.ts';
import { addressed } from './forward.ts';
import { inspect } from './inspect.ts';
import { ENGINE_LIMITS } from './limits.ts';
import type { Datagram, Flow, Transport, TransportFault, TransportListener } from './ports.ts';
import { responseRouteOf, withReceived } from './response-route.ts';
import { ServerTransaction } from './server-transaction.ts';
import type { Destination, ServerSlot } from './slot.ts';
import { forwardResponse, replyStateless } from './stateless.ts';
import { Streams } from './streams.ts';

export interface EngineOptions extends CoreOptions {
  readonly handler: Handler;
  readonly limits?: Limits;
  /** What happens to a CANCEL that matches no transaction: a stateless proxy sends it after its INVITE (RFC 3261 §16.10, §16.11). */
  readonly unmatchedCancel: 'answer' | 'handle';
}

/**
 * Drives the machines: bytes, time and answers go in, bytes and questions come out. One engine serves any number of
 * transports. Nothing in it waits.
 */
export class Engine implements TransportListener {
  readonly core: Core;
  readonly #options: EngineOptions;
  readonly #limits: Limits;
  readonly #streams: Streams;
  readonly #deciding: Deciding;
  #closing: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
    this.core = new Core(options);
    this.core.onSettled = () => this.#settle();
    this.#deciding = new Deciding(this.core, options.handler);
    this.#streams = new Streams(this.core, this.#limits, (transport, flow) => {
      this.#hangUp(transport, flow, 'message that did not come whole in time');
    });
  }

  /** Takes a transport that was opened with this engine as its listener. */
  attach(transport: Transport): void {
    this.core.transports.add(transport);
  }

  /** Lets a listener see the events of these types, all of them without a list, until the returned function is called. */
  observe(listener: EngineListener, types?: readonly EngineEvent['type'][]): () => void {
    return this.core.events.observe(listener, types);
  }

  /** Sends a request of our own; its outcome goes to `owner`. The request needs every header but Via. */
  request(request: Request, destination: Destination, owner: ClientOwner): ClientTransaction {
    this.core.now = this.core.clock.now();
    const branch = this.core.tokens.branch('u');
    const transaction = new ClientTransaction(
      this.core,
      owner,
      addressed(this.core, request, destination, branch, undefined),
      branch,
      destination,
    );
    this.core.startClient(transaction);
    this.#settle();
    return transaction;
  }

  /** Answers nothing new with anything but 503 and waits until the transactions have ended, at most `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.#deciding.close();
    const until = this.core.clock.now() + graceMs;
    await new Promise<void>((resolve) => {
      this.#closing = () => {
        if (this.core.servers.size === 0 || this.core.clock.now() >= until || this.#deciding.isIdle) resolve();
        else this.core.clock.wakeAt(Math.min(until, this.core.clock.now() + 50), () => this.#wake());
      };
      this.#closing();
    });
    this.#closing = undefined;
    this.core.clock.sleep();
  }

  onDatagrams(transport: Transport, items: readonly Datagram[], count: number): void {
    this.core.now = this.core.clock.now();
    for (let i = 0; i < count; i += 1) {
      const item = items[i];
      if (item === undefined) continue;
      const bytes = transport.reusesBuffers ? new Uint8Array(item.bytes) : item.bytes;
      if (!isKeepAlive(bytes)) this.#receive(transport, bytes, item.host, item.port, 0);
    }
    this.#settle();
  }

  onData(transport: Transport, flow: Flow, bytes: Uint8Array): void {
    this.core.now = this.core.clock.now();
    this.#guarded(() => this.#takeStream(transport, flow, bytes));
    this.#settle();
  }

  onConnected(): void {
    // The first bytes make the stream.
  }

  onClosed(transport: Transport, flow: Flow): void {
    this.#streams.closed(transport, flow.connection);
  }

  onFailed(_transport: Transport, about: number, fault: TransportFault): void {
    this.core.now = this.core.clock.now();
    this.#guarded(() => this.core.sendFailed(about, fault));
    this.#settle();
  }

  #takeStream(transport: Transport, flow: Flow, bytes: Uint8Array): void {
    const { messages, pings, fault } = this.#streams.push(transport, flow, bytes);
    for (let i = 0; i < pings; i += 1) transport.send(PONG, flow.host, flow.port, flow.connection, 0);
    for (const message of messages) this.#receive(transport, message, flow.host, flow.port, flow.connection);
    if (fault !== undefined) this.#hangUp(transport, flow, fault);
  }

  /** Nobody above would catch what is thrown here: it is told, and the next input comes. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.core.events.emit({ type: 'fault', where: 'engine', error });
    }
  }

  #wake(): void {
    this.core.resume(() => this.core.wheel.advance(this.core.now));
  }

  /** The end of every input: what was queued leaves, and the alarm is set for what is due next. */
  #settle(): void {
    this.#guarded(() => this.core.transports.flush());
    this.#guarded(() => this.#arm());
  }

  #arm(): void {
    if (this.#closing !== undefined) return this.#closing();
    const at = this.core.wheel.nextAt();
    if (at === this.#alarmAt && at > this.core.now) return;
    this.#alarmAt = at;
    if (at === Number.POSITIVE_INFINITY) this.core.clock.sleep();
    else this.core.clock.wakeAt(at, () => this.#wakeFromAlarm());
  }

  #alarmAt = Number.POSITIVE_INFINITY;

  #wakeFromAlarm(): void {
    this.#alarmAt = Number.POSITIVE_INFINITY;
    this.#wake();
  }

  #receive(transport: Transport, bytes: Uint8Array, host: string, port: number, connection: number): void {
    try {
      this.#take(transport, bytes, host, port, connection);
    } catch (error) {
      this.core.events.emit({ type: 'fault', where: 'engine', error });
    }
  }

  #take(transport: Transport, bytes: Uint8Array, host: string, port: number, connection: number): void {
    const flow = flowOf(transport, host, port, connection);
    const parsed = parse(bytes, this.core.text, this.#limits);
    try {
      if (parsed.kind === 'malformed') return this.#malformed(parsed, transport, flow, bytes.length);
      if (this.core.events.wants('message.received'))
        this.core.events.emit({ type: 'message.received', message: parsed, flow });
      if (parsed.kind === 'request') this.#request(parsed, transport, flow);
      else this.#response(parsed, transport, flow);
    } catch (fault) {
      if (!(fault instanceof RemoteFault)) throw fault;
      const message = parsed.kind === 'malformed' ? parsed.message : parsed;
      this.#refuse(message, fault.status, fault.reason, transport, flow, fault.message);
    }
  }

  #request(received: Request, transport: Transport, flow: Flow): void {
    inspect(received);
    const top = need(received, via);
    const fixed = withReceived(top, flow.host, flow.port);
    const request =
      fixed === top ? received : edit(received).replaceTop(via, fixed).request(received.method, received.uri);
    const key = serverKey(request);
    const known = this.core.servers.get(key);
    const route = responseRouteOf(fixed, transport, flow);
    if (known !== undefined) {
      if (known.receive(request.method)) this.#deciding.withoutTransaction(request, route, flow);
      return;
    }
    if (request.method === 'ACK') {
      if (!this.#isForOnceAnswered(request, fixed)) this.#deciding.withoutTransaction(request, route, flow);
      return;
    }
    if (request.method === 'CANCEL') {
      const target = this.core.servers.get(cancelKey(request));
      if (target === undefined && this.#options.unmatchedCancel === 'handle')
        return this.#deciding.withoutTransaction(request, route, flow);
      if (target === undefined) throw new RemoteFault(481, 'Call/Transaction Does Not Exist');
      return this.#cancel(key, request, target, route);
    }
    if (this.core.servers.size >= ENGINE_LIMITS.serverTransactions) throw new RemoteFault(503, 'Too Many Transactions');
    const transaction = new ServerTransaction(this.core, key, request, route);
    this.core.startServer(transaction);
    this.#deciding.decide(transaction, request, flow);
  }

  /** The ACK to an answer that was given without keeping anything: its To tag says so. */
  #isForOnceAnswered(ack: Request, top: Via): boolean {
    return need(ack, to).tag === this.core.tokens.statelessTag(top.branch ?? '');
  }

  /** RFC 3261 §9.2: a CANCEL is answered for itself; the INVITE gets its own answer. */
  #cancel(key: string, request: Request, target: ServerSlot, route: ReturnType<typeof responseRouteOf>): void {
    const transaction = new ServerTransaction(this.core, key, request, route);
    this.core.startServer(transaction);
    this.#deciding.reply(transaction, 200, undefined, []);
    if (!target.isAnswered) target.owner?.onCancel();
  }

  #response(response: Response, transport: Transport, flow: Flow): void {
    inspect(response);
    const branch = need(response, via).branch;
    const client =
      branch === undefined ? undefined : this.core.clients.get(clientKey(branch, need(response, cseq).method));
    if (client !== undefined) return client.receive(response);
    // RFC 6026 §8.2: a proxy that keeps state passes on nothing that it did not ask for.
    const isPassed = this.#options.unmatchedCancel === 'handle' && forwardResponse(this.core, response, transport);
    if (!isPassed) this.#dropped('response without a transaction', flow);
  }

  #malformed(malformed: Malformed, transport: Transport, flow: Flow, bytes: number): void {
    const answered = this.#refuse(malformed.message, malformed.status, malformed.reason, transport, flow, undefined);
    if (this.core.events.wants('message.malformed'))
      this.core.events.emit({
        type: 'message.malformed',
        reason: malformed.reason,
        position: malformed.position,
        bytes,
        flow,
        answered,
      });
  }

  /** Answers a request that cannot be handled, when it says enough to be answered; anything else is dropped and counted. */
  #refuse(
    message: Message | undefined,
    status: number,
    reason: string,
    transport: Transport,
    flow: Flow,
    why: string | undefined,
  ): number {
    const answered =
      message?.kind === 'request' &&
      message.method !== 'ACK' &&
      replyStateless(this.core, message, status, reason, transport, flow)
        ? status
        : 0;
    if (why !== undefined && this.core.events.wants('message.malformed'))
      this.core.events.emit({ type: 'message.malformed', reason, position: 0, bytes: 0, flow, answered });
    return answered;
  }

  /** Nothing that comes on this connection can be understood any more (RFC 3261 §18.3). */
  #hangUp(transport: Transport, flow: Flow, reason: string): void {
    this.#dropped(reason, flowOf(transport, flow.host, flow.port, flow.connection));
    transport.flush();
    transport.disconnect(flow.connection);
  }

  #dropped(reason: string, flow: Flow): void {
    if (this.core.events.wants('message.dropped')) this.core.events.emit({ type: 'message.dropped', reason, flow });
  }
}

/** RFC 5626 §4.4: CRLF keep-alives on datagrams, and the four zero bytes of some phones. */
function isKeepAlive(bytes: Uint8Array): boolean {
  if (bytes.length > 4) return false;
  for (const byte of bytes) if (byte !== 13 && byte !== 10 && byte !== 0) return false;
  return true;
}

const PONG = new Uint8Array([13, 10]);
