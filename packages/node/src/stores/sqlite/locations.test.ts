import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { type Binding, LOST_CONNECTION } from '@strowger/sip/roles/registrar';
import { UsageFault } from '@strowger/sip/text';
import { StoreFault } from '../faults.ts';
import type { Store } from '../store.ts';
import { openSqliteStore, type SqliteOptions } from './store.ts';

test('all that comes in one turn is committed together at its end, and acknowledged only then', async (t) => {
  const { store, turn } = openByHand(fileIn(t));
  const saves = [];
  const acknowledged: unknown[] = [];
  for (let i = 0; i < 50; i += 1) saves.push(store.locations.save(`sip:${i}@x`, [binding('a')], 0));
  for (const save of saves) void Promise.resolve(save).then((ok) => acknowledged.push(ok));
  await null;
  assert.equal(turn.waiting, 1, 'one commit for all');
  assert.deepEqual([acknowledged.length, await store.locations.lookup('sip:7@x', NOW)], [0, []]);
  turn.end();
  assert.equal((await store.locations.lookup('sip:7@x', NOW)).length, 1);
  assert.deepEqual(await Promise.all(saves), new Array(50).fill(true));
  store.close();
});

test('a registration sees the queue, routing does not (RFC 3261 §10.3 step 7: committed, made visible)', async (t) => {
  const { store, turn } = openByHand(fileIn(t));
  const done = store.locations.save('sip:a@x', [binding('a')], 0);
  assert.equal((await store.locations.load('sip:a@x', NOW)).bindings.length, 1);
  assert.equal((await store.locations.lookup('sip:a@x', NOW)).length, 0);
  turn.end();
  assert.equal(await done, true);
  assert.equal((await store.locations.lookup('sip:a@x', NOW)).length, 1);
  store.close();
});

test('a commit that fails is told to all that were in it, and everybody sees what was there before', async (t) => {
  const file = fileIn(t);
  const { store, turn } = openByHand(file);
  const first = store.locations.save('sip:a@x', [binding('a')], 0);
  turn.end();
  await first;
  const { version } = await store.locations.load('sip:a@x', NOW);
  const blocker = new DatabaseSync(file);
  blocker.exec('BEGIN IMMEDIATE');
  const doomed = [store.locations.save('sip:a@x', [], version), store.locations.save('sip:b@x', [binding('b')], 0)];
  turn.end();
  for (const save of doomed) await assert.rejects(async () => save, failed(file, /database is locked/));
  assert.equal((await store.locations.load('sip:a@x', NOW)).version, version);
  assert.deepEqual(await store.locations.load('sip:b@x', NOW), { bindings: [], version: 0 });
  blocker.exec('ROLLBACK');
  blocker.close();
  const again = store.locations.save('sip:a@x', [], version);
  turn.end();
  assert.equal(await again, true);
  store.close();
});

test('a write that fails in the middle of a commit takes back those before it', async (t) => {
  const file = fileIn(t);
  const { store, turn } = openByHand(file);
  execute(
    file,
    "CREATE TRIGGER no_b BEFORE INSERT ON registrations WHEN NEW.aor = 'sip:b@x' BEGIN SELECT RAISE(ABORT, 'no b'); END",
  );
  const doomed = ['a', 'b', 'c'].map((key) => store.locations.save(`sip:${key}@x`, [binding(key)], 0));
  turn.end();
  for (const save of doomed) await assert.rejects(async () => save, failed(file, /no b/));
  for (const key of ['a', 'b', 'c']) assert.equal((await store.locations.load(`sip:${key}@x`, NOW)).version, 0);
  const fine = store.locations.save('sip:a@x', [binding('a')], 0);
  turn.end();
  assert.equal(await fine, true);
  store.close();
});

test('bindings, users and settings are there when the file is opened again', async (t) => {
  const file = fileIn(t);
  const before = openSqliteStore(file);
  await before.locations.save('sip:a@x', [binding('a')], 0);
  await before.settings.put('domain', 'x.example');
  before.close();
  const after = openSqliteStore(file);
  assert.deepEqual(await after.locations.lookup('sip:a@x', NOW), [binding('a')]);
  assert.equal(await after.settings.get('domain'), 'x.example');
  after.close();
});

test('closing commits what waits', async (t) => {
  const file = fileIn(t);
  const { store } = openByHand(file);
  const done = store.locations.save('sip:a@x', [binding('a')], 0);
  store.close();
  assert.equal(await done, true);
  const after = openSqliteStore(file);
  assert.equal((await after.locations.lookup('sip:a@x', NOW)).length, 1);
  after.close();
});

test('a closed store says so, to readers and to writers, and may be closed twice', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file);
  store.close();
  store.close();
  const closed = (error: unknown): boolean => error instanceof StoreFault && error.code === 'NODE_E_STORE_CLOSED';
  assert.throws(() => store.locations.load('sip:a@x', NOW), closed);
  assert.throws(() => store.locations.save('sip:a@x', [], 0), closed);
  assert.throws(() => store.users.find('alice', 'x'), closed);
  assert.throws(() => store.settings.put('a', 'b'), closed);
});

test('the number of a connection of an earlier process is not taken for that of a new one (RFC 5626 §6)', async (t) => {
  const file = fileIn(t);
  const first = openSqliteStore(file);
  await first.locations.save('sip:a@x', [overConnection('tcp', 5), { ...overConnection('udp', 0), key: 'u' }], 0);
  assert.deepEqual(connectionsOf(await first.locations.lookup('sip:a@x', NOW)), [5, 0]);
  first.close();
  const second = openSqliteStore(file);
  const { bindings, version } = await second.locations.load('sip:a@x', NOW);
  assert.deepEqual(connectionsOf(bindings), [LOST_CONNECTION, 0]);
  await second.locations.save('sip:a@x', [...bindings, { ...overConnection('tcp', 5), key: 'n' }], version);
  assert.deepEqual(connectionsOf(await second.locations.lookup('sip:a@x', NOW)), [LOST_CONNECTION, 0, 5]);
  second.close();
});

test('versions go on where they were when the file is opened again, whatever was done meanwhile', async (t) => {
  const file = fileIn(t);
  const seen = [];
  for (const bindings of [[binding('a')], [binding('a')], [], [binding('a')], [binding('a')]]) {
    const store = openSqliteStore(file);
    const { version } = await store.locations.load('sip:a@x', NOW);
    await store.locations.save('sip:a@x', bindings, version);
    if (bindings.length > 0) seen.push((await store.locations.load('sip:a@x', NOW)).version);
    store.close();
  }
  assert.deepEqual(
    seen,
    [...new Set(seen)].toSorted((a, b) => a - b),
  );
});

test('a second process may read while the first writes, and sees what is committed', async (t) => {
  const file = fileIn(t);
  const server = openSqliteStore(file);
  await server.locations.save('sip:a@x', [overConnection('tcp', 5)], 0);
  const reader = openSqliteStore(file, { access: 'read' });
  assert.deepEqual(connectionsOf(await reader.locations.lookup('sip:a@x', NOW)), [LOST_CONNECTION]);
  await server.locations.save('sip:b@x', [binding('b')], 0);
  assert.equal((await reader.locations.lookup('sip:b@x', NOW)).length, 1);
  reader.close();
  server.close();
});

test('a file can be read when no server runs, and is not changed by it', async (t) => {
  const file = fileIn(t);
  const server = openSqliteStore(file);
  await server.locations.save('sip:a@x', [binding('a')], 0);
  const { version } = await server.locations.load('sip:a@x', NOW);
  server.close();
  const reader = openSqliteStore(file, { access: 'read' });
  assert.equal((await reader.locations.lookup('sip:a@x', NOW)).length, 1);
  assert.throws(() => reader.locations.save('sip:a@x', [], version), UsageFault);
  assert.throws(() => reader.settings.put('a', 'b'), UsageFault);
  reader.close();
});

/** A store whose turns end when the test says so. */
function openByHand(
  file: string,
  options: SqliteOptions = {},
): { store: Store; turn: { waiting: number; end(): void } } {
  const waiting: (() => void)[] = [];
  const store = openSqliteStore(file, { busyMs: 1, ...options, defer: (run) => waiting.push(run) });
  const turn = {
    get waiting() {
      return waiting.length;
    },
    end: () => {
      for (const run of waiting.splice(0)) run();
    },
  };
  return { store, turn };
}

const failed =
  (file: string, cause: RegExp) =>
  (error: unknown): boolean =>
    error instanceof StoreFault &&
    error.code === 'NODE_E_STORE_FAILED' &&
    error.message.includes(file) &&
    cause.test(error.message);

function execute(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

const overConnection = (protocol: 'udp' | 'tcp', connection: number): Binding => {
  const plain = binding('a');
  return { ...plain, flow: { ...plain.flow, local: { ...plain.flow.local, protocol }, connection } };
};

const connectionsOf = (bindings: readonly Binding[]): readonly number[] => bindings.map((b) => b.flow.connection);

const binding = (key: string): Binding => ({
  key,
  contact: `sip:${key}@198.51.100.7`,
  params: '',
  q: undefined,
  callId: 'call',
  cseq: 1,
  expiresAt: NOW + 60_000,
  registeredAt: NOW,
  updatedAt: NOW,
  path: [],
  flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '198.51.100.7', port: 5062, connection: 0 },
  reach: 'contact',
  instance: undefined,
  regId: undefined,
  gruusSince: undefined,
  userAgent: undefined,
});

function fileIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-locations-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'strowger.db');
}

const NOW = 1_764_000_000_000;
