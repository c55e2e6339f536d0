import { type TransportSite, transportCompliance } from './suites/transport.ts';
import { Witness } from './suites/transport-witness.ts';
import type { VirtualHost } from './virtual-host.ts';
import { createWorld, type World } from './world.ts';

/** Every transport is opened on a host of its own, unless it asks for a port that one of them had before. */
function siteOf(world: World, protocol: 'udp' | 'tcp', settings: { readonly cuts?: 'none' } = {}): TransportSite {
  const hosts = new Map<number, VirtualHost>();
  let count = 0;
  const newHost = (): VirtualHost => {
    count += 1;
    return world.host(`10.0.0.${count}`, { also: [`2001:db8::${count}`] });
  };
  return {
    open: async ({ family, ...options }) => {
      const host = hosts.get(options.port) ?? newHost();
      const address = host.addresses[family === 'ipv4' ? 0 : 1] ?? '';
      const transport = host[protocol]({ ...options, ...settings, host: address });
      if (!hosts.has(transport.local.port)) hosts.set(transport.local.port, host);
      return transport;
    },
    stalledPeer: async () => {
      const stalled = newHost();
      const { local } = stalled.tcp({ listener: new Witness() });
      stalled.pause();
      return local;
    },
    passTime: (holds) => world.run({ until: holds }),
    close: async () => {},
  };
}

const bad = { jitterMs: 50, loss: 0.2 };

transportCompliance({ name: 'virtual UDP', kind: 'datagram', create: async () => siteOf(createWorld(), 'udp') });
transportCompliance({ name: 'virtual TCP', kind: 'stream', create: async () => siteOf(createWorld(), 'tcp') });
transportCompliance({
  name: 'virtual TCP, never cut',
  kind: 'stream',
  create: async () => siteOf(createWorld(), 'tcp', { cuts: 'none' }),
});
transportCompliance({
  name: 'virtual TCP on a bad path',
  kind: 'stream',
  create: async () => siteOf(createWorld({ conditions: bad }), 'tcp'),
});
