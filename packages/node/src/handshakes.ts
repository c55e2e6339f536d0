import type { Socket } from 'node:net';
import type { TransportFault } from '@strowger/sip/engine';
import { addressText } from './faults.ts';

export interface HandshakeLimits {
  /** Handshakes that go on at once; a connection beyond is reset. */
  readonly maxHandshakes: number;
  /** How long a connection may take from its first packet to its first message: TLS and WebSocket together. */
  readonly handshakeTimeoutMs: number;
}

/** Where the places of connections are given back. */
interface Places {
  refuse(host: string, port: number, fault: TransportFault): void;
}

/** The connections that came in and are not open yet. Each has a deadline, and they end when their socket does. */
export class Handshakes {
  readonly #limits: HandshakeLimits;
  readonly #places: Places;
  readonly #open = new Map<string, Handshake>();

  constructor(limits: HandshakeLimits, places: Places) {
    this.#limits = limits;
    this.#places = places;
  }

  /** Begins with a socket that was admitted; false when there are too many, and the socket is reset. */
  begin(socket: Socket, host: string, port: number): boolean {
    const peer = addressText(host, port);
    socket.on('error', ignore);
    if (this.#open.size >= this.#limits.maxHandshakes) {
      this.#places.refuse(host, port, { code: 'queueFull', text: `${peer} came while too many handshakes went on` });
      socket.resetAndDestroy();
      return false;
    }
    const end = (fault: TransportFault): void => {
      const blamed = this.#open.get(peer)?.blamed;
      if (!this.finish(host, port)) return;
      socket.destroy();
      this.#places.refuse(host, port, blamed ?? fault);
    };
    const late = (): void => end({ code: 'timeout', text: `${peer} did not finish its handshake in time` });
    const left = (): void => end({ code: 'closed', text: `${peer} left in the middle of its handshake` });
    const deadline = setTimeout(late, this.#limits.handshakeTimeoutMs);
    this.#open.set(peer, { socket, end, left, deadline, blamed: undefined });
    socket.on('close', left);
    return true;
  }

  /** The handshake failed: its socket is destroyed and its place given back. */
  fail(host: string, port: number, fault: TransportFault): void {
    this.#open.get(addressText(host, port))?.end(fault);
  }

  /** The handshake has failed for this reason, and the socket closes when the peer has been told. */
  blame(host: string, port: number, fault: TransportFault): void {
    const handshake = this.#open.get(addressText(host, port));
    if (handshake !== undefined) handshake.blamed ??= fault;
  }

  /** The connection is open; false when nobody waits for it any more. */
  finish(host: string, port: number): boolean {
    const peer = addressText(host, port);
    const handshake = this.#open.get(peer);
    if (handshake === undefined) return false;
    clearTimeout(handshake.deadline);
    handshake.socket.off('close', handshake.left); // the connection would hold on to it for as long as it lives
    return this.#open.delete(peer);
  }

  endAll(): void {
    for (const { end } of [...this.#open.values()]) end({ code: 'closed', text: 'the transport is closed' });
  }
}

interface Handshake {
  readonly socket: Socket;
  readonly left: () => void;
  readonly end: (fault: TransportFault) => void;
  readonly deadline: NodeJS.Timeout;
  blamed: TransportFault | undefined;
}

export const HANDSHAKE_LIMITS: HandshakeLimits = { maxHandshakes: 1_000, handshakeTimeoutMs: 10_000 };

const ignore = (): void => {};
