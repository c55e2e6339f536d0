import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Digests } from '@strowger/sip/auth';
import { Commits } from './commits.ts';
import { LoopWriter } from './loop-writer.ts';
import { openFile } from './open.ts';
import { SqliteUsers } from './users.ts';

test('a user that was changed or removed is not found as he was, from the moment on in which that is done', async (t) => {
  const { users } = create(t);
  await users.put(digests('a'));
  assert.equal(users.find('alice', 'x')?.ha1s.MD5[0], 'a');
  await users.put(digests('b'));
  assert.equal(users.find('alice', 'x')?.ha1s.MD5[0], 'b');
  assert.equal(await users.remove('alice', 'x'), true);
  assert.equal(users.find('alice', 'x'), undefined);
});

test('what another process does to a user is seen within a second, and until then the file is not asked', async (t) => {
  const { users, file, clock } = create(t);
  await users.put(digests('a'));
  assert.equal(users.find('alice', 'x')?.ha1s.MD5[0], 'a');
  const other = new DatabaseSync(file);
  other.exec('DELETE FROM users');
  other.close();
  clock.now += 999;
  assert.equal(users.find('alice', 'x')?.ha1s.MD5[0], 'a');
  clock.now += 1;
  assert.equal(users.find('alice', 'x'), undefined);
});

function create(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-users-'));
  const file = join(folder, 'strowger.db');
  const db = openFile(file, { access: 'write', busyMs: 1 });
  const writer = new LoopWriter(db, () => assert.fail('there is nothing to move yet'));
  const commits = new Commits(db, file, 'write', writer, setImmediate);
  const clock = { now: 0 };
  t.after(() => {
    commits.close();
    rmSync(folder, { recursive: true });
  });
  return { users: new SqliteUsers(commits, () => clock.now), file, clock };
}

const digests = (digit: string): Digests => {
  const all = { MD5: digit.repeat(32), 'SHA-256': digit.repeat(64), 'SHA-512-256': digit.repeat(64) };
  return { username: 'alice', realm: 'x', ha1s: all, userhashes: all };
};
