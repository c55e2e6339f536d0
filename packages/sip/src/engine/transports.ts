import type { Protocol } from '../uri/transport.ts';
import type { Transport } from './ports.ts';

/** The addresses that an engine listens on, and which of them to send from. */
export class Transports {
  readonly #all: Transport[] = [];

  add(transport: Transport): void {
    this.#all.push(transport);
  }

  get all(): readonly Transport[] {
    return this.#all;
  }

  /** The transport bound to exactly this address; any of the protocol where the address is gone. */
  at(protocol: Protocol, host: string, port: number): Transport | undefined {
    return this.#all.find((t) => t.local.protocol === protocol && t.local.host === host && t.local.port === port);
  }

  /**
   * The transport to reach `host` by `protocol`: of the same address family, loopback for loopback, and the one that the
   * request came in on where that fits.
   */
  toward(protocol: Protocol, host: string, cameIn: Transport | undefined): Transport | undefined {
    if (cameIn !== undefined && cameIn.local.protocol === protocol && reaches(cameIn.local.host, host)) return cameIn;
    let other: Transport | undefined;
    for (const transport of this.#all) {
      if (transport.local.protocol !== protocol || isV6(transport.local.host) !== isV6(host)) continue;
      if (reaches(transport.local.host, host)) return transport;
      other ??= transport;
    }
    return other;
  }

  flush(): void {
    for (const transport of this.#all) transport.flush();
  }
}

const isV6 = (host: string): boolean => host.includes(':');
const isLoopback = (host: string): boolean => host.startsWith('127.') || host === '::1';
const reaches = (local: string, remote: string): boolean =>
  isV6(local) === isV6(remote) && isLoopback(local) === isLoopback(remote);
