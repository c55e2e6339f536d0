import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { LOST_CONNECTION } from '@strowger/sip/roles/registrar';
import { bindingsFrom, NUMBERS } from '../table/held-bindings.ts';
import { heldFrom } from './registration-row.ts';
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
  migrate(db, MIGRATIONS.slice(0, 2));
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

test('bindings of version 3 become rows of the journal, the newest set last, with every field and whatever their texts hold', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS.slice(0, 3));
  const columns =
    'aor, version, key, contact, params, q, call_id, cseq, expires_at, registered_at, updated_at, path, ' +
    'protocol, local_host, local_port, host, port, connection, instance, reg_id, user_agent, reach, gruus_since';
  const insert = db.prepare(`INSERT INTO bindings (${columns}) VALUES (${'?, '.repeat(22)}?)`);
  const full = [
    'c',
    ';a="\\\u{1f4de}\n"',
    500,
    'id',
    7,
    9000,
    1000,
    2000,
    JSON.stringify(['sip:e;lr', 'sip:"f']),
    'wss',
    'l',
    1,
    'h',
    2,
    5,
  ];
  insert.run('new', 8, 'k', ...full, '', 3, 'agent', 'flow', 1500);
  insert.run(
    'old',
    4,
    'c',
    'c',
    '',
    null,
    'id',
    7,
    9000,
    1000,
    2000,
    '[]',
    'udp',
    'l',
    1,
    'h',
    2,
    0,
    null,
    null,
    null,
    'contact',
    null,
  );
  insert.run('new', 8, 'second', ...full, 'urn:x', null, null, 'flow', 1500);
  migrate(db);
  const rows = db.prepare('SELECT version, aor, numbers, texts FROM registrations ORDER BY id').all();
  assert.deepEqual(
    rows.map(({ version, aor }) => [version, aor]),
    [
      [4, 'old'],
      [8, 'new'],
    ],
  );
  const [old = [], both = []] = rows.map(({ numbers, texts }) => {
    const held = heldFrom(numbers, texts) ?? assert.fail('there is nothing');
    return bindingsFrom(held.numbers, 0, held.numbers.length / NUMBERS, held.texts);
  });
  const local = { protocol: 'udp', host: 'l', port: 1 };
  const nothing = { q: undefined, instance: undefined, regId: undefined, gruusSince: undefined, userAgent: undefined };
  const plain = { key: 'c', contact: 'c', params: '', callId: 'id', cseq: 7, path: [], reach: 'contact' };
  const times = { expiresAt: 9000, registeredAt: 1000, updatedAt: 2000 };
  const flow = { local, host: 'h', port: 2, connection: 0 };
  assert.deepEqual(old, [{ ...nothing, ...plain, ...times, flow }]);
  const other = {
    ...plain,
    ...times,
    params: ';a="\\\u{1f4de}\n"',
    q: 500,
    path: ['sip:e;lr', 'sip:"f'],
    reach: 'flow',
  };
  const lost = { local: { ...local, protocol: 'wss' }, host: 'h', port: 2, connection: LOST_CONNECTION };
  assert.deepEqual(both, [
    { ...other, key: 'k', flow: lost, instance: '', regId: 3, userAgent: 'agent', gruusSince: 1500 },
    {
      ...other,
      key: 'second',
      flow: lost,
      instance: 'urn:x',
      regId: undefined,
      userAgent: undefined,
      gruusSince: 1500,
    },
  ]);
});

test('the text columns of the schema hold no password', () => {
  assert.ok(MIGRATIONS.every((step) => !/passw/i.test(step)));
});
