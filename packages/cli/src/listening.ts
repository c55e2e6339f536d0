import { expandWildcard, openTcp, openUdp } from '@strowger/node';
import type { Endpoint, Transport, TransportListener } from '@strowger/sip/engine';
import { bracketed } from '@strowger/sip/uri';
import { CommandFault } from './command-fault.ts';
import { type Advertised, advertisedFor, type Listen, printListen } from './server-config.ts';

/**
 * Opens one listening address; a wildcard gives a transport for each local address of its family, each with a port of its
 * own where the port is 0. @throws ListenFault, CommandFault (rejects) with nothing left open
 */
export async function openListen(listen: Listen, listener: TransportListener): Promise<readonly Transport[]> {
  const hosts = expandWildcard(listen.host);
  if (hosts.length === 0)
    throw new CommandFault(`${printListen(listen)} cannot be opened: this machine has no address of this family.`);
  const opened: Transport[] = [];
  try {
    for (const host of hosts) opened.push(await openOne({ ...listen, host }, listener));
    return opened;
  } catch (fault) {
    await Promise.all(opened.map((transport) => transport.close()));
    throw fault;
  }
}

/** `udp:127.0.0.1:5060` */
export const printEndpoint = ({ protocol, host, port }: Endpoint): string => `${protocol}:${bracketed(host)}:${port}`;

/**
 * The URIs that a phone of this network can send to: one for each protocol, what is advertised before what is listened on,
 * the addresses of the network before the loopback, IPv4 before IPv6.
 */
export function proxiesOf(listening: readonly Endpoint[], advertise: readonly Advertised[]): readonly string[] {
  const found: string[] = [];
  for (const protocol of ['udp', 'tcp'] as const) {
    const ranked = listening.filter((one) => one.protocol === protocol).sort((a, b) => rankOf(a.host) - rankOf(b.host));
    const [best] = ranked;
    if (best === undefined) continue;
    const { host, port } = advertisedFor(advertise, { ...best, protocol }) ?? best;
    found.push(`sip:${bracketed(host)}:${port}${protocol === 'udp' ? '' : `;transport=${protocol}`}`);
  }
  return found;
}

function openOne({ protocol, host, port }: Listen, listener: TransportListener): Promise<Transport> {
  return protocol === 'udp'
    ? openUdp({ host, port, listener })
    : openTcp({ host, port, listener, lingerMs: LINGER_MS });
}

function rankOf(host: string): number {
  const isLoopback = host.startsWith('127.') || host === '::1';
  return (isLoopback ? 2 : 0) + (host.includes(':') ? 1 : 0);
}

/** How long the end of the server waits for phones that do not end their connections. */
const LINGER_MS = 1_000;
