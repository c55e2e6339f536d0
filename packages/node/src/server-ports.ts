import { join } from 'node:path';
import type { ServerPorts } from '@strowger/server';
import { createBusyMeter } from './busy.ts';
import { createClock } from './clock.ts';
import { createHash } from './hash.ts';
import { createOpener, type OpenerOptions } from './opener.ts';
import { makeOwnFolder } from './own-folder.ts';
import { createRandom } from './random.ts';
import { createAddressResolver } from './resolver.ts';
import { createMemoryStore, openSqliteStore, type Store, StoreFault } from './stores/index.ts';
import { bufferText } from './text.ts';

export interface NodePortsOptions extends OpenerOptions {
  /**
   * Where users and bindings are kept, as `data` in a configuration: a folder, made for its owner only when it is not there
   * and relative to the working folder, or `memory`, which keeps nothing.
   */
  readonly data: string;
  /** Whom to ask for names, as `dns` in a configuration; without servers, those of the system. */
  readonly dns?: { readonly servers: readonly string[] };
}

/** Everything that `createServer` needs, on this machine. */
export interface NodePorts extends ServerPorts {
  /** Lets go of the store; to be called when the server has stopped. */
  close(): void;
}

/** The ports of a server on this machine. @throws StoreFault when the data cannot be had */
export function createNodePorts({ data, dns, ...opening }: NodePortsOptions): NodePorts {
  return {
    ...openData(data),
    clock: createClock(),
    busy: createBusyMeter(),
    random: createRandom(),
    text: bufferText,
    hash: createHash(),
    resolver: createAddressResolver(dns === undefined || dns.servers.length === 0 ? {} : { servers: dns.servers }),
    open: createOpener(opening),
  };
}

function openData(data: string): Store {
  if (data === 'memory') return createMemoryStore();
  const failure = makeOwnFolder(data);
  if (failure !== undefined)
    throw new StoreFault('NODE_E_STORE_UNREADABLE', data, `cannot be made: ${failure.why}.`, failure.cause);
  return openSqliteStore(join(data, STORE_FILE));
}

/** The name that the command gives it too, so that `strowger user add` finds the data of a program. */
const STORE_FILE = 'strowger.db';
