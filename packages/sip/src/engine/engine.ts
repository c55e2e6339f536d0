import { LIMITS, type Limits } from '../message/limits.ts';
import type { Request } from '../message/message.ts';
import type { Handler } from '../routing/index.ts';
import { type ClientOwner, ClientTransaction } from './client-transaction.ts';
import { Core, type CoreOptions, flowOf } from './core.ts';
import { Deciding } from './deciding.ts';
import type { EngineEvent, EngineListener } from './events.ts';
import { addressed } from './forward.ts';
import type { Gate, Relief } from './gate.ts';
import { isKeepAlive, PONG } from './keep-alive.ts';
import type { About, Datagram, Flow, Transport, TransportFault, TransportListener } from './ports.ts';
import { Receiving } from './receiving.ts';
import type { Destination } from './slot.ts';
import { Streams } from './streams.ts';

export interface EngineOptions extends CoreOptions {
  readonly handler: Handler;
  readonly limits?: Limits;
  /** Whom to take messages from; everybody when missing. */
  readonly gate?: Gate;
  /** Which new requests are too much; none when missing. */
  readonly relief?: Relief;
  /** What happens to a CANCEL that matches no transaction: a stateless proxy sends it after its INVITE (RFC 3261 §16.10, §16.11). */
  readonly unmatchedCancel: 'answer' | 'handle';
  /** The answer to a datagram that begins as STUN does and no SIP can (RFC 5626 §8); without it all of those are dropped. */
  readonly foreign?: (
    bytes: Uint8Array,
    from: { readonly host: string; readonly port: number },
  ) => Uint8Array | undefined;
  /** Told that a connection has ended. */
  readonly onFlowClosed?: (flow: Flow) => void;
}

/**
 * Drives the machines: bytes, time and answers go in, bytes and questions come out. One engine serves any number of
 * transports. Nothing in it waits.
 */
export class Engine implements TransportListener {
  readonly core: Core;
  readonly #options: EngineOptions;
  readonly #streams: Streams;
  readonly #deciding: Deciding;
  readonly #receiving: Receiving;
  #closing: (() => void) | undefined;
  /** What the clock was last asked for. */
  #alarmAt = Number.POSITIVE_INFINITY;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.core = new Core(options);
    this.core.onSettled = () => this.#settle();
    const { limits = LIMITS, relief, unmatchedCancel } = options;
    this.#deciding = new Deciding(this.core, options.handler, unmatchedCancel === 'answer' ? 'kept' : 'none');
    this.#receiving = new Receiving(this.core, this.#deciding, { limits, relief, unmatchedCancel });
    this.#streams = new Streams(this.core, limits, (transport, flow) => {
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
    const gate = this.#options.gate;
    for (let i = 0; i < count; i += 1) {
      const item = items[i];
      if (item === undefined) continue;
      if (gate !== undefined && !gate.admits(item.host, item.bytes, this.core.now)) continue;
      if (item.bytes.length > 4 && (item.bytes[0] as number) < FIRST_OF_SIP) {
        this.#guarded(() => this.#answerForeign(transport, item));
        continue;
      }
      const bytes = transport.reusesBuffers ? new Uint8Array(item.bytes) : item.bytes;
      if (!isKeepAlive(bytes)) this.#receiving.receive(transport, bytes, item.host, item.port, 0);
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
    this.#guarded(() => this.#options.onFlowClosed?.(flow));
  }

  admits(_transport: Transport, host: string): boolean {
    return this.#options.gate?.admitsConnection(host, this.core.clock.now()) !== false;
  }

  onRefused(transport: Transport, host: string, port: number, fault: TransportFault): void {
    this.core.emitFault(fault, { transport, host, port, connection: 0 });
  }

  onFailed(_transport: Transport, about: About, fault: TransportFault): void {
    this.core.now = this.core.clock.now();
    this.#guarded(() => this.core.sendFailed(about, fault));
    this.#settle();
  }

  /** The source may be forged, so what is no question of STUN gets no answer at all. */
  #answerForeign(transport: Transport, { bytes, host, port }: Datagram): void {
    const answer = this.#options.foreign?.(bytes, { host, port });
    if (answer !== undefined) transport.send(answer, host, port, 0, 0);
    else this.core.emitDropped('datagram that is no SIP', flowOf(transport, host, port, 0));
  }

  #takeStream(transport: Transport, flow: Flow, bytes: Uint8Array): void {
    const gate = this.#options.gate;
    if (gate?.admitsConnection(flow.host, this.core.now) === false) return transport.disconnect(flow.connection);
    const { messages, pings, fault } = this.#streams.push(transport, flow, bytes);
    for (let i = 0; i < pings; i += 1) transport.send(PONG, flow.host, flow.port, flow.connection, 0);
    for (const message of messages)
      if (gate?.admits(flow.host, message, this.core.now) !== false)
        this.#receiving.receive(transport, message, flow.host, flow.port, flow.connection);
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
    // One that comes too early is no harm: most deadlines are taken back before they are due, and an alarm is dear.
    if (at !== Number.POSITIVE_INFINITY && this.#alarmAt <= at && this.#alarmAt > this.core.now) return;
    this.#alarmAt = at;
    if (at === Number.POSITIVE_INFINITY) this.core.clock.sleep();
    else this.core.clock.wakeAt(at, () => this.#wakeFromAlarm());
  }

  #wakeFromAlarm(): void {
    this.#alarmAt = Number.POSITIVE_INFINITY;
    this.#wake();
  }

  /** Nothing that comes on this connection can be understood any more (RFC 3261 §18.3). */
  #hangUp(transport: Transport, flow: Flow, reason: string): void {
    this.core.emitDropped(reason, flowOf(transport, flow.host, flow.port, flow.connection));
    transport.flush();
    transport.disconnect(flow.connection);
  }
}

/** RFC 5626 §8: STUN messages begin with 0 or 1, no SIP message does. */
const FIRST_OF_SIP = 2;
