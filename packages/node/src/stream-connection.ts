import type { Socket } from 'node:net';
import type { Flow, TransportFault } from '@strowger/sip/engine';
import { addressText, transportFaultOf } from './faults.ts';

/** What a connection tells the transport it belongs to; never from inside `enqueue`, `flush`, `end` or `cut`. */
export interface ConnectionOwner {
  opened(connection: StreamConnection): void;
  received(connection: StreamConnection, bytes: Uint8Array): void;
  /** The other side has ended or the connection is given up: no new message may choose it. */
  retired(connection: StreamConnection): void;
  failed(about: number, fault: TransportFault): void;
  /** The last word of a connection. */
  closed(connection: StreamConnection, wasOpen: boolean, fault: TransportFault | undefined): void;
}

export interface ConnectionLimits {
  /** Bytes waiting for one peer. A peer that reads too slowly is cut. */
  readonly maxQueuedBytes: number;
  /** How long a connection may take to open. */
  readonly connectTimeoutMs: number;
  /** How long a connection that came in may take to send its first byte. */
  readonly firstByteTimeoutMs: number;
  /** How long a connection without traffic in either direction is kept; 0: for ever. */
  readonly idleTimeoutMs: number;
  /** How long an ended connection may take to hand over what is queued and to see the end of the other side. */
  readonly lingerMs: number;
}

/**
 * One connection of a stream transport. Messages queue until `flush`, which joins them into one write: three times cheaper
 * than a write a message. What the system has not taken when the connection ends fails, message by message.
 */
export class StreamConnection {
  readonly flow: Flow;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #limits: ConnectionLimits;
  #state: 'connecting' | 'open' | 'ending' | 'closed' = 'connecting';
  #wasOpen = false;
  /** Why this side gave the connection up. */
  #verdict: TransportFault | undefined;
  /** What the system said about the socket. */
  #error: TransportFault | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #pendingAbouts: number[] = [];
  /** One list for each write that somebody asks about and the system has not taken yet. */
  readonly #writing: (readonly number[])[] = [];
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: Socket, flow: Flow, opensWith: OpeningEvent, owner: ConnectionOwner, limits: ConnectionLimits) {
    this.flow = flow;
    this.#socket = socket;
    this.#owner = owner;
    this.#limits = limits;
    socket.on('data', (bytes: Uint8Array) => {
      if (this.#state === 'open') owner.received(this, bytes);
    });
    socket.on('end', () => this.end());
    socket.on('error', (error) => {
      this.#error ??= transportFaultOf(error, this.#peer());
    });
    socket.on('timeout', () => this.#idle());
    socket.on('close', () => this.#closed());
    if (opensWith === 'accepted') {
      this.#open();
      socket.setTimeout(limits.firstByteTimeoutMs);
      socket.once('data', () => socket.setTimeout(limits.idleTimeoutMs));
    } else {
      socket.once(opensWith, () => this.#opened());
      this.#deadline = setTimeout(() => this.cut(this.#timeout('did not answer in time')), limits.connectTimeoutMs);
    }
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting';
  }

  /** Bytes that the system has not taken yet. */
  get queuedBytes(): number {
    return this.#pendingBytes + this.#socket.writableLength;
  }

  enqueue(bytes: Uint8Array, about: number): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (about !== 0) this.#pendingAbouts.push(about);
  }

  flush(): void {
    if (this.#state !== 'open' || this.#pending.length === 0) return;
    const [first] = this.#pending;
    const joined = this.#pending.length === 1 && first ? first : Buffer.concat(this.#pending, this.#pendingBytes);
    const abouts = this.#pendingAbouts;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (abouts.length === 0) {
      this.#socket.write(joined);
      return;
    }
    this.#pendingAbouts = [];
    this.#writing.push(abouts);
    this.#socket.write(joined, (error) => {
      if (!error) this.#writing.shift();
    });
  }

  /** Ends this side after what is queued. What still comes in is not read any more. */
  end(): void {
    if (this.#state !== 'open') return;
    this.flush();
    this.#state = 'ending';
    this.#owner.retired(this);
    this.#socket.end();
    this.#deadline = setTimeout(() => this.#giveUp(), this.#limits.lingerMs);
  }

  /** Ends the connection at once; what is queued fails. */
  cut(fault: TransportFault): void {
    if (this.#state === 'closed') return;
    this.#verdict ??= fault;
    this.#owner.retired(this);
    this.#socket.destroy();
  }

  #open(): void {
    this.#state = 'open';
    this.#wasOpen = true;
    this.#socket.setTimeout(this.#limits.idleTimeoutMs);
  }

  #opened(): void {
    clearTimeout(this.#deadline);
    this.#open();
    this.#owner.opened(this);
    this.flush();
  }

  #idle(): void {
    this.#verdict ??= this.#timeout('was silent for too long');
    this.end();
  }

  #giveUp(): void {
    if (this.#socket.writableLength > 0) this.cut(this.#timeout('did not take the rest in time'));
    else this.#socket.destroy();
  }

  #closed(): void {
    clearTimeout(this.#deadline);
    const unsent = [...this.#writing.flat(), ...this.#pendingAbouts];
    // A reset that answers our own end says only that the other side did not read to the end either.
    const orderly = this.#state === 'ending' && unsent.length === 0;
    const fault = this.#verdict ?? (orderly ? undefined : this.#error);
    this.#state = 'closed';
    this.#owner.retired(this);
    const gone: TransportFault = { code: 'closed', text: `${this.#peer()} closed the connection` };
    for (const about of unsent) this.#owner.failed(about, fault ?? gone);
    this.#owner.closed(this, this.#wasOpen, fault);
  }

  #timeout(text: string): TransportFault {
    return { code: 'timeout', text: `${this.#peer()} ${text}` };
  }

  #peer(): string {
    return addressText(this.flow.host, this.flow.port);
  }
}

/** The socket's event that says it can be written to, or that it came in ready. */
export type OpeningEvent = 'accepted' | 'connect' | 'secureConnect';
