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
  readonly code: 'refused' | 'unreachable' | 'reset' | 'timeout' | 'closed' | 'tooLarge' | 'queueFull' | 'other';
  readonly text: string;
}

/** One listening address of one protocol. */
export interface Transport {
  readonly local: Endpoint;
  /** True where the bytes of a received datagram are only valid during the call (receive buffers are reused). */
  readonly reusesBuffers: boolean;
  /**
   * Queues one message. Datagram protocols ignore `connection`. Streams write on that connection when it is alive; when it
   * is 0, on a live connection to host and port or a new one; a number that is no longer alive fails with `closed`.
   * `about` (0: nobody asks) comes back in `onFailed` if the bytes could not be handed over.
   */
  send(bytes: Uint8Array, host: string, port: number, connection: number, about: number): void;
  /** Hands the queued messages to the operating system; called once at the end of each batch of work. */
  flush(): void;
  /** Streams: ends one connection (after what is queued). Datagrams: nothing. */
  disconnect(connection: number): void;
  /** Stops receiving, ends the connections, releases the address. */
  close(): Promise<void>;
}

/** What a transport tells its owner. Never called from inside `send` or `flush`. */
export interface TransportListener {
  /** The first `count` items are new. */
  onDatagrams(transport: Transport, items: readonly Datagram[], count: number): void;
  /** A stretch of a stream, cut anywhere. The bytes belong to the listener from now on. */
  onData(transport: Transport, flow: Flow, bytes: Uint8Array): void;
  onConnected(transport: Transport, flow: Flow): void;
  onClosed(transport: Transport, flow: Flow, fault: TransportFault | undefined): void;
  onFailed(transport: Transport, about: number, fault: TransportFault): void;
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

/** A and AAAA look-ups; NAPTR and SRV join when the machine of RFC 3263 arrives. */
export interface AddressResolver {
  /** IP literals for a host name, best first; an empty list when the name has none. */
  addresses(host: string): readonly string[] | Promise<readonly string[]>;
}
