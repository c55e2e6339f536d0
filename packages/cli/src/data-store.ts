import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Store } from '@strowger/node/stores';
import { CommandFault } from './command-fault.ts';
import type { DataPlace } from './settings.ts';

/** Makes the folder for the data, for its owner only: what is in it is as good as passwords. @throws CommandFault */
export function makeDataFolder(data: DataPlace): void {
  if (data.type === 'memory') return;
  try {
    makeFolders(data.path);
  } catch (error) {
    throw new CommandFault(`the data folder ${data.path} cannot be made: ${causeOf(error)}.`, error);
  }
}

/** Step by step: where the system makes no folders at all, as below /proc, Node's own way to make several never ends. */
function makeFolders(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolders(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

/** Opens the store of a place, whose folder must be there. @throws StoreFault (rejects) */
export async function openDataStore(data: DataPlace, access: 'read' | 'write'): Promise<Store> {
  const { createMemoryStore, openSqliteStore } = await import('@strowger/node/stores');
  return data.type === 'memory' ? createMemoryStore() : openSqliteStore(fileOf(data.path), { access });
}

/** True when a store was made there before. */
export const hasDataStore = (data: DataPlace): boolean => data.type === 'folder' && existsSync(fileOf(data.path));

const fileOf = (folder: string): string => join(folder, 'strowger.db');

function causeOf(error: unknown): string {
  return CAUSES[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EEXIST: 'there is a file of this name',
  ENOENT: 'the system makes no folders there',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
};
