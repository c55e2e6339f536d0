import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Binding, Locations } from '@strowger/sip/roles/registrar';
import { answerBindings, type BindingsPage } from './api-bindings.ts';
import { Identity } from './identity.ts';

const NOW = 1_764_000_000_000;

const bindingOf = (contact: string, other: Partial<Binding> = {}): Binding => ({
  key: contact,
  contact,
  params: '',
  q: undefined,
  callId: 'c1',
  cseq: 7,
  expiresAt: NOW + 59_001,
  registeredAt: NOW,
  updatedAt: NOW,
  path: [],
  flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '198.51.100.7', port: 5062, connection: 0 },
  reach: 'contact',
  instance: undefined,
  regId: undefined,
  gruusSince: undefined,
  userAgent: undefined,
  ...other,
});

function locationsOf(stored: Readonly<Record<string, readonly Binding[]>>): Locations {
  return {
    load: () => ({ bindings: [], version: 0 }),
    save: () => true,
    lookup: (aor) => stored[aor] ?? [],
    expire: () => [],
    entries: (_, after = '') =>
      Object.entries(stored)
        .filter(([aor]) => aor > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([aor, all]) => all.map((binding) => ({ aor, binding }))),
  };
}

/** Asks with the words of a query. */
function askerOf(stored: Readonly<Record<string, readonly Binding[]>>) {
  const identity = new Identity(['example.test', 'example.org']);
  identity.listensOn({ protocol: 'udp', host: '192.0.2.1', port: 5060 });
  const locations = locationsOf(stored);
  return (query: Readonly<Record<string, string>>) => {
    const request = { method: 'GET', path: '/v1/bindings', query: new Map(Object.entries(query)), body: undefined };
    return answerBindings(request, locations, identity, NOW);
  };
}

test('bindings of all addresses are shown in the order of the addresses', async () => {
  const ask = askerOf({
    'sip:bob@example.test': [bindingOf('sip:bob@198.51.100.7:5062', { q: 500, userAgent: 'Phone/1' })],
    'sip:alice@example.test': [
      bindingOf('sip:alice@[2001:db8::7]', {
        flow: {
          local: { protocol: 'tcp', host: '2001:db8::1', port: 5060 },
          host: '2001:db8::7',
          port: 50_000,
          connection: 3,
        },
      }),
    ],
  });
  assert.deepEqual((await ask({})).body, {
    bindings: [
      {
        aor: 'sip:alice@example.test',
        contact: 'sip:alice@[2001:db8::7]',
        q: null,
        expiresInSeconds: 60,
        receivedFrom: 'tcp:[2001:db8::7]:50000',
        path: [],
        userAgent: null,
        callId: 'c1',
        cseq: 7,
      },
      {
        aor: 'sip:bob@example.test',
        contact: 'sip:bob@198.51.100.7:5062',
        q: 0.5,
        expiresInSeconds: 60,
        receivedFrom: 'udp:198.51.100.7:5062',
        path: [],
        userAgent: 'Phone/1',
        callId: 'c1',
        cseq: 7,
      },
    ],
    next: null,
  });
});

test('bindings come in pages that never part those of one address', async () => {
  const ask = askerOf(
    Object.fromEntries(
      [1, 2, 3, 1].map((count, i) => [
        `sip:user${i}@example.test`,
        Array.from({ length: count }, (_, n) => bindingOf(`sip:u@198.51.100.${n}`)),
      ]),
    ),
  );
  const page = async (query: Readonly<Record<string, string>>) => {
    const { status, body } = await ask(query);
    assert.equal(status, 200);
    const { bindings, next } = body as BindingsPage;
    return [bindings.map(({ aor }) => aor.charAt('sip:user'.length)).join(''), next];
  };
  assert.deepEqual(await page({}), ['0112223', null]);
  assert.deepEqual(await page({ limit: '7' }), ['0112223', null]);
  assert.deepEqual(await page({ limit: '2' }), ['011', 'sip:user1@example.test']);
  assert.deepEqual(await page({ limit: '2', after: 'sip:user1@example.test' }), ['222', 'sip:user2@example.test']);
  assert.deepEqual(await page({ limit: '2', after: 'sip:user2@example.test' }), ['3', null]);
  assert.deepEqual(await page({ after: 'sip:user3@example.test' }), ['', null]);
  assert.deepEqual(await page({ aor: 'user2', limit: '1' }), ['222', null]);
  for (const limit of ['0', '-1', '1001', '1e3', '', '2.5', ' 2', '99999999999999999999'])
    assert.equal((await ask({ limit })).status, 400, limit);
});

test('without a limit a page has a thousand bindings', async () => {
  const many = Array.from({ length: 1_001 }, (_, i) => [`sip:user${10_000 + i}@example.test`, [bindingOf('sip:u@x')]]);
  const ask = askerOf(Object.fromEntries(many));
  const { bindings, next } = (await ask({})).body as BindingsPage;
  assert.deepEqual([bindings.length, next], [1_000, 'sip:user10999@example.test']);
});

test('bindings of one address are found by every way to write it (RFC 3261 §10.3 step 5)', async () => {
  const ask = askerOf({ 'sip:alice@example.test': [bindingOf('sip:alice@198.51.100.7')] });
  const ways = [
    'sip:alice@example.test',
    'SIPS:%61lice@EXAMPLE.test',
    'alice@example.test',
    'alice',
    'sip:alice@192.0.2.1',
  ];
  for (const aor of ways) {
    const { status, body } = await ask({ aor });
    assert.equal(status, 200, aor);
    assert.match(JSON.stringify(body), /"aor":"sip:alice@example.test","contact":"sip:alice@198.51.100.7"/, aor);
  }
  for (const aor of ['sip:example.test', 'sip:alice@elsewhere.test', 'a b', '']) {
    const { status } = await ask({ aor });
    assert.equal(status, 400, aor);
  }
});
