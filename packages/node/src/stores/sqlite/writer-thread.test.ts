import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Binding, Located } from '@strowger/sip/roles/registrar';
import { StoreFault } from '../faults.ts';
import { LoopWriter } from './loop-writer.ts';
import { openFile, prepareThread } from './open.ts';
import { openSqliteStore } from './store.ts';
import type { Outcome } from './writer.ts';
import { WriterThread } from './writer-thread.ts';

test('with durability power each commit waits for the disk (SQLite: synchronous FULL in WAL), else none does', (t) => {
  const file = fileIn(t);
  const loop = openFile(file, { access: 'write', busyMs: 1 });
  const thread = new DatabaseSync(file);
  prepareThread(thread);
  assert.deepEqual({ ...loop.prepare('PRAGMA synchronous').get() }, { synchronous: 1 });
  assert.deepEqual({ ...loop.prepare('PRAGMA wal_autocheckpoint').get() }, { wal_autocheckpoint: 0 });
  assert.deepEqual({ ...thread.prepare('PRAGMA synchronous').get() }, { synchronous: 2 });
  thread.close();
  loop.close();
});

test('the loop goes on while a commit of the thread has to wait, and routing sees it when it is done', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file, { durability: 'power', busyMs: 5000 });
  const blocker = new DatabaseSync(file);
  blocker.exec('BEGIN IMMEDIATE');
  let state = 'waiting';
  const saved = Promise.resolve(store.locations.save('sip:a@x', [binding()], 0)).then((done) => {
    state = 'saved';
    return done;
  });
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  assert.equal(state, 'waiting');
  assert.equal((await store.locations.load('sip:a@x', NOW)).bindings.length, 1);
  assert.deepEqual(await store.locations.lookup('sip:a@x', NOW), []);
  blocker.exec('ROLLBACK');
  blocker.close();
  assert.equal(await saved, true);
  assert.deepEqual(await store.locations.lookup('sip:a@x', NOW), [binding()]);
  store.close();
});

test('what the thread could not commit is told to all that were in it, and the next commit is served', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file, { durability: 'power', busyMs: 1 });
  const blocker = new DatabaseSync(file);
  blocker.exec('BEGIN IMMEDIATE');
  const doomed = [store.locations.save('sip:a@x', [binding()], 0), store.settings.put('a', 'b')];
  for (const each of doomed) await assert.rejects(async () => each, isFailed);
  assert.deepEqual(await store.locations.load('sip:a@x', NOW), { bindings: [], version: 0 });
  blocker.exec('ROLLBACK');
  blocker.close();
  assert.equal(await store.locations.save('sip:a@x', [binding()], 0), true);
  store.close();
});

test('closing waits for the thread, with what it has and what is queued behind that', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file, { durability: 'power' });
  const first = store.locations.save('sip:a@x', [binding()], 0);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  const second = store.locations.save('sip:b@x', [binding()], 0);
  store.close();
  assert.deepEqual(await Promise.all([first, second]), [true, true]);
  const after = openSqliteStore(file);
  assert.equal((await listed(after.locations.entries(NOW))).length, 2);
  after.close();
});

test('a thread that has ended answers with a fault, what it was asked before and what it is asked after', async (t) => {
  const thread = new WriterThread(join(fileIn(t), 'nowhere'), 1);
  const asked = () => new Promise<Outcome>((resolve) => thread.commit([['SELECT 1']], resolve));
  assert.ok((await asked()) instanceof Error);
  assert.ok((await asked()) instanceof Error);
  thread.close();
});

test('the log is moved into the file by the thread while commits go on, and begins anew: it does not grow for ever', async (t) => {
  const file = fileIn(t);
  const db = openFile(file, { access: 'write', busyMs: 1000 });
  db.exec('CREATE TABLE t (x)');
  let threads = 0;
  const writer = new LoopWriter(db, () => {
    threads += 1;
    return new WriterThread(file, 1000);
  });
  const job = ['INSERT INTO t VALUES (?)', 'x'.repeat(3000)] as const;
  for (let i = 0; i < COMMITS; i += 1) {
    assert.deepEqual(await new Promise((done) => writer.commit([job], done)), [1]);
    await new Promise(setImmediate);
  }
  assert.equal(threads, 1);
  assert.deepEqual({ ...db.prepare('SELECT count(*) AS n FROM t').get() }, { n: COMMITS });
  assert.ok(statSync(file).size > 3000 * 3000, 'nothing was moved');
  assert.ok(statSync(`${file}-wal`).size < COMMITS * 2 * 4096, 'the log never began anew');
  writer.close();
  db.close();
});

async function listed(entries: Iterable<Located> | AsyncIterable<Located>): Promise<readonly Located[]> {
  const found = [];
  for await (const located of entries) found.push(located);
  return found;
}

const COMMITS = 12_000;

const isFailed = (error: unknown): boolean => error instanceof StoreFault && error.code === 'NODE_E_STORE_FAILED';

const binding = (): Binding => ({
  key: 'sip:a@198.51.100.7',
  contact: 'sip:a@198.51.100.7',
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
  const folder = mkdtempSync(join(tmpdir(), 'strowger-thread-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'strowger.db');
}

const NOW = 1_764_000_000_000;
