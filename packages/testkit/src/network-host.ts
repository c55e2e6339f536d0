import type { Place } from './traffic.ts';

/** What the network and its transports know of a machine. */
export interface NetworkHost {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly isUp: boolean;
  /** It has stopped reading; what arrives waits. */
  readonly isPaused: boolean;
  /** Lets something arrive: now, or when the host reads again. */
  receive(action: () => void): void;
  freePort(): number;
  /** Who takes the datagrams for an address; undefined: nobody. */
  udpAt(place: Place): DatagramTaker | undefined;
  releaseStreams(): void;
  /** The streams of all transports are reset where the way to the other host is cut. */
  resetStreams(isCut: (peer: string) => boolean): void;
}

export interface DatagramTaker {
  /** A datagram has arrived. */
  take(bytes: Uint8Array, from: Place): void;
}
