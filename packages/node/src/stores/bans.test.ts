import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Ban } from '@strowger/server';
import { createMemoryStore } from './memory/store.ts';
import { openSqliteStore } from './sqlite/store.ts';
import type { Store } from './store.ts';

const SCANNER: Ban = {
  network: '192.0.2.7',
  reason: 'scanner',
  by: 'guard',
  since: 1_790_000_000_000,
  until: 1_790_000_600_000,
  times: 3,
};
const ABUSE: Ban = {
  network: '2001:db8::/32',
  reason: 'abuse; "DROP TABLE bans"',
  by: 'administrator',
  since: 1_790_000_000_001,
  until: undefined,
  times: 0,
};

for (const [name, inStore] of [
  ['the memory store', inMemory],
  ['the SQLite store', inFile],
] as const)
  describe(`${name} keeps bans`, () => {
    test('a new store has none', () =>
      inStore(async ({ bans }) => {
        assert.deepEqual(await listOf(bans), []);
        assert.equal(await bans.remove('192.0.2.7'), false);
      }));

    test('what was put comes back whole, with its end and without', () =>
      inStore(async ({ bans }) => {
        await bans.put(ABUSE);
        await bans.put(SCANNER);
        assert.deepEqual(await listOf(bans), [SCANNER, ABUSE]);
      }));

    test('a second ban of a network takes the place of the first', () =>
      inStore(async ({ bans }) => {
        await bans.put(SCANNER);
        await bans.put({ ...SCANNER, times: 4, until: undefined });
        assert.deepEqual(await listOf(bans), [{ ...SCANNER, times: 4, until: undefined }]);
      }));

    test('one is removed by its network, the others stay', () =>
      inStore(async ({ bans }) => {
        await bans.put(ABUSE);
        await bans.put(SCANNER);
        assert.equal(await bans.remove(SCANNER.network), true);
        assert.equal(await bans.remove(SCANNER.network), false);
        assert.deepEqual(await listOf(bans), [ABUSE]);
      }));
  });

test('bans of an SQLite file are there when it is opened again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bans-'));
  const file = join(folder, 'strowger.db');
  const before = openSqliteStore(file);
  void before.bans.put(SCANNER);
  before.close();
  const after = openSqliteStore(file, { access: 'read' });
  assert.deepEqual([...(after.bans.list() as Iterable<Ban>)], [SCANNER]);
  after.close();
  rmSync(folder, { recursive: true });
});

async function listOf(bans: Store['bans']): Promise<readonly Ban[]> {
  const list: Ban[] = [];
  for await (const ban of bans.list()) list.push(ban);
  return list.sort((a, b) => (a.network < b.network ? -1 : 1));
}

async function inMemory(run: (store: Store) => Promise<void>): Promise<void> {
  await run(createMemoryStore());
}

async function inFile(run: (store: Store) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bans-'));
  const store = openSqliteStore(join(folder, 'strowger.db'));
  try {
    await run(store);
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}
