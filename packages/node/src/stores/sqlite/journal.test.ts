import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Binding, Located } from '@strowger/sip/roles/registrar';
import type { Store } from '../store.ts';
import { openSqliteStore } from './store.ts';

test('the journal stays in proportion to what is bound, and what was bound once and never again is still in it', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file);
  await register(store, 'idle', 300, 1);
  for (let round = 1; round <= 100; round += 1) await register(store, 'busy', 100, round);
  assert.ok(rowsOf(file) <= 2 * 400 + 2 * 256, `${rowsOf(file)} rows`);
  store.close();
  const after = openSqliteStore(file);
  const found = await listed(after.locations.entries(NOW));
  assert.equal(found.filter(({ aor }) => aor.startsWith('idle')).length, 300);
  assert.deepEqual(
    found.filter(({ aor }) => aor.startsWith('busy')).map(({ binding }) => binding.cseq),
    new Array(100).fill(100),
  );
  after.close();
});

test('what was removed does not come back with a row that is older, nor does what has expired', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file);
  await register(store, 'gone', 50, 1);
  for (let i = 0; i < 50; i += 1) {
    const { version } = await store.locations.load(`gone${i}`, NOW);
    await store.locations.save(`gone${i}`, [], version);
  }
  await register(store, 'old', 50, 1);
  assert.equal((await store.locations.expire(NOW + HOUR, 100)).length, 50);
  for (let round = 1; round <= 20; round += 1) await register(store, 'busy', 100, round);
  store.close();
  const after = openSqliteStore(file);
  const aors = (await listed(after.locations.entries(NOW + HOUR - 1))).map(({ aor }) => aor);
  assert.ok(aors.every((aor) => !aor.startsWith('gone')));
  await after.locations.expire(NOW + HOUR, 1000);
  assert.deepEqual(await listed(after.locations.entries(NOW)), []);
  after.close();
});

test('when everything has expired the journal is emptied as well, slice by slice', async (t) => {
  const file = fileIn(t);
  const store = openSqliteStore(file);
  await register(store, 'one', 3000, 1);
  while ((await store.locations.expire(NOW + HOUR, 100)).length > 0) await new Promise(setImmediate);
  store.close();
  assert.ok(rowsOf(file) <= 3 * 256, `${rowsOf(file)} rows`);
});

async function listed(entries: Iterable<Located> | AsyncIterable<Located>): Promise<readonly Located[]> {
  const found = [];
  for await (const located of entries) found.push(located);
  return found;
}

async function register(store: Store, name: string, count: number, cseq: number): Promise<void> {
  const saves = Array.from({ length: count }, async (_, i) => {
    const { version } = await store.locations.load(`${name}${i}`, NOW);
    return await store.locations.save(`${name}${i}`, [binding(cseq)], version);
  });
  assert.ok((await Promise.all(saves)).every(Boolean));
}

const binding = (cseq: number): Binding => ({
  key: 'sip:a@198.51.100.7',
  contact: 'sip:a@198.51.100.7',
  params: '',
  q: undefined,
  callId: 'call',
  cseq,
  expiresAt: NOW + HOUR,
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

function rowsOf(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT count(*) AS n FROM registrations').get()?.n;
  db.close();
  return Number(rows);
}

function fileIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-journal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'strowger.db');
}

const NOW = 1_764_000_000_000;
const HOUR = 3_600_000;
