import { type App, createServer, loadConfig, printFault, type Server } from '@strowger/server';
import { createVirtualPorts, createVirtualStore, type World } from '@strowger/testkit';

export interface VirtualServerSettings {
  /** In ladders. */
  readonly name: string;
  readonly address: string;
  /** As a configuration file has it, but for `listen` and `data`. */
  readonly config: string;
  /** The name service. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly app?: App;
}

/** A server on the virtual network, listening with UDP and TCP at port 5060. It needs the world to run. */
export async function createVirtualServer(world: World, settings: VirtualServerSettings): Promise<Server> {
  const { name, address, config, names = {}, app } = settings;
  const listen = `listen: ["udp:${address}:5060", "tcp:${address}:5060"]`;
  const loaded = loadConfig(`${config}\ndata: memory\n${listen}\n`, `${name}.yaml`);
  if (loaded.type === 'faults') throw new Error(loaded.faults.map(printFault).join('\n'));
  const ports = createVirtualPorts(world, world.host(address, { name }), { names });
  return createServer(loaded.config, { ...ports, ...createVirtualStore(world) }, app === undefined ? {} : { app });
}
