import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryStore, StoreFault } from '@strowger/node/stores';
import { folderFor } from '../../test/process.ts';
import { hasDataStore, openDataStore } from '../data-store.ts';
import { dataFindings } from './data.ts';
import type { FolderState, Machine } from './machine.ts';
import { createFakeMachine } from './machine-fake.ts';
import { folderState } from './this-machine.ts';

const FOLDER = { type: 'folder', path: '/srv/data' } as const;

async function linesOf(differing: Partial<Machine>): Promise<readonly string[]> {
  const findings = await dataFindings(createFakeMachine(differing), FOLDER);
  return findings.map(({ name, state, found }) => `${name} ${state}: ${found}`);
}

test('data in memory are noted', async () => {
  const [finding] = await dataFindings(createFakeMachine(), { type: 'memory' });
  assert.deepEqual([finding?.state, finding?.found.startsWith('in memory')], ['note', true]);
});

test('a folder that can be written to is good, and one that can be made', async () => {
  assert.deepEqual(await linesOf({}), ['data ok: /srv/data', 'store ok: SQLite 3.53.4; nothing is stored yet']);
  const only = (path: string): FolderState => (path === '/' ? 'writable' : 'missing');
  assert.equal((await linesOf({ folderState: only }))[0], 'data ok: /srv/data, made at the first start');
});

test('a folder that is closed to this user, or cannot be made, is at fault', async () => {
  const only = (known: string, state: FolderState) => (path: string) => (path === known ? state : 'missing');
  assert.deepEqual(await dataFindings(createFakeMachine({ folderState: only('/srv/data', 'closed') }), FOLDER), [
    {
      name: 'data',
      state: 'fault',
      found: '/srv/data cannot be used: this user may not write to /srv/data',
      advice: 'Choose another folder, or put that right.',
    },
    { name: 'store', state: 'ok', found: 'SQLite 3.53.4; nothing is stored yet' },
  ]);
  assert.match((await linesOf({ folderState: only('/srv', 'file') }))[0] ?? '', /fault: .*: \/srv is no folder$/);
  assert.match((await linesOf({ folderState: only('/none', 'file') }))[0] ?? '', /fault: .*: \/ is no folder$/);
});

test('the states of folders are those of the file system', (t) => {
  const folder = folderFor(t);
  writeFileSync(join(folder, 'file'), '');
  assert.deepEqual(
    [folder, join(folder, 'file'), join(folder, 'none'), join(folder, 'file', 'below')].map(folderState),
    ['writable', 'file', 'missing', 'missing'],
  );
});

test('users and bindings of a store are counted, up to ten thousand', async () => {
  const storeOf = (users: number): Machine['openStore'] => {
    const store = createMemoryStore();
    const list = () => Array.from({ length: users }, (_, i) => ({ username: `u${i}`, realm: 'a.test' }));
    return async () => ({ ...store, locations: store.locations, users: Object.assign(store.users, { list }) });
  };
  const found = async (users: number): Promise<string> =>
    (await linesOf({ hasStore: () => true, openStore: storeOf(users) }))[1] ?? '';
  assert.equal(await found(1), 'store ok: SQLite 3.53.4; 1 user, 0 bindings');
  assert.equal(await found(10_000), 'store ok: SQLite 3.53.4; 10,000 users, 0 bindings');
  assert.equal(await found(10_001), 'store ok: SQLite 3.53.4; more than 10,000 users, 0 bindings');
});

test('a store is read and left as it is; a file that is none of ours is at fault', async (t) => {
  const path = join(folderFor(t), 'data');
  mkdirSync(path);
  const data = { type: 'folder', path } as const;
  const machine = createFakeMachine({ hasStore: hasDataStore, openStore: (place) => openDataStore(place, 'read') });
  const store = await openDataStore(data, 'write');
  store.close();
  const [, sound] = await dataFindings(machine, data);
  assert.deepEqual([sound?.state, sound?.found], ['ok', 'SQLite 3.53.4; 0 users, 0 bindings']);
  writeFileSync(join(path, 'strowger.db'), 'a letter to somebody');
  const [, foreign] = await dataFindings(machine, data);
  assert.deepEqual([foreign?.state, foreign?.found.includes('is not a Strowger store')], ['fault', true]);
});

test('a store of an older version is noted, since the server brings it up to date', async () => {
  const fault = new StoreFault('NODE_E_STORE_OLDER', '/srv/data/strowger.db', 'has schema version 1, expected is 3.');
  const lines = await linesOf({ hasStore: () => true, openStore: () => Promise.reject(fault) });
  assert.equal(lines[1], 'store note: /srv/data/strowger.db has schema version 1, expected is 3');
});
