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

test('the text columns of the schema hold no password', () => {
  assert.ok(MIGRATIONS.every((step) => !/passw/i.test(step)));
});
