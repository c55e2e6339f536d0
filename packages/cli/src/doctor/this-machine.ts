import { getServers } from 'node:dns';
import { accessSync, constants, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, networkInterfaces, totalmem } from 'node:os';
import process from 'node:process';
import { getHeapStatistics } from 'node:v8';
import { createOpener, datagramSupport } from '@strowger/node';
import { callControl } from '@strowger/node/control';
import { controlPlaceOf, controlWorld, requireOwnFolder } from '../control-path.ts';
import { hasDataStore, openDataStore } from '../data-store.ts';
import type { FolderState, Machine } from './machine.ts';

/** @param folder the working folder */
export function thisMachine(folder: string): Machine {
  return {
    platform: process.platform,
    versions: process.versions,
    program: process.execPath,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    allowedBytes: process.constrainedMemory(),
    heapBytes: getHeapStatistics().heap_size_limit,
    openFiles: softLimitOf(process.report.getReport()),
    interfaces: networkInterfaces(),
    nameServers: getServers(),
    unix: Date.now,
    monotonicMs: () => performance.now(),
    datagrams: datagramSupport,
    readFile: (path) => readFile(path, 'utf8'),
    folderState,
    hasStore: hasDataStore,
    openStore: (data) => openDataStore(data, 'read'),
    askServer: async (settings) => {
      const place = controlPlaceOf(settings, controlWorld(folder));
      requireOwnFolder(place);
      return await callControl(
        place.path,
        { method: 'GET', path: '/v1/server', query: new Map(), body: undefined },
        PATIENCE_MS,
      );
    },
    open: createOpener({ datagrams: 'single' }),
  };
}

/** What the system says of a path. What lies behind a file is missing, too. */
export function folderState(path: string): FolderState {
  try {
    if (!statSync(path).isDirectory()) return 'file';
    accessSync(path, constants.W_OK | constants.X_OK);
    return 'writable';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'closed';
  }
}

/**
 * The limit in force by Node's report, which knows it on every system that has one. Node raises its own as far as it may when it
 * starts.
 */
export function softLimitOf(report: unknown): number | undefined {
  const soft = ['userLimits', 'open_files', 'soft'].reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === key)?.[1] : at),
    report,
  );
  if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
  return typeof soft === 'number' ? soft : undefined;
}

const PATIENCE_MS = 3_000;
