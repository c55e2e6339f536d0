import { dirname } from 'node:path';
import type { DataPlace } from '../settings.ts';
import { type Finding, findingOf, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';
import { printCount } from './quantity.ts';

/** Whether there is a place for users and bindings, and what is in it. */
export async function dataFindings(
  machine: Pick<Machine, 'folderState' | 'hasStore' | 'openStore' | 'unix' | 'versions'>,
  data: DataPlace,
): Promise<readonly Finding[]> {
  if (data.type === 'memory')
    return [note('data', 'in memory: users and registrations end with the server', 'Configure a folder to keep them.')];
  return [folderFinding(machine, data.path), await storeFinding(machine, data)];
}

function folderFinding({ folderState }: Pick<Machine, 'folderState'>, path: string): Finding {
  let at = path;
  while (folderState(at) === 'missing' && dirname(at) !== at) at = dirname(at);
  const state = folderState(at);
  if (state === 'writable') return ok('data', at === path ? path : `${path}, made at the first start`);
  const why = state === 'closed' ? `this user may not write to ${at}` : `${at} is no folder`;
  return findingOf('data', 'fault', `${path} cannot be used: ${why}. Choose another folder, or put that right.`);
}

async function storeFinding(
  machine: Pick<Machine, 'hasStore' | 'openStore' | 'unix' | 'versions'>,
  data: DataPlace,
): Promise<Finding> {
  const sqlite = `SQLite ${machine.versions.sqlite ?? 'of unknown version'}`;
  if (!machine.hasStore(data)) return ok('store', `${sqlite}; nothing is stored yet`);
  try {
    const store = await machine.openStore(data);
    try {
      const users = await countOf(store.users.list(), 'user');
      const bindings = await countOf(store.locations.entries(machine.unix()), 'binding');
      return ok('store', `${sqlite}; ${users}, ${bindings}`);
    } finally {
      store.close();
    }
  } catch (error) {
    const isOlder = error instanceof Error && 'code' in error && error.code === 'NODE_E_STORE_OLDER';
    return findingOf('store', isOlder ? 'note' : 'fault', error);
  }
}

/** Nobody has to wait until all of very many are counted. */
async function countOf(all: Iterable<unknown> | AsyncIterable<unknown>, what: string): Promise<string> {
  let count = 0;
  for await (const _ of all) {
    count += 1;
    if (count > MAX_COUNTED) return `more than ${printCount(MAX_COUNTED)} ${what}s`;
  }
  return count === 1 ? `1 ${what}` : `${printCount(count)} ${what}s`;
}

const MAX_COUNTED = 10_000;
