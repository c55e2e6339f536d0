import {
  createVirtualPorts,
  createVirtualStore,
  type VirtualPortsOptions,
  type VirtualStore,
  type World,
} from '@strowger/testkit';
import { loadConfig, printFault } from '../src/config/index.ts';
import { createServer, type Server, type ServerOptions } from '../src/server.ts';

export interface VirtualServerOptions extends ServerOptions, VirtualPortsOptions {
  /** The host's name in ladders; `server` when missing. */
  readonly name?: string;
  /** A new one when missing. */
  readonly store?: VirtualStore;
  /** How busy the server is, 0 to 1; when missing it does not know. */
  readonly busy?: () => number;
}

export interface VirtualServer extends Server {
  readonly store: VirtualStore;
}

/**
 * A whole server on the virtual network, configured as people do it. It needs the world to run: `await play(world, …)`.
 * `listen` may be left out: UDP and TCP at port 5060 of the address.
 */
export async function createVirtualServer(
  world: World,
  address: string,
  yaml: string,
  options: VirtualServerOptions = {},
): Promise<VirtualServer> {
  const { name = 'server', store = createVirtualStore(world), busy, ...rest } = options;
  const host = world.host(address, { name });
  const listen = /^listen:/m.test(yaml)
    ? ''
    : `\nlisten: ["udp:${literal(address)}:5060", "tcp:${literal(address)}:5060"]`;
  const loaded = loadConfig(`data: memory\n${yaml}${listen}\n`, `${name}.yaml`);
  if (loaded.type === 'faults') throw new Error(loaded.faults.map(printFault).join('\n'));
  const ports = { ...createVirtualPorts(world, host, rest), ...store, ...(busy === undefined ? {} : { busy }) };
  const server = await createServer(loaded.config, ports, rest);
  server.observe((event) => {
    if (event.type === 'fault') world.note(`${name}: ${event.where}: ${String(event.error)}`);
  });
  return { ...server, store };
}

const literal = (address: string): string => (address.includes(':') ? `[${address}]` : address);
