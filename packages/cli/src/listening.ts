import type { Endpoint, Protocol } from '@strowger/sip/engine';
import { bracketed, isEncrypted } from '@strowger/sip/uri';
import { type Advertised, advertisedFor } from './server-config.ts';

/** `udp:127.0.0.1:5060` */
export const printEndpoint = ({ protocol, host, port }: Endpoint): string => `${protocol}:${bracketed(host)}:${port}`;

/** What a server has to be reached by. */
export interface Doors {
  readonly listening: readonly Endpoint[];
  readonly advertise: readonly Advertised[];
  readonly domain: string;
  /** True for a host name or address that the certificate of the server is for. */
  readonly isCertified: (host: string) => boolean;
}

/**
 * The URIs that a phone of this network can send to: one for each protocol, what is advertised before what is listened on,
 * the addresses of the network before the loopback, IPv4 before IPv6.
 */
export const proxiesOf = (doors: Doors): readonly string[] =>
  placesOf(doors, ['udp', 'tcp', 'tls']).map(
    ({ protocol, place }) => `sip:${place}${protocol === 'udp' ? '' : `;transport=${protocol}`}`,
  );

/** What a phone in a browser is told: `wss://192.0.2.1:8443`, chosen in the same way. */
export const webSocketsOf = (doors: Doors): readonly string[] =>
  placesOf(doors, ['wss', 'ws']).map(({ protocol, place }) => `${protocol}://${place}`);

interface Place {
  readonly protocol: Protocol;
  /** `host:port` */
  readonly place: string;
}

function placesOf(doors: Doors, protocols: readonly Protocol[]): readonly Place[] {
  return protocols.flatMap((protocol) => {
    const ranked = doors.listening
      .filter((one) => one.protocol === protocol)
      .sort((a, b) => rankOf(a.host) - rankOf(b.host));
    const [best] = ranked;
    if (best === undefined) return [];
    const { host, port } = advertisedFor(doors.advertise, best) ?? best;
    return [{ protocol, place: `${bracketed(provable(host, protocol, doors))}:${port}` }];
  });
}

/** Where the certificate is not for the address, as those of public authorities are not, but for the domain, it has to be that. */
function provable(host: string, protocol: Protocol, { domain, isCertified }: Doors): string {
  return isEncrypted(protocol) && !isCertified(host) && isCertified(domain) ? domain : host;
}

function rankOf(host: string): number {
  const isLoopback = host.startsWith('127.') || host === '::1';
  return (isLoopback ? 2 : 0) + (host.includes(':') ? 1 : 0);
}
