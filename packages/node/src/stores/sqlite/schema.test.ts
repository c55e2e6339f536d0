import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { MIGRATIONS, migrate, schemaVersionOf } from './schema.ts';

test('a file is brought to the newest version step by step, each step once', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, ['CREATE TABLE a (x)']);
  assert.equal(schemaVersionOf(db), 1);
  migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'INSERT INTO b VALUES (1)']);
  migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)', 'INSERT INTO b VALUES (1)']);
  assert.equal(schemaVersionOf(db), 3);
  assert.deepEqual({ ...db.prepare('SELECT count(*) AS n FROM b').get() }, { n: 1 });
});

test('a step that fails leaves the file at the version before it', () => {
  const db = new DatabaseSync(':memory:');
  assert.throws(() => migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE b (x); CREATE TABLE a (x)']), /already exists/);
  assert.equal(schemaVersionOf(db), 1);
  assert.equal(db.isTransaction, false);
  assert.deepEqual(
    db
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map((row) => row.name),
    ['a'],
  );
});

test('bindings of version 1 stay, those of RFC 5626 with their flow as the only way, and those of instances get GRUUs', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS.slice(0, 1));
  const columns =
    'aor, version, key, contact, params, call_id, cseq, expires_at, registered_at, updated_at, path, protocol, ' +
    'local_host, local_port, host, port, connection, instance, reg_id';
  const insert = db.prepare(`INSERT INTO bindings (${columns}) VALUES (${'?, '.repeat(18)}?)`);
  const row = (key: string, path: string, instance: string | null, regId: number | null) =>
    insert.run('a', 1, key, 'c', '', 'i', 1, 9, 5, 5, path, 'udp', 'l', 1, 'h', 2, 0, instance, regId);
  row('plain', '[]', null, null);
  row('instance', '[]', 'urn:x', null);
  row('direct', '[]', 'urn:x', 1);
  row('by path', '["sip:edge;lr;ob"]', 'urn:x', 1);
  migrate(db);
  const rows = db.prepare('SELECT key, reach, gruus_since FROM bindings ORDER BY id').all();
  assert.deepEqual(
    rows.map(({ key, reach, gruus_since }) => [key, reach, gruus_since]),
    [
      ['plain', 'contact', null],
      ['instance', 'contact', 5],
      ['direct', 'flow', 5],
      ['by path', 'contact', 5],
    ],
  );
});

test('the text columns of the schema hold no password', () => {
  assert.ok(MIGRATIONS.every((step) => !/passw/i.test(step)));
});
