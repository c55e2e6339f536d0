import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type NameZone, openNameServer } from '@strowger/testkit';
import { createAddressResolver, type ResolverOptions } from './resolver.ts';

test('A and AAAA records are asked for together and come in the order of the families', async (t) => {
  const { resolver, dns } = await resolverFor(t, {
    'A both.example': ['192.0.2.1', '192.0.2.2'],
    'AAAA both.example': ['2001:db8::1'],
  });
  assert.deepEqual(await resolver.addresses('Both.Example.'), ['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  assert.deepEqual(dns.asked.sort(), ['udp A both.example', 'udp AAAA both.example']);
  const preferring6 = await resolverFor(t, dns.zone, { families: ['ipv6', 'ipv4'] });
  assert.deepEqual(await preferring6.resolver.addresses('both.example'), ['2001:db8::1', '192.0.2.1', '192.0.2.2']);
});

test('a family that the server has no address of is not asked for', async (t) => {
  const { resolver, dns } = await resolverFor(
    t,
    { 'A both.example': ['192.0.2.1'], 'AAAA both.example': ['2001:db8::1'] },
    { families: ['ipv4'] },
  );
  assert.deepEqual(await resolver.addresses('both.example'), ['192.0.2.1']);
  assert.deepEqual(dns.asked, ['udp A both.example']);
});

test('IP literals are their own answer, at once and with no question', async (t) => {
  const { resolver, dns } = await resolverFor(t, {});
  assert.deepEqual(resolver.addresses('192.0.2.7'), ['192.0.2.7']);
  assert.deepEqual(resolver.addresses('2001:db8::7'), ['2001:db8::7']);
  assert.deepEqual(resolver.addresses('[2001:db8::7]'), ['2001:db8::7']);
  assert.deepEqual(dns.asked, []);
});

test('localhost and all below it are loopback, invalid and all below it nothing, with no question (RFC 6761 §6.3, §6.4)', async (t) => {
  const { resolver, dns } = await resolverFor(t, {});
  for (const name of ['localhost', 'LOCALHOST.', 'a.localhost'])
    assert.deepEqual(resolver.addresses(name), ['127.0.0.1', '::1']);
  for (const name of ['invalid', 'a.invalid', '', '.', 'x'.repeat(254)]) assert.deepEqual(resolver.addresses(name), []);
  assert.deepEqual(dns.asked, []);
});

test('the own table of the machine goes before DNS and is read again after five seconds', async (t) => {
  let hosts = '192.0.2.9 phone.example';
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(t, {}, { readHosts: async () => hosts, now: () => clock.now });
  assert.deepEqual(await resolver.addresses('phone.example'), ['192.0.2.9']);
  assert.deepEqual(resolver.addresses('PHONE.example'), ['192.0.2.9'], 'a table just read answers at once');
  hosts = '192.0.2.10 phone.example';
  assert.deepEqual(await resolver.addresses('phone.example'), ['192.0.2.9']);
  clock.now = 5_001;
  assert.deepEqual(await resolver.addresses('phone.example'), ['192.0.2.10']);
  assert.deepEqual(dns.asked, []);
});

test('an answer is kept for the lifetime of its shortest record and then asked for again', async (t) => {
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(
    t,
    { 'A a.example': ['192.0.2.1'] },
    { families: ['ipv4'], now: () => clock.now },
  );
  await resolver.addresses('a.example');
  clock.now = 59_999;
  assert.deepEqual(resolver.addresses('a.example'), ['192.0.2.1'], 'a kept answer is given at once');
  clock.now = 60_000;
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.1']);
  assert.equal(dns.asked.length, 2);
});

test('a name without addresses is an empty list, believed for ten seconds', async (t) => {
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(
    t,
    { 'A text.example': 'nodata' },
    { families: ['ipv4'], now: () => clock.now },
  );
  assert.deepEqual(await resolver.addresses('nobody.example'), []);
  assert.deepEqual(await resolver.addresses('text.example'), []);
  clock.now = 9_999;
  assert.deepEqual(resolver.addresses('nobody.example'), []);
  assert.equal(dns.asked.length, 2);
  clock.now = 10_000;
  assert.deepEqual(await resolver.addresses('nobody.example'), []);
  assert.equal(dns.asked.length, 3);
});

test('questions for one name at the same time are one question', async (t) => {
  const { resolver, dns } = await resolverFor(t, { 'A a.example': ['192.0.2.1'] }, { families: ['ipv4'] });
  await Promise.all([
    resolver.addresses('a.example'),
    resolver.addresses('A.example'),
    resolver.addresses('a.example.'),
  ]);
  assert.deepEqual(dns.asked, ['udp A a.example']);
});

test('when the servers fail, what was known before is used, and asked for again soon (RFC 8767)', async (t) => {
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(
    t,
    { 'A a.example': ['192.0.2.1'] },
    { families: ['ipv4'], now: () => clock.now },
  );
  await resolver.addresses('a.example');
  dns.zone['A a.example'] = 'SERVFAIL';
  clock.now = 61_000;
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.1']);
  dns.zone['A a.example'] = ['192.0.2.2'];
  clock.now = 66_000;
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.2']);
});

test('what was known before is not used for longer than a day after its end', async (t) => {
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(
    t,
    { 'A a.example': ['192.0.2.1'] },
    { families: ['ipv4'], now: () => clock.now },
  );
  await resolver.addresses('a.example');
  dns.zone['A a.example'] = 'SERVFAIL';
  clock.now = 60_000 + 86_400_000;
  assert.deepEqual(await resolver.addresses('a.example'), []);
});

test('the failure of one family does not hide the addresses of the other', async (t) => {
  const { resolver } = await resolverFor(t, { 'A a.example': ['192.0.2.1'], 'AAAA a.example': 'SERVFAIL' });
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.1']);
});

test('servers that never answer give an empty list when the time is over', async (t) => {
  const { resolver } = await resolverFor(t, { 'A a.example': 'silence' }, { families: ['ipv4'], timeoutMs: 20 });
  assert.deepEqual(await resolver.addresses('a.example'), []);
});

/** A resolver whose only name server is a small one in this process; records live for a minute. */
async function resolverFor(t: TestContext, zone: NameZone, options: ResolverOptions = {}) {
  const dns = await openNameServer(zone);
  t.after(() => dns.close());
  return { dns, resolver: createAddressResolver({ servers: [dns.address], readHosts: async () => '', ...options }) };
}
