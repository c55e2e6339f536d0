import type { Socket } from 'node:net';
import type { CertificateNames } from '@strowger/sip/uri';

/** What a wire tells the connection that runs over it. */
export interface WireEvents {
  opened(): void;
  /** A stretch of a stream, or one whole message where the wire keeps messages apart. */
  received(bytes: Uint8Array): void;
  /** The other side will send nothing more. */
  ended(): void;
  /** What the system said; `closed` follows. */
  failed(error: unknown): void;
  /** Nothing passed in either direction for the time that was asked for. */
  silent(): void;
  closed(): void;
}

/** What carries the messages of one connection: a TCP socket, TLS over one, or a WebSocket over either. */
export interface Wire {
  /** Bytes that the system has not taken yet. */
  readonly queuedBytes: number;
  /** What the peer's certificate says, where it was asked for one, had one, and the one was good. */
  readonly peerNames: CertificateNames | undefined;
  /** Called once. A wire that came in is open already and never says so. */
  attach(events: WireEvents): void;
  /** `taken` is called once the system has all of it; never after a failure. */
  write(messages: readonly Uint8Array[], taken: (() => void) | undefined): void;
  /** Ends this side after what was written. */
  end(): void;
  /** Ends both sides at once. */
  destroy(): void;
  /** 0: for ever. */
  setSilence(ms: number): void;
}

/** The socket's event that says it can be written to, or that it came in ready. */
export type OpeningEvent = 'accepted' | 'connect' | 'secureConnect';

/** A socket as it is: messages one behind the other, joined into one write, which is three times cheaper than a write a message. */
export class SocketWire implements Wire {
  readonly #socket: Socket;
  readonly #opensWith: OpeningEvent;
  readonly #namesOf: (() => CertificateNames | undefined) | undefined;

  constructor(socket: Socket, opensWith: OpeningEvent, namesOf?: () => CertificateNames | undefined) {
    this.#socket = socket;
    this.#opensWith = opensWith;
    this.#namesOf = namesOf;
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  get peerNames(): CertificateNames | undefined {
    return this.#namesOf?.();
  }

  attach(events: WireEvents): void {
    const socket = this.#socket;
    socket.on('data', (bytes: Uint8Array) => events.received(bytes));
    socket.on('end', () => events.ended());
    socket.on('error', (error) => events.failed(error));
    socket.on('timeout', () => events.silent());
    socket.on('close', () => events.closed());
    if (this.#opensWith !== 'accepted') socket.once(this.#opensWith, () => events.opened());
  }

  write(messages: readonly Uint8Array[], taken: (() => void) | undefined): void {
    const [first] = messages;
    const joined = messages.length === 1 && first !== undefined ? first : Buffer.concat(messages);
    if (taken === undefined) this.#socket.write(joined);
    else
      this.#socket.write(joined, (error) => {
        if (!error) taken();
      });
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  setSilence(ms: number): void {
    this.#socket.setTimeout(ms);
  }
}
