import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { digestsOf, type Hash } from '@strowger/sip/auth';
import type { Users } from '@strowger/sip/roles/registrar';
import { LayeredUsers } from './users.ts';

const hash: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
const stored = digestsOf('bob', 'a.test', 'of the store', hash);
const store: Users = {
  find: (username, realm) => (username === 'bob' && realm === 'a.test' ? stored : undefined),
  findByUserhash: (algorithm, userhash) => (stored.userhashes[algorithm] === userhash ? stored : undefined),
  list: () => [{ username: 'bob', realm: 'a.test' }],
  put: () => undefined,
  remove: () => false,
};
const users = new LayeredUsers(
  [
    { name: 'alice', password: 'HUNTER2' },
    { name: 'alice', password: 'HUNTER3', domain: 'b.test' },
  ],
  'a.test',
  store,
  hash,
);

test('the users of the configuration are found by name and by the hash of it, each in his realm (RFC 7616 §3.4.4)', () => {
  for (const [realm, password] of [
    ['a.test', 'HUNTER2'],
    ['b.test', 'HUNTER3'],
  ] as const) {
    const expected = digestsOf('alice', realm, password, hash);
    assert.deepEqual(users.find('alice', realm), expected);
    for (const algorithm of ['MD5', 'SHA-256', 'SHA-512-256'] as const) {
      assert.deepEqual(users.findByUserhash(algorithm, expected.userhashes[algorithm], realm), expected);
      assert.equal(users.findByUserhash(algorithm, expected.userhashes[algorithm], 'c.test'), undefined);
    }
  }
});

test('whoever is not in the configuration is looked up in the store, by name and by hash', () => {
  assert.equal(users.find('bob', 'a.test'), stored);
  assert.equal(users.findByUserhash('MD5', stored.userhashes.MD5, 'a.test'), stored);
  assert.equal(users.findByUserhash('MD5', stored.userhashes['SHA-256'], 'a.test'), undefined);
});

test('nothing that is kept of a user holds the password', async () => {
  const kept = [users.find('alice', 'a.test')];
  const listed = [];
  for await (const user of users.list()) listed.push(user);
  assert.doesNotMatch(JSON.stringify([kept, listed]), /HUNTER/);
  assert.doesNotMatch(JSON.stringify(listed), /[0-9a-f]{32}/);
});
