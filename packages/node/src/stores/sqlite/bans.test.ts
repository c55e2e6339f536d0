import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ban } from '@strowger/server';
import { openSqliteStore } from './store.ts';

test('bans of an SQLite file are there when it is opened again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bans-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'strowger.db');
  const ban: Ban = { network: '192.0.2.7', reason: 'scanner', by: 'guard', since: 1, until: undefined, times: 3 };
  const before = openSqliteStore(file);
  await before.bans.put(ban);
  before.close();
  const after = openSqliteStore(file, { access: 'read' });
  t.after(() => after.close());
  const found: Ban[] = [];
  for await (const one of after.bans.list()) found.push(one);
  assert.deepEqual(found, [ban]);
});
