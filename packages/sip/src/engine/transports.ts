import { familyOf, type Way } from '../resolve/target.ts';
import type { Protocol } from '../uri/transport.ts';
import type { Flow, Transport } from './ports.ts';

/** The addresses that an engine listens on, and which of them to send from. */
export class Transports {
  readonly #all: Transport[] = [];
  #ways: readonly Way[] = [];

  add(transport: Transport): void {
    this.#all.push(transport);
    this.#ways = WAYS.flatMap((protocol) => {
      const families = familiesOf(this.#all.filter(({ local }) => local.protocol === protocol));
      return families.length === 0 ? [] : [{ protocol, families }];
    });
  }

  /** What requests can leave by, in our order of preference (RFC 3263 §4.1). */
  get ways(): readonly Way[] {
    return this.#ways;
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

  /** The transport that a flow came in on (RFC 5626 §7: the same local address and port). */
  forFlow(flow: Flow | undefined): Transport | undefined {
    return flow === undefined ? undefined : this.at(flow.local.protocol, flow.local.host, flow.local.port);
  }

  flush(): void {
    for (const transport of this.#all) transport.flush();
  }
}

/** IPv6 goes first where there is more of it than loopback (RFC 7984 §3.1 leaves the order to us). */
function familiesOf(transports: readonly Transport[]): Way['families'] {
  const hosts = transports.map(({ local }) => local.host);
  const known = new Set(hosts.map(familyOf));
  const isFirst6 = hosts.some((host) => isV6(host) && !isLoopback(host));
  return (isFirst6 ? (['ipv6', 'ipv4'] as const) : (['ipv4', 'ipv6'] as const)).filter((family) => known.has(family));
}

/** Nobody is called over WebSocket: browsers only call (RFC 7118 §5). */
const WAYS: readonly Protocol[] = ['udp', 'tcp', 'tls'];

const isV6 = (host: string): boolean => host.includes(':');
const isLoopback = (host: string): boolean => host.startsWith('127.') || host === '::1';
const reaches = (local: string, remote: string): boolean =>
  isV6(local) === isV6(remote) && isLoopback(local) === isLoopback(remote);
