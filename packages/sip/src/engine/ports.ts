import type { Instant, UnixMs } from '../text/time.ts';
import type { Endpoint, Flow } from '../uri/transport.ts';

/**
 * What the engine needs from the world. Implemented by `@strowger/node`, `@strowger/web` and the virtual network of
 * `@strowger/testkit`. Sending queues and never throws; failures come back as inputs.
 */

export type { Endpoint, Flow, Protocol } from '../uri/transport.ts';

/** One datagram of a batch. The record and, when the transport says so, its bytes are used again for the next batch. */
export interface Datagram {
  bytes: Uint8Array;
  host: string;
  port: number;
}

/** Why bytes did not leave or a connection ended: the world's fault, an input to the engine. */
export interface TransportFault {
  readonly code:
    | 'refused'
    | 'unreachable'
    | 'reset'
    | 'timeout'
    | 'closed'
    | 'tooLarge'
    | 'queueFull'
    | 'untrusted'
    | 'other';
  readonly text: string;
}

/** Who asks what became of a message that was sent: comes back in `onFailed` as it is. 0: nobody asks. */
export type About = object | number;

/** One listening address of one protocol. */
export interface Transport {
  readonly local: Endpoint;
  /** True where the bytes of a received datagram are only valid during the call (receive buffers are reused). */
  readonly reusesBuffers: boolean;
  /**
   * Queues one message. Datagram protocols ignore `connection`. Streams write on that connection when it is alive; when it
   * is 0, on a live connection to host and port or a new one; a number that is no longer alive fails with `closed`.
   * `about` comes back in `onFailed` if the bytes could not be handed over.
   * `identity` is the name that the peer must have proved where there are certificates (RFC 5922 §7.3). Without one, or where it
   * is `host` itself, a connection that there is with that address will do, and a new one has to prove the address.
   */
  send(
    bytes: Uint8Array,
    host: string,
    port: number,
    connection: number,
    about: About,
    identity?: string | undefined,
  ): void;
  /** Hands the queued messages to the operating system; called once at the end of each batch of work. */
  flush(): void;
  /** Streams: ends one connection (after what is queued). Datagrams: nothing. */
  disconnect(connection: number): void;
  /**
   * Streams: from now on what goes to this port of the peer of a connection may take that connection, if the peer has proved by a
   * certificate who it is (RFC 5923 §8.2); nothing where it has not, or where there are no connections.
   */
  alias?(connection: number, port: number): void;
  /** Stops receiving, ends the connections, releases the address. */
  close(): Promise<void>;
}

/** What a transport tells its owner. Never called from inside `send` or `flush`. */
export interface TransportListener {
  /** The first `count` items are new. */
  onDatagrams(transport: Transport, items: readonly Datagram[], count: number): void;
  /**
   * A stretch of a stream, cut anywhere; over WebSocket one whole message (`keepsMessages`). The bytes belong to the listener
   * from now on.
   */
  onData(transport: Transport, flow: Flow, bytes: Uint8Array): void;
  onConnected(transport: Transport, flow: Flow): void;
  onClosed(transport: Transport, flow: Flow, fault: TransportFault | undefined): void;
  onFailed(transport: Transport, about: About, fault: TransportFault): void;
  /** Asked before a connection that comes in costs anything, its handshake above all; everybody is let in where it is missing. */
  admits?(transport: Transport, host: string): boolean;
  /** A connection that came in and never was one: turned away, or its handshake failed. */
  onRefused?(transport: Transport, host: string, port: number, fault: TransportFault): void;
}

/** The time, and one alarm. */
export interface Clock {
  now(): Instant;
  unix(): UnixMs;
  /** Calls `wake` once at or soon after `at`; a second call replaces the first. */
  wakeAt(at: Instant, wake: () => void): void;
  /** Cancels the alarm. */
  sleep(): void;
}

/** Unguessable numbers for tags, branches, nonces and tokens. */
export interface Random {
  /** A whole number from 0 up to but not including 2**32, from a cryptographic source. */
  uint32(): number;
}
