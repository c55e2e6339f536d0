import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { StoreFault, type StoreFaultCode } from '../faults.ts';
import { openSqliteStore, type SqliteOptions } from './store.ts';

test('a new file carries our application id and schema version, is for its owner alone, and nothing lies beside it', (t) => {
  const file = fileIn(t);
  openSqliteStore(file).close();
  const db = new DatabaseSync(file, { readOnly: true });
  assert.deepEqual({ ...db.prepare('PRAGMA application_id').get() }, { application_id: 0x5374726f });
  assert.deepEqual({ ...db.prepare('PRAGMA user_version').get() }, { user_version: 4 });
  assert.deepEqual({ ...db.prepare('PRAGMA journal_mode').get() }, { journal_mode: 'wal' });
  db.close();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(join(file, '..')).filter((name) => name.includes('.new')),
    [],
  );
});

test('what is no database is refused and left as it is', (t) => {
  for (const text of ['', 'domains: [example.com]\n', 'x'.repeat(5000)]) {
    const file = fileIn(t);
    writeFileSync(file, text);
    const fault = refused(file, 'NODE_E_STORE_FOREIGN');
    assert.match(fault.message, text === '' ? /it is empty/ : /it begins with "(domains: \[|xxx)/);
    assert.match(fault.message, /expected is an SQLite database with application id 0x5374726f/);
    assert.equal(readFileSync(file, 'utf8'), text);
  }
});

test('a database of another program is refused and left as it is, also with its log beside it', (t) => {
  for (const pragma of ['application_id = 1196444487', 'application_id = 0', 'journal_mode = WAL']) {
    const file = fileIn(t);
    const other = new DatabaseSync(file);
    other.exec(`CREATE TABLE t (x); INSERT INTO t VALUES (1); PRAGMA ${pragma}; INSERT INTO t VALUES (2)`);
    const before = readFileSync(file);
    const fault = refused(file, 'NODE_E_STORE_FOREIGN');
    assert.match(
      fault.message,
      pragma.includes('1196444487') ? /application id 0x47504b47;/ : /application id 0x00000000;/,
    );
    refused(file, 'NODE_E_STORE_FOREIGN', { access: 'read' });
    assert.deepEqual(readFileSync(file), before);
    other.close();
  }
});

test('a file cut short or overwritten in the middle is refused and left as it is', (t) => {
  for (const damage of [
    (bytes: Buffer) => bytes.subarray(0, bytes.length - 4096),
    (bytes: Buffer) => bytes.subarray(0, 150),
    (bytes: Buffer) => bytes.fill(0xaa, 120, 4096),
    (bytes: Buffer) => bytes.fill(0xaa, 8192, 12_288),
  ]) {
    const file = fileIn(t);
    openSqliteStore(file).close();
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    const fault = refused(file, 'NODE_E_STORE_CORRUPT');
    assert.match(fault.message, /is damaged: .+ restore a copy/);
    assert.deepEqual(readFileSync(file), damaged);
  }
});

test('a file of a newer version is refused and left as it is', (t) => {
  const file = fileIn(t);
  openSqliteStore(file).close();
  execute(file, 'PRAGMA user_version = 99');
  const before = readFileSync(file);
  for (const access of ['read', 'write'] as const) {
    const fault = refused(file, 'NODE_E_STORE_NEWER', { access });
    assert.match(fault.message, /schema version 99, this program knows 4/);
  }
  assert.deepEqual(readFileSync(file), before);
});

test('a file of an older version cannot be read only, since that would have to change it', (t) => {
  const file = fileIn(t);
  openSqliteStore(file).close();
  execute(file, 'PRAGMA user_version = 0');
  assert.match(refused(file, 'NODE_E_STORE_OLDER', { access: 'read' }).message, /version 0, expected is 4/);
});

test('a file that another process holds is refused', (t) => {
  const file = fileIn(t);
  openSqliteStore(file).close();
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  assert.match(refused(file, 'NODE_E_STORE_LOCKED', { busyMs: 1 }).message, /locked by another process/);
  holder.exec('ROLLBACK');
  holder.close();
  const owner = new DatabaseSync(file);
  owner.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  refused(file, 'NODE_E_STORE_LOCKED', { busyMs: 1 });
  owner.close();
  openSqliteStore(file, { busyMs: 1 }).close();
});

test('a folder that is missing, is none, or stands in the place of the file is refused', (t) => {
  const file = fileIn(t);
  const folder = join(file, '..');
  assert.match(
    refused(join(folder, 'nowhere', 'strowger.db'), 'NODE_E_STORE_UNREADABLE').message,
    /cannot be made: .*ENOENT/,
  );
  writeFileSync(join(folder, 'plain'), '');
  assert.match(refused(join(folder, 'plain', 'strowger.db'), 'NODE_E_STORE_UNREADABLE').message, /ENOTDIR/);
  mkdirSync(file);
  assert.match(refused(file, 'NODE_E_STORE_UNREADABLE').message, /EISDIR/);
});

test('a folder or a file that this user may not read or write is refused', (t) => {
  const file = fileIn(t);
  const folder = join(file, '..');
  chmodSync(folder, 0o755);
  openSqliteStore(join(folder, 'secret.db')).close();
  chmodSync(join(folder, 'secret.db'), 0);
  chmodSync(folder, 0o555);
  asNobody(() => {
    assert.match(refused(file, 'NODE_E_STORE_UNREADABLE').message, /cannot be made: .*EACCES/);
    assert.match(refused(join(folder, 'secret.db'), 'NODE_E_STORE_UNREADABLE').message, /cannot be read: .*EACCES/);
  });
  chmodSync(folder, 0);
  asNobody(() => {
    assert.match(refused(file, 'NODE_E_STORE_UNREADABLE').message, /cannot be read: .*EACCES/);
  });
  chmodSync(folder, 0o755);
});

test('the log of a database that was deleted is not taken for the new one’s', (t) => {
  const file = fileIn(t);
  writeFileSync(`${file}-wal`, 'left behind');
  assert.match(refused(file, 'NODE_E_STORE_CORRUPT').message, /strowger\.db-wal of it is there/);
  assert.deepEqual(readdirSync(join(file, '..')), ['strowger.db-wal']);
});

test('a file that was to be read only is not made', (t) => {
  const file = fileIn(t);
  refused(file, 'NODE_E_STORE_MISSING', { access: 'read' });
  assert.deepEqual(readdirSync(join(file, '..')), []);
});

function refused(file: string, code: StoreFaultCode, options?: SqliteOptions): StoreFault {
  try {
    openSqliteStore(file, options).close();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    assert.equal(error.code, code, error.message);
    assert.equal(error.file, file);
    assert.ok(error.message.includes(file));
    return error;
  }
  return assert.fail(`${file} was opened`);
}

/** The superuser may read everything, so he steps down for a moment. */
function asNobody(run: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

function execute(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

function fileIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-open-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'strowger.db');
}
