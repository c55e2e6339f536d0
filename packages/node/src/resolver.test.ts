import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { createAddressResolver, type ResolverOptions } from './resolver.ts';

test('A and AAAA records are asked for together and come in the order of the families', async (t) => {
  const { resolver, dns } = await resolverFor(t, {
    'both.example A': ['192.0.2.1', '192.0.2.2'],
    'both.example AAAA': ['2001:db8::1'],
  });
  assert.deepEqual(await resolver.addresses('Both.Example.'), ['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  assert.deepEqual(dns.asked.sort(), ['both.example A', 'both.example AAAA']);
  const preferring6 = await resolverFor(t, dns.zone, { families: ['ipv6', 'ipv4'] });
  assert.deepEqual(await preferring6.resolver.addresses('both.example'), ['2001:db8::1', '192.0.2.1', '192.0.2.2']);
});

test('a family that the server has no address of is not asked for', async (t) => {
  const { resolver, dns } = await resolverFor(
    t,
    { 'both.example A': ['192.0.2.1'], 'both.example AAAA': ['2001:db8::1'] },
    { families: ['ipv4'] },
  );
  assert.deepEqual(await resolver.addresses('both.example'), ['192.0.2.1']);
  assert.deepEqual(dns.asked, ['both.example A']);
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
    { 'a.example A': ['192.0.2.1'] },
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
    { 'text.example A': [] },
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
  const { resolver, dns } = await resolverFor(t, { 'a.example A': ['192.0.2.1'] }, { families: ['ipv4'] });
  await Promise.all([
    resolver.addresses('a.example'),
    resolver.addresses('A.example'),
    resolver.addresses('a.example.'),
  ]);
  assert.deepEqual(dns.asked, ['a.example A']);
});

test('when the servers fail, what was known before is used, and asked for again soon (RFC 8767)', async (t) => {
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(
    t,
    { 'a.example A': ['192.0.2.1'] },
    { families: ['ipv4'], now: () => clock.now },
  );
  await resolver.addresses('a.example');
  dns.zone['a.example A'] = 'fails';
  clock.now = 61_000;
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.1']);
  dns.zone['a.example A'] = ['192.0.2.2'];
  clock.now = 63_000;
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.2']);
});

test('what was known before is not used for longer than a day after its end', async (t) => {
  const clock = { now: 0 };
  const { resolver, dns } = await resolverFor(
    t,
    { 'a.example A': ['192.0.2.1'] },
    { families: ['ipv4'], now: () => clock.now },
  );
  await resolver.addresses('a.example');
  dns.zone['a.example A'] = 'fails';
  clock.now = 60_000 + 86_400_000;
  assert.deepEqual(await resolver.addresses('a.example'), []);
});

test('the failure of one family does not hide the addresses of the other', async (t) => {
  const { resolver } = await resolverFor(t, { 'a.example A': ['192.0.2.1'], 'a.example AAAA': 'fails' });
  assert.deepEqual(await resolver.addresses('a.example'), ['192.0.2.1']);
});

test('servers that never answer give an empty list when the time is over', async (t) => {
  const { resolver } = await resolverFor(t, { 'a.example A': 'silent' }, { families: ['ipv4'], timeoutMs: 20 });
  assert.deepEqual(await resolver.addresses('a.example'), []);
});

type Zone = Record<string, readonly string[] | 'fails' | 'silent'>;

/** A resolver whose only name server is a small one in this process; records live for a minute. */
async function resolverFor(t: TestContext, zone: Zone, options: ResolverOptions = {}) {
  const dns = { zone, asked: [] as string[] };
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const { key, end } = readQuestion(question);
    dns.asked.push(key);
    const records = dns.zone[key];
    if (records !== 'silent') socket.send(answerTo(question, end, records), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  const servers = [`127.0.0.1:${socket.address().port}`];
  return { dns, resolver: createAddressResolver({ servers, readHosts: async () => '', ...options }) };
}

function readQuestion(packet: Buffer): { key: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = packet.readUInt16BE(at + 1) === 28 ? 'AAAA' : 'A';
  return { key: `${labels.join('.').toLowerCase()} ${type}`, end: at + 5 };
}

/** RFC 1035 §4.1: the header, the question as it came, and records that point to its name. */
function answerTo(question: Buffer, end: number, records: readonly string[] | 'fails' | undefined): Buffer {
  const header = Buffer.from(question.subarray(0, 12));
  const list = Array.isArray(records) ? (records as readonly string[]) : [];
  header.writeUInt16BE(0x8180 | (records === 'fails' ? 2 : records === undefined ? 3 : 0), 2);
  header.writeUInt16BE(list.length, 6);
  header.writeUInt32BE(0, 8);
  const answers = list.map((address) => {
    const data = address.includes(':') ? v6Bytes(address) : Buffer.from(address.split('.').map(Number));
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(data.length === 16 ? 28 : 1, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(60, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([header, question.subarray(12, end), ...answers]);
}

/** Only for addresses of the form `a:b::c`. */
function v6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const bytes = Buffer.alloc(16);
  for (const [i, group] of head.split(':').entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  bytes.writeUInt16BE(Number.parseInt(tail, 16), 14);
  return bytes;
}
