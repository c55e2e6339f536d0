import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder } from '@strowger/node';
import type { Store } from '@strowger/node/stores';
import { CommandFault } from './command-fault.ts';
import type { Config } from './server-config.ts';
import type { DataPlace } from './settings.ts';

/** Makes the folder for the data, for its owner only: what is in it is as good as passwords. @throws CommandFault */
export function makeDataFolder(data: DataPlace): void {
  if (data.type === 'memory') return;
  const failure = makeOwnFolder(data.path);
  if (failure !== undefined)
    throw new CommandFault(`the data folder ${data.path} cannot be made: ${failure.why}.`, failure.cause);
}

/** Opens the store of a place, whose folder must be there. @throws StoreFault (rejects) */
export async function openDataStore(
  data: DataPlace,
  access: 'read' | 'write',
  durability: Config['durability'] = 'process',
): Promise<Store> {
  const { createMemoryStore, openSqliteStore } = await import('@strowger/node/stores');
  return data.type === 'memory' ? createMemoryStore() : openSqliteStore(fileOf(data.path), { access, durability });
}

/** True when a store was made there before. */
export const hasDataStore = (data: DataPlace): boolean => data.type === 'folder' && existsSync(fileOf(data.path));

const fileOf = (folder: string): string => join(folder, 'strowger.db');
