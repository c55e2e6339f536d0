import type { About, Flow, TransportFault } from '@strowger/sip/engine';
import { isProvedBy } from '@strowger/sip/uri';
import { addressText, transportFaultOf } from './faults.ts';
import type { Wire, WireEvents } from './wire.ts';

/** What a connection tells the transport it belongs to; never from inside `enqueue`, `flush`, `end` or `cut`. */
export interface ConnectionOwner {
  opened(connection: StreamConnection): void;
  received(connection: StreamConnection, bytes: Uint8Array): void;
  /** The other side has ended or the connection is given up: no new message may choose it. */
  retired(connection: StreamConnection): void;
  failed(about: About, fault: TransportFault): void;
  /** The last word of a connection. */
  closed(connection: StreamConnection, wasOpen: boolean, fault: TransportFault | undefined): void;
}

export interface ConnectionLimits {
  /** Bytes waiting for one peer. A peer that reads too slowly is cut. */
  readonly maxQueuedBytes: number;
  /** How long a connection may take to open. */
  readonly connectTimeoutMs: number;
  /** How long a connection that came in may take to send its first byte; 0: for ever. */
  readonly firstByteTimeoutMs: number;
  /** How long a connection without traffic in either direction is kept; 0: for ever. */
  readonly idleTimeoutMs: number;
  /** How long an ended connection may take to hand over what is queued and to see the end of the other side. */
  readonly lingerMs: number;
}

/** How a connection began: it came in, or it was made to reach a name or address, which the peer proves if it can. */
export type Origin = { readonly type: 'accepted' } | { readonly type: 'dialled'; readonly identity: string };

/**
 * One connection of a stream transport. Messages queue until `flush`, which hands them over together. What the system has
 * not taken when the connection ends fails, message by message. Most connections are silent most of the time, so what only a busy
 * one needs is made when it is needed.
 */
export class StreamConnection implements WireEvents {
  readonly flow: Flow;
  readonly #wire: Wire;
  readonly #origin: Origin;
  readonly #owner: ConnectionOwner;
  readonly #limits: ConnectionLimits;
  #state: 'connecting' | 'open' | 'ending' | 'closed' = 'connecting';
  #wasOpen = false;
  /** Why this side gave the connection up. */
  #verdict: TransportFault | undefined;
  /** What the system said about the connection. */
  #error: TransportFault | undefined;
  #pending: Uint8Array[] | undefined;
  #pendingBytes = 0;
  #pendingAbouts: About[] | undefined;
  /** One list for each write that somebody asks about and the system has not taken yet. */
  #writing: (readonly About[])[] | undefined;
  /** Of the one thing that is waited for: the opening, the first byte, the end. */
  #deadline: NodeJS.Timeout | undefined;

  constructor(wire: Wire, flow: Flow, origin: Origin, owner: ConnectionOwner, limits: ConnectionLimits) {
    this.flow = flow;
    this.#wire = wire;
    this.#origin = origin;
    this.#owner = owner;
    this.#limits = limits;
    wire.attach(this);
    if (origin.type === 'dialled') {
      this.#deadline = setTimeout(() => this.cut(this.#timeout('did not answer in time')), limits.connectTimeoutMs);
      return;
    }
    this.#open();
    if (limits.firstByteTimeoutMs > 0)
      this.#deadline = setTimeout(() => this.#idle('said nothing'), limits.firstByteTimeoutMs);
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting';
  }

  /** Bytes that the system has not taken yet. */
  get queuedBytes(): number {
    return this.#pendingBytes + this.#wire.queuedBytes;
  }

  /** True when the peer has shown a good certificate. */
  get isProved(): boolean {
    return this.#wire.peerNames !== undefined;
  }

  /** Whether it was made to reach this name, or its peer has proved the name by a certificate (RFC 5923 §8.1). */
  isFor(identity: string): boolean {
    if (this.#origin.type === 'dialled' && this.#origin.identity === identity) return true;
    const names = this.#wire.peerNames;
    return names !== undefined && isProvedBy(names, identity);
  }

  enqueue(bytes: Uint8Array, about: About): void {
    if (this.#pending === undefined) this.#pending = [bytes];
    else this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (about === 0) return;
    if (this.#pendingAbouts === undefined) this.#pendingAbouts = [about];
    else this.#pendingAbouts.push(about);
  }

  flush(): void {
    if (this.#state !== 'open' || this.#pending === undefined) return;
    const [messages, abouts] = [this.#pending, this.#pendingAbouts];
    this.#pending = undefined;
    this.#pendingBytes = 0;
    if (abouts === undefined) return this.#wire.write(messages, undefined);
    this.#pendingAbouts = undefined;
    this.#writing ??= [];
    const writing = this.#writing;
    writing.push(abouts);
    this.#wire.write(messages, () => writing.shift());
  }

  /** Ends this side after what is queued. What still comes in is not read any more. */
  end(): void {
    if (this.#state !== 'open') return;
    this.flush();
    this.#state = 'ending';
    this.#owner.retired(this);
    this.#wire.end();
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#giveUp(), this.#limits.lingerMs);
  }

  /** Ends the connection at once; what is queued fails. */
  cut(fault: TransportFault): void {
    if (this.#state === 'closed') return;
    this.#verdict ??= fault;
    this.#owner.retired(this);
    this.#wire.destroy();
  }

  opened(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    this.#open();
    this.#owner.opened(this);
    this.flush();
  }

  received(bytes: Uint8Array): void {
    if (this.#state !== 'open') return;
    if (this.#deadline !== undefined) {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
    }
    this.#owner.received(this, bytes);
  }

  ended(): void {
    this.end();
  }

  failed(error: unknown): void {
    this.#error ??= transportFaultOf(error, this.#peer());
  }

  silent(): void {
    this.#idle('was silent for too long');
  }

  closed(): void {
    clearTimeout(this.#deadline);
    const unsent = [...(this.#writing ?? []).flat(), ...(this.#pendingAbouts ?? [])];
    // A reset that answers our own end says only that the other side did not read to the end either.
    const orderly = this.#state === 'ending' && unsent.length === 0;
    const fault = this.#verdict ?? (orderly ? undefined : this.#error);
    this.#state = 'closed';
    this.#owner.retired(this);
    const gone: TransportFault = { code: 'closed', text: `${this.#peer()} closed the connection` };
    for (const about of unsent) this.#owner.failed(about, fault ?? gone);
    this.#owner.closed(this, this.#wasOpen, fault);
  }

  #open(): void {
    this.#state = 'open';
    this.#wasOpen = true;
    this.#wire.setSilence(this.#limits.idleTimeoutMs);
  }

  #idle(how: string): void {
    this.#verdict ??= this.#timeout(how);
    this.end();
  }

  #giveUp(): void {
    if (this.#wire.queuedBytes > 0) this.cut(this.#timeout('did not take the rest in time'));
    else this.#wire.destroy();
  }

  #timeout(text: string): TransportFault {
    return { code: 'timeout', text: `${this.#peer()} ${text}` };
  }

  #peer(): string {
    return addressText(this.flow.host, this.flow.port);
  }
}
