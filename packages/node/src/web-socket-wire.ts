import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { CertificateNames } from '@strowger/sip/uri';
import type { WebSocket } from 'ws';
import type { Wire, WireEvents } from './wire.ts';

/** A WebSocket: each message is a frame of its own (RFC 7118 §5). */
export class WebSocketWire implements Wire {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #namesOf: (() => CertificateNames | undefined) | undefined;
  #events: WireEvents | undefined;
  #heard: 'yes' | 'no' = 'yes';

  /** `socket` is what the WebSocket runs over. */
  constructor(webSocket: WebSocket, socket: Socket, namesOf?: () => CertificateNames | undefined) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#namesOf = namesOf;
  }

  get queuedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  get peerNames(): CertificateNames | undefined {
    return this.#namesOf?.();
  }

  attach(events: WireEvents): void {
    this.#events = events;
    const [webSocket, socket] = [this.#webSocket, this.#socket];
    const heard = (): void => {
      this.#heard = 'yes';
    };
    webSocket.binaryType = 'nodebuffer';
    webSocket.on('open', () => events.opened());
    webSocket.on('message', (data) => {
      heard();
      if (data instanceof Uint8Array) events.received(data);
    });
    webSocket.on('ping', heard);
    webSocket.on('pong', heard);
    webSocket.on('error', (error) => events.failed(error));
    webSocket.on('close', () => events.closed());
    // The package keeps errors of the socket to itself, and with them what a reset was.
    socket.on('error', (error) => events.failed(error));
    socket.on('timeout', () => events.silent());
  }

  /** Text where it can be, since browsers read that most easily; what is no UTF-8 must be binary (RFC 7118 §4.2). */
  write(messages: readonly Uint8Array[], taken: (() => void) | undefined): void {
    this.#socket.cork();
    const told = taken === undefined ? undefined : (error?: Error | null) => void (error || taken());
    for (const [index, message] of messages.entries()) {
      const isLast = index === messages.length - 1;
      this.#webSocket.send(message, { binary: !isUtf8(message), compress: false }, isLast ? told : undefined);
    }
    this.#socket.uncork();
  }

  end(): void {
    this.#webSocket.close(ORDERLY);
  }

  destroy(): void {
    this.#webSocket.terminate();
  }

  setSilence(ms: number): void {
    this.#socket.setTimeout(ms);
  }

  /** Calls `gone` when it is closed. */
  onGone(gone: () => void): void {
    this.#webSocket.once('close', gone);
  }

  /** Asks whether the peer is still there; one that has said nothing since it was asked last is not. */
  probe(): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (this.#heard === 'no') return this.#events?.silent();
    this.#heard = 'no';
    this.#webSocket.ping();
  }
}

/** RFC 6455 §7.4.1. */
const ORDERLY = 1000;
