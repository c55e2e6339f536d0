import type { Hash } from '@strowger/sip/auth';
import type { Clock, Endpoint, Random, Transport, TransportListener } from '@strowger/sip/engine';
import { type Resolver, tableResolver } from '@strowger/sip/resolve';
import type { Text } from '@strowger/sip/text';
import { nodeText } from './node-text.ts';
import { nodeHash } from './phone-account.ts';
import type { VirtualHost } from './virtual-host.ts';
import type { World } from './world.ts';

export interface VirtualPortsOptions {
  /** The name service: the addresses of each name, best first. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** What answers in the place of that table: for records other than addresses. */
  readonly resolver?: Resolver;
  /** How long the name service takes, in milliseconds; 0: it answers at once. */
  readonly lookupMs?: number;
}

/** What a server needs from the world, but for its store: all of one host of the virtual network. */
export interface VirtualPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly text: Text;
  readonly hash: Hash;
  readonly resolver: Resolver;
  /** Opens one listening address; `0.0.0.0` and `::` mean all addresses of the host of that family. */
  readonly open: (listen: Endpoint, listener: TransportListener) => Promise<readonly Transport[]>;
}

export function createVirtualPorts(
  world: World,
  host: VirtualHost,
  { names = {}, resolver, lookupMs = 0 }: VirtualPortsOptions = {},
): VirtualPorts {
  const table = resolver ?? tableResolver((name) => names[name.toLowerCase()] ?? []);
  return {
    clock: host.clock(),
    // Another life of the same host draws other numbers, as a real one does.
    random: host.random(`ports at ${world.now}`),
    text: nodeText,
    hash: nodeHash,
    resolver: {
      ask: (type, name) =>
        lookupMs === 0 ? table.ask(type, name) : world.sleep(lookupMs).then(() => table.ask(type, name)),
    },
    open: async (listen, listener) =>
      addressesOf(host, listen.host).map((address) => {
        const settings = { listener, host: address, port: listen.port };
        return listen.protocol === 'udp' ? host.udp(settings) : host.tcp(settings);
      }),
  };
}

function addressesOf(host: VirtualHost, wanted: string): readonly string[] {
  if (wanted !== '0.0.0.0' && wanted !== '::') return [wanted];
  return host.addresses.filter((address) => address.includes(':') === (wanted === '::'));
}
