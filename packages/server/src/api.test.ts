import assert from 'node:assert/strict';
import { hash as opensslHash } from 'node:crypto';
import { test } from 'node:test';
import type { Digests, Hash } from '@strowger/sip/auth';
import type { Locations, Users } from '@strowger/sip/roles/registrar';
import { type ApiPorts, answerApi } from './api.ts';
import type { ApiRequest } from './api-response.ts';
import { loadConfig } from './config/index.ts';
import { Identity } from './identity.ts';
import { LayeredUsers } from './users.ts';

const NOW = 1_764_000_000_000;
const hash: Hash = (algorithm, data) =>
  opensslHash(algorithm.replace('MD5', 'md5').replace('SHA-', 'sha').replace('sha512-256', 'sha512-256'), data, 'hex');

class FakeUsers implements Users {
  readonly all = new Map<string, Digests>();

  find(username: string, realm: string): Digests | undefined {
    return this.all.get(`${username}@${realm}`);
  }

  findByUserhash(): undefined {
    return undefined;
  }

  list(): Iterable<Digests> {
    return this.all.values();
  }

  put(user: Digests): void {
    this.all.set(`${user.username}@${user.realm}`, user);
  }

  remove(username: string, realm: string): boolean {
    return this.all.delete(`${username}@${realm}`);
  }
}

const NOWHERE: Locations = {
  load: () => ({ bindings: [], version: 0 }),
  save: () => true,
  lookup: () => [],
  expire: () => [],
  entries: () => [],
};

interface World {
  readonly ask: (method: string, path: string, more?: Partial<ApiRequest>) => ReturnType<typeof answerApi>;
  readonly users: FakeUsers;
  readonly ports: ApiPorts;
}

function worldOf(): World {
  const users = new FakeUsers();
  const identity = new Identity(['example.test', 'example.org']);
  identity.listensOn({ protocol: 'udp', host: '192.0.2.1', port: 5060 });
  const configured = new LayeredUsers([{ name: 'carol', password: 'c' }], 'example.test', users, hash);
  const ports: ApiPorts = {
    server: { identity, users: configured, locations: NOWHERE },
    hash,
    unix: () => NOW,
  };
  const ask: World['ask'] = (method, path, more) =>
    answerApi({ method, path, query: new Map(), body: undefined, ...more }, ports);
  return { ask, users, ports };
}

const password = (text: string): Partial<ApiRequest> => ({ body: { password: text } });

test('a new user is kept as digests in the first domain, and never shown with a password', async () => {
  const { ask, users } = worldOf();
  const added = await ask('POST', '/v1/users', { body: { name: 'alice', password: 'wonder' } });
  assert.deepEqual(added, { status: 201, body: { user: 'alice@example.test' } });
  assert.equal(users.find('alice', 'example.test')?.ha1s.MD5, hash('MD5', 'alice:example.test:wonder'));
  const list = await ask('GET', '/v1/users');
  assert.deepEqual(list.body, {
    users: [
      { name: 'carol', domain: 'example.test', origin: 'configuration' },
      { name: 'alice', domain: 'example.test', origin: 'store' },
    ],
  });
  assert.ok(!JSON.stringify([added, list]).includes('wonder'));
});

test('a user that is there is not added again, and keeps the password', async () => {
  const { ask, users } = worldOf();
  await ask('POST', '/v1/users', { body: { name: 'alice', domain: 'Example.ORG', password: 'a' } });
  const before = users.find('alice', 'example.org');
  const again = await ask('POST', '/v1/users', { body: { name: 'alice', domain: 'example.org', password: 'b' } });
  assert.deepEqual(again, { status: 409, body: { error: 'alice@example.org is there already.' } });
  assert.equal(users.find('alice', 'example.org'), before);
});

test('PATCH changes the password of a user that is there, PUT of any', async () => {
  const { ask, users } = worldOf();
  assert.equal((await ask('PATCH', '/v1/users/example.test/dave', password('x'))).status, 404);
  assert.equal(users.all.size, 0);
  assert.equal((await ask('PUT', '/v1/users/example.test/dave', password('x'))).status, 200);
  assert.equal((await ask('PATCH', '/v1/users/EXAMPLE.test/dave', password('y'))).status, 200);
  assert.equal(users.find('dave', 'example.test')?.ha1s.MD5, hash('MD5', 'dave:example.test:y'));
});

test('a user is removed once', async () => {
  const { ask, users } = worldOf();
  await ask('PUT', '/v1/users/example.test/dave', password('x'));
  assert.deepEqual((await ask('DELETE', '/v1/users/example.test/dave')).body, { user: 'dave@example.test' });
  assert.equal(users.all.size, 0);
  const again = await ask('DELETE', '/v1/users/example.test/dave');
  assert.deepEqual(again, { status: 404, body: { error: 'there is no user dave@example.test.' } });
});

test('users of the configuration are read-only', async () => {
  const { ask, users } = worldOf();
  const requests = [
    ask('POST', '/v1/users', { body: { name: 'carol', password: 'x' } }),
    ask('PUT', '/v1/users/example.test/carol', password('x')),
    ask('PATCH', '/v1/users/example.test/carol', password('x')),
    ask('DELETE', '/v1/users/example.test/carol'),
  ];
  for (const { status, body } of await Promise.all(requests)) {
    assert.equal(status, 409);
    assert.deepEqual(body, {
      error: 'carol@example.test is written in the configuration and can only be changed there.',
    });
  }
  assert.equal(users.all.size, 0);
});

test('names are compared and kept in normalization form C (RFC 7616 §4)', async () => {
  const { users, ports } = worldOf();
  users.put({ username: 'andr\u00e9', realm: 'example.test', ha1s: NO_DIGESTS, userhashes: NO_DIGESTS });
  const path = `/v1/users/example.test/${encodeURIComponent('andre\u0301')}`;
  const { status } = await answerApi({ method: 'DELETE', path, query: new Map(), body: undefined }, ports);
  assert.equal(status, 200);
});

const NO_DIGESTS = { MD5: '', 'SHA-256': '', 'SHA-512-256': '' };

test('a name, domain or password that cannot be is refused with a sentence', async () => {
  const { ask, users } = worldOf();
  const refused = [
    await ask('POST', '/v1/users', { body: { name: 'a:b', password: 'x' } }),
    await ask('POST', '/v1/users', { body: { name: '', password: 'x' } }),
    await ask('POST', '/v1/users', { body: { name: 'alice', domain: 'elsewhere.test', password: 'x' } }),
    await ask('POST', '/v1/users', { body: { name: 'alice', password: '' } }),
    await ask('POST', '/v1/users', { body: { name: 'alice', password: 'two\nlines' } }),
    await ask('POST', '/v1/users', { body: { name: 'alice' } }),
    await ask('POST', '/v1/users', { body: ['alice'] }),
    await ask('POST', '/v1/users'),
    await ask('PUT', '/v1/users/example.test/alice', { body: 'x' }),
    await ask('PUT', '/v1/users/elsewhere.test/alice', password('x')),
  ];
  for (const { status, body } of refused) {
    assert.equal(status, 400);
    assert.match(JSON.stringify(body), /^\{"error":".+\."\}$/);
  }
  assert.equal(users.all.size, 0);
});

test('the API takes the names that the configuration takes', async () => {
  for (const name of ['alice', '100', 'a.b-c_d', "!~*'()&=+$,;?/", 'a b', 'a@b', 'a%b', 'a"b', 'é', '<a>', '']) {
    const { ask } = worldOf();
    const config = loadConfig(JSON.stringify({ users: [{ name, password: 'x' }] }), 'test.yaml');
    const { status } = await ask('POST', '/v1/users', { body: { name, password: 'x' } });
    assert.equal(status === 201, config.type === 'config', name);
  }
});

test('the data of a server that does not run is described without addresses', async () => {
  const { ask } = worldOf();
  assert.deepEqual((await ask('GET', '/v1/server')).body, {
    domains: ['example.test', 'example.org'],
    listening: [],
    transactions: { server: 0, client: 0 },
  });
});

test('unknown paths, wrong methods and bad escapes are answered as HTTP says', async () => {
  const { ask } = worldOf();
  for (const [method, path, status] of [
    ['GET', '/', 404],
    ['GET', '/v2/users', 404],
    ['GET', '/v1/server/x', 404],
    ['GET', '/v1/users/example.test', 404],
    ['GET', '/v1/users/example.test/a/b', 404],
    ['GET', '/v1/nothing', 404],
    ['DELETE', '/v1/users', 405],
    ['POST', '/v1/bindings', 405],
    ['PUT', '/v1/server', 405],
    ['GET', '/v1/users/example.test/a', 405],
    ['GET', '/v1/users/%zz/a', 400],
  ] as const) {
    const answer = await ask(method, path);
    assert.equal(answer.status, status, `${method} ${path}`);
  }
});
