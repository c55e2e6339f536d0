import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Listen, ServerPorts } from '@strowger/server';
import type { Transport, TransportListener } from '@strowger/sip/engine';
import { expandWildcard, type Interfaces } from './addresses.ts';
import { createClock } from './clock.ts';
import { ListenFault } from './faults.ts';
import { createHash } from './hash.ts';
import { createRandom } from './random.ts';
import { createAddressResolver } from './resolver.ts';
import { createMemoryStore, openSqliteStore, type Store, StoreFault } from './stores/index.ts';
import { openTcp } from './tcp.ts';
import { bufferText } from './text.ts';
import { openUdp } from './udp.ts';

export interface NodePortsOptions {
  /**
   * Where users and bindings are kept, as `data` in a configuration: a folder, made for its owner only when it is not there
   * and relative to the working folder, or `memory`, which keeps nothing.
   */
  readonly data: string;
}

/** Everything that `createServer` needs, on this machine. */
export interface NodePorts extends ServerPorts {
  /** Lets go of the store; to be called when the server has stopped. */
  close(): void;
}

/** The ports of a server on this machine. @throws StoreFault when the data cannot be had */
export function createNodePorts({ data }: NodePortsOptions): NodePorts {
  return {
    ...openData(data),
    clock: createClock(),
    random: createRandom(),
    text: bufferText,
    hash: createHash(),
    resolver: createAddressResolver(),
    open: openListen,
  };
}

/**
 * Opens one listening address; a wildcard gives a transport for each local address of its family, each with a port of its
 * own where the port is 0.
 * @throws ListenFault (rejects) with nothing left open
 */
export async function openListen(
  listen: Listen,
  listener: TransportListener,
  interfaces?: Interfaces,
): Promise<readonly Transport[]> {
  const { protocol, port } = listen;
  const hosts = expandWildcard(listen.host, interfaces);
  if (hosts.length === 0)
    throw new ListenFault('NODE_E_LISTEN', protocol, listen.host, port, 'this machine has no address of this family.');
  const opened: Transport[] = [];
  try {
    for (const host of hosts)
      opened.push(
        protocol === 'udp'
          ? await openUdp({ host, port, listener })
          : await openTcp({ host, port, listener, lingerMs: LINGER_MS }),
      );
    return opened;
  } catch (fault) {
    await Promise.all(opened.map((transport) => transport.close()));
    throw fault;
  }
}

function openData(data: string): Store {
  if (data === 'memory') return createMemoryStore();
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreFault('NODE_E_STORE_UNREADABLE', data, `cannot be made: ${String(error)}`, error);
  }
  return openSqliteStore(join(data, STORE_FILE));
}

/** The name that the command gives it too, so that `strowger user add` finds the data of a program. */
const STORE_FILE = 'strowger.db';
/** How long the end of the server waits for phones that do not end their connections. */
const LINGER_MS = 1_000;
