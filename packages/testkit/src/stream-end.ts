import type { About, Flow, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';
import type { Network } from './network.ts';
import type { NetworkHost } from './network-host.ts';
import type { SeededRandom } from './seeded-random.ts';
import { cutStream } from './stream-cuts.ts';
import { type StreamMessage, StreamQueue, type StreamSegment } from './stream-queue.ts';
import type { StreamSettings } from './stream-settings.ts';
import { StreamWay } from './stream-way.ts';
import type { Place } from './traffic.ts';

/** A host where connections may come in. */
export interface StreamHost extends NetworkHost {
  /** Who takes the connections to an address; undefined: nobody. */
  tcpAt(place: Place): StreamTaker | undefined;
}

export interface StreamTaker {
  /** A connection comes in; undefined where there is no room. */
  accept(peer: Place): StreamEnd | undefined;
}

/** What an end knows of the transport that it belongs to. */
export interface StreamOwner extends Transport {
  readonly listener: TransportListener;
  readonly network: Network<StreamHost>;
  readonly host: NetworkHost;
  readonly settings: StreamSettings;
  /** Nobody listens any more. */
  readonly isVanished: boolean;
  /** No new message may choose this connection. */
  retire(end: StreamEnd): void;
  forget(end: StreamEnd): void;
}

/**
 * One end of a virtual connection. Segments arrive in order, cut anywhere; where the path is gone or the peer does not
 * read, they are held and count as queued.
 */
export class StreamEnd {
  readonly flow: Flow;
  readonly #place: Place;
  readonly #way: StreamWay;
  readonly #transport: StreamOwner;
  #peer: StreamEnd | undefined;
  #state: 'connecting' | 'open' | 'ending' | 'closed' = 'connecting';
  #wasOpen = false;
  #peerHasEnded = false;
  readonly #queue = new StreamQueue();
  #verdict: TransportFault | undefined;
  /** Where what arrives is cut. */
  readonly #random: SeededRandom;
  #stopWaiting: () => void = () => {};
  #stopStalling: (() => void) | undefined;

  constructor(transport: StreamOwner, flow: Flow, place: Place) {
    this.#transport = transport;
    this.flow = flow;
    this.#place = place;
    this.#way = new StreamWay(transport.network, flow, place);
    this.#random = transport.network.random(`cuts of connection ${flow.connection}`);
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting';
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** Asks the other host for a connection; an answer takes the way there and back. */
  connect(): void {
    const { network, settings } = this.#transport;
    this.#stopWaiting = network.timeline.after(settings.connectTimeoutMs, () =>
      this.#finish(this.#fault('timeout', 'did not answer in time')),
    );
    this.#way.travel(() => this.#knock());
  }

  enqueue(bytes: Uint8Array, about: About): void {
    this.#queue.enqueue(bytes, about);
  }

  flush(): void {
    if (this.#state !== 'open') return;
    const messages = this.#queue.flushed((bytes) => this.#way.record(bytes));
    if (messages.length > 0) this.#put(messages);
  }

  /** Ends this side after what is queued. What still comes in is not read any more. */
  end(): void {
    if (this.#state !== 'open') return;
    this.flush();
    this.#state = 'ending';
    this.#transport.retire(this);
    const { network, settings } = this.#transport;
    this.#stopWaiting = network.timeline.after(settings.lingerMs, () => this.#giveUp());
    this.#put('end');
  }

  /** Ends the connection at once; what is queued fails, and the peer sees a reset. */
  cut(fault: TransportFault): void {
    if (this.#state === 'closed' || this.#verdict) return;
    this.#verdict = fault;
    this.#transport.retire(this);
    this.#resetPeer();
    this.finishSoon(fault);
  }

  finishSoon(fault: TransportFault): void {
    this.#transport.network.timeline.after(0, () => this.#finish(fault));
  }

  /** The host of this end is gone. */
  vanish(how: 'process' | 'power'): void {
    if (how === 'process' && this.#state !== 'closed') this.#resetPeer();
    this.#state = 'closed';
    this.#stopWaiting();
    this.#stopStalling?.();
  }

  /** Sends what was held, if it can travel again. */
  release(): void {
    if (!this.#queue.isHolding || this.#isBlocked()) return;
    this.#stopStalling?.();
    this.#stopStalling = undefined;
    for (const segment of this.#queue.released()) this.#transmit(segment);
  }

  /** The request for a connection has arrived at the other host. */
  #knock(): void {
    const { network } = this.#transport;
    const host = network.hostAt(this.flow.host);
    if (host === undefined || !host.isUp) return;
    const listening = host.tcpAt({ host: this.flow.host, port: this.flow.port });
    const peer = listening?.accept(this.#place);
    if (peer === undefined) {
      const fault = listening
        ? this.#fault('reset', 'has too many connections')
        : this.#fault('refused', 'refused the connection');
      this.#way.travelBack(() => this.#finish(fault));
      return;
    }
    peer.#peer = this;
    this.#peer = peer;
    host.receive(() => peer.#open());
    const answeredAt = this.#way.travelBack(() => (this.#state === 'connecting' ? this.#open() : peer.#resetBy(this)));
    peer.#way.holdUntil(answeredAt);
  }

  #open(): void {
    if (this.#state !== 'connecting' || this.#verdict) return;
    this.#stopWaiting();
    this.#state = 'open';
    this.#wasOpen = true;
    this.#note('is connected to');
    this.#transport.listener.onConnected(this.#transport, this.flow);
    this.flush();
  }

  #put(segment: StreamSegment): void {
    if (!this.#isBlocked() && !this.#queue.isHolding) {
      this.#transmit(segment);
      return;
    }
    this.#queue.hold(segment);
    // A peer that only does not read keeps its connection: nothing but a full queue ends that wait.
    if (this.#stopStalling || this.#peerHost()?.isPaused) return;
    const { network, settings } = this.#transport;
    this.#stopStalling = network.timeline.after(settings.stallTimeoutMs, () =>
      this.#finish(this.#fault('timeout', 'is gone')),
    );
  }

  #transmit(segment: StreamSegment): void {
    this.#queue.left(segment);
    this.#way.carry(() => this.#arrive(segment));
    if (segment === 'end') this.#finishIfDone();
  }

  /** A segment of this end has reached the other one. */
  #arrive(segment: StreamSegment): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    if (peer.#state === 'closed') {
      this.#arriveInVain(segment);
      return;
    }
    peer.#transport.host.receive(() => (segment === 'end' ? peer.#takeEnd() : peer.#take(segment)));
  }

  /** Nobody knows the connection there: a machine that lives says so, and to one without power it is sent again. */
  #arriveInVain(segment: StreamSegment): void {
    if (segment === 'end') return;
    if (this.#peerHost()?.isUp) {
      for (const { record } of segment) Object.assign(record ?? {}, { copies: 0, loss: 'nobody there' });
      this.#way.travelBack(() => this.#finish(this.#fault('reset', 'reset the connection')));
    } else if (this.#state !== 'closed') {
      this.#queue.cameBack(segment);
      this.#put(segment);
    }
  }

  #take(messages: readonly StreamMessage[]): void {
    const { settings, listener } = this.#transport;
    for (const piece of cutStream(
      messages.map(({ bytes }) => bytes),
      settings.cuts,
      this.#random,
    )) {
      if (this.#state !== 'open') return;
      listener.onData(this.#transport, this.flow, piece);
    }
  }

  #takeEnd(): void {
    this.#peerHasEnded = true;
    this.end();
    this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (this.#peerHasEnded && this.#state === 'ending' && !this.#queue.isHolding) this.#finish(undefined);
  }

  #giveUp(): void {
    this.#finish(this.#queue.isHoldingMessages ? this.#fault('timeout', 'did not take the rest in time') : undefined);
  }

  #finish(fault: TransportFault | undefined): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopWaiting();
    this.#stopStalling?.();
    const { listener, isVanished } = this.#transport;
    const unsent = this.#queue.unsent();
    this.#note(
      fault
        ? `${this.#wasOpen ? 'lost its connection' : 'could not connect'} (${fault.code}) to`
        : 'has ended its connection to',
    );
    for (const { bytes, record } of unsent)
      Object.assign(record ?? this.#way.record(bytes), { copies: 0, loss: 'cut' });
    for (const { about } of unsent) {
      if (about !== 0 && !isVanished)
        listener.onFailed(this.#transport, about, fault ?? this.#fault('closed', 'closed the connection'));
    }
    if (this.#wasOpen && !isVanished) listener.onClosed(this.#transport, this.flow, fault);
    this.#transport.forget(this);
  }

  #isBlocked(): boolean {
    const host = this.#peerHost();
    return this.#way.isPartitioned || host === undefined || !host.isUp || host.isPaused;
  }

  #peerHost(): NetworkHost | undefined {
    return this.#peer === undefined ? undefined : this.#peer.#transport.host;
  }

  #resetPeer(): void {
    const peer = this.#peer;
    if (peer) this.#way.travel(() => peer.#resetBy(this));
  }

  #resetBy(other: StreamEnd): void {
    if (this.#peer === other) this.#finish(this.#fault('reset', 'reset the connection'));
  }

  #note(what: string): void {
    const { network, host } = this.#transport;
    network.note(`${host.name} ${what} ${network.nameOf(this.flow.host)}, connection ${this.flow.connection}`);
  }

  #fault(code: TransportFault['code'], text: string): TransportFault {
    return { code, text: `${this.flow.host}:${this.flow.port} ${text}` };
  }
}
