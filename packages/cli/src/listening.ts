import type { Endpoint } from '@strowger/sip/engine';
import { bracketed } from '@strowger/sip/uri';
import { type Advertised, advertisedFor } from './server-config.ts';

/** `udp:127.0.0.1:5060` */
export const printEndpoint = ({ protocol, host, port }: Endpoint): string => `${protocol}:${bracketed(host)}:${port}`;

/**
 * The URIs that a phone of this network can send to: one for each protocol, what is advertised before what is listened on,
 * the addresses of the network before the loopback, IPv4 before IPv6.
 */
export function proxiesOf(listening: readonly Endpoint[], advertise: readonly Advertised[]): readonly string[] {
  const found: string[] = [];
  for (const protocol of ['udp', 'tcp', 'tls'] as const) {
    const ranked = listening.filter((one) => one.protocol === protocol).sort((a, b) => rankOf(a.host) - rankOf(b.host));
    const [best] = ranked;
    if (best === undefined) continue;
    const { host, port } = advertisedFor(advertise, best) ?? best;
    found.push(`sip:${bracketed(host)}:${port}${protocol === 'udp' ? '' : `;transport=${protocol}`}`);
  }
  return found;
}

function rankOf(host: string): number {
  const isLoopback = host.startsWith('127.') || host === '::1';
  return (isLoopback ? 2 : 0) + (host.includes(':') ? 1 : 0);
}
