import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { type NameAnswer, type NameZone, openNameServer } from '@strowger/testkit';
import { createNameService, type NameServiceOptions } from './name-service.ts';
import { parseServerAddress } from './server-address.ts';

test('an answer that does not fit into a datagram is asked for by TCP (RFC 1035 §4.2.2)', async (t) => {
  const many = Array.from({ length: 60 }, (_, i) => `192.0.2.${i}`);
  const { names, asked } = await serviceFor(t, [{ 'A a.example': (how) => (how === 'udp' ? 'truncated' : many) }]);
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: many });
  assert.deepEqual(asked(0), ['udp A a.example', 'tcp A a.example']);
});

test('an answer by TCP that is cut too, or far too long, is a fault', async (t) => {
  const long = Array.from({ length: 1_500 }, () => '192.0.2.1');
  const { names, addresses } = await serviceFor(t, [
    { 'A a.example': 'truncated', 'A b.example': (how) => (how === 'udp' ? 'truncated' : long) },
  ]);
  const [server] = addresses;
  const fault = (text: string) => ({ type: 'fault', code: 'malformed', text: `${text} from ${server}` });
  assert.deepEqual(await names.ask('A', 'a.example'), fault('a truncated answer by TCP'));
  assert.deepEqual(await names.ask('A', 'b.example'), fault('an answer of 37527 bytes'));
});

test('what is no answer to the question is passed over, and the right one waited for (RFC 5452 §4)', async (t) => {
  const forged: readonly NameAnswer[] = ['garbage', 'wrong id', 'wrong question', ['192.0.2.1']];
  const { names } = await serviceFor(t, [{ 'A a.example': () => forged }]);
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
});

test('an answer from somebody else than the server is not heard (RFC 5452 §4.1)', async (t) => {
  const stranger = createSocket('udp4');
  stranger.bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  t.after(() => stranger.close());
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const right = await openNameServer({ 'A a.example': ['192.0.2.1'] });
  t.after(() => right.close());
  server.on('message', (packet, from) => {
    const forged = Buffer.from(packet);
    forged.writeUInt16BE(0x8183, 2);
    stranger.send(forged, from.port, from.address, () => {
      const relay = createSocket('udp4');
      relay.on('message', (reply) => {
        server.send(reply, from.port, from.address);
        relay.close();
      });
      relay.send(packet, parseServerAddress(right.address)?.port ?? 0, '127.0.0.1');
    });
  });
  const names = createNameService({ servers: [{ host: '127.0.0.1', port: server.address().port }] });
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
});

test('questions have numbers that differ and ports that differ (RFC 5452 §9.2)', async (t) => {
  const ids = new Set<number>();
  const script = (_: string, __: number, packet: Buffer): NameAnswer => {
    ids.add(packet.readUInt16BE(0));
    return 'nodata';
  };
  const zone: NameZone = {};
  for (let i = 0; i < 20; i += 1) zone[`A h${i}.example`] = script;
  const { names } = await serviceFor(t, [zone]);
  for (let i = 0; i < 20; i += 1) await names.ask('A', `h${i}.example`);
  assert.ok(ids.size > 15, 'twenty numbers of 65,536');
});

test('a silent server is followed by the next one, which is then asked first', async (t) => {
  const { names, asked } = await serviceFor(
    t,
    [
      { 'A a.example': 'silence', 'A b.example': 'silence' },
      { 'A a.example': ['192.0.2.1'], 'A b.example': ['192.0.2.2'] },
    ],
    { timeoutMs: 1_000 },
  );
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
  assert.deepEqual(await names.ask('A', 'b.example'), { type: 'records', records: ['192.0.2.2'] });
  assert.deepEqual(asked(0), ['udp A a.example']);
});

test('a lost datagram is sent again', async (t) => {
  const zone: NameZone = { 'A a.example': (_, count) => (count === 1 ? 'silence' : ['192.0.2.1']) };
  const { names } = await serviceFor(t, [zone], { timeoutMs: 500 });
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
});

test('a server that fails is followed by the next one; when all fail, the fault names the answer and the server', async (t) => {
  const good = await serviceFor(t, [{ 'A a.example': 'SERVFAIL' }, { 'A a.example': ['192.0.2.1'] }]);
  assert.deepEqual(await good.names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
  const bad = await serviceFor(t, [{ 'A a.example': 'REFUSED' }, { 'A a.example': 'SERVFAIL' }]);
  assert.deepEqual(await bad.names.ask('A', 'a.example'), {
    type: 'fault',
    code: 'REFUSED',
    text: `REFUSED from ${bad.addresses[0]}`,
  });
  assert.deepEqual([bad.asked(0).length, bad.asked(1).length], [1, 1], 'a server that said no is not asked again');
  const lame = await serviceFor(t, [{ 'A a.example': 'referral' }]);
  const text = `a referral to other servers: it does not look names up for us from ${lame.addresses[0]}`;
  assert.deepEqual(await lame.names.ask('A', 'a.example'), { type: 'fault', code: 'other', text });
});

test('silence of all servers ends when the time is over, and a closed port at once', async (t) => {
  const silent = await serviceFor(t, [{ 'A a.example': 'silence' }], { timeoutMs: 50 });
  const text = `no answer in time from ${silent.addresses[0]}`;
  assert.deepEqual(await silent.names.ask('A', 'a.example'), { type: 'fault', code: 'timeout', text });
  const closed = await openNameServer({});
  await closed.close();
  const server = parseServerAddress(closed.address);
  assert.ok(server !== undefined);
  const fault = await createNameService({ servers: [server] }).ask('A', 'a.example');
  assert.deepEqual(fault, { type: 'fault', code: 'unreachable', text: `ECONNREFUSED from ${closed.address}` });
  const zoneless = createNameService({ servers: [{ host: 'fe80::1', port: 53 }], timeoutMs: 1_000 });
  const noRoute = await zoneless.ask('A', 'a.example');
  assert.equal('code' in noRoute && noRoute.code, 'unreachable', 'a link-local address without a zone');
  const nobody = await createNameService({ servers: [] }).ask('A', 'a.example');
  assert.deepEqual(nobody, { type: 'fault', code: 'unreachable', text: 'this machine has no name server' });
});

test('a server from before EDNS is asked again without it (RFC 6891 §7)', async (t) => {
  const zone: NameZone = {
    'A a.example': (_, __, packet) => (packet.readUInt16BE(10) === 1 ? 'FORMERR' : ['192.0.2.1']),
  };
  const { names } = await serviceFor(t, [zone]);
  assert.deepEqual(await names.ask('A', 'a.example'), { type: 'records', records: ['192.0.2.1'] });
});

test('the question offers 1,232 bytes by UDP (RFC 6891 §6.2.3)', async (t) => {
  let offered = 0;
  const script = (_: string, __: number, packet: Buffer): NameAnswer => {
    offered = packet.readUInt16BE(packet.length - 8);
    return 'nodata';
  };
  const { names } = await serviceFor(t, [{ 'A a.example': script }]);
  await names.ask('A', 'a.example');
  assert.equal(offered, 1_232);
});

test('the address of a name server is an IP address, with a port or without', () => {
  for (const [text, host, port] of [
    ['192.0.2.1', '192.0.2.1', 53],
    ['192.0.2.1:5353', '192.0.2.1', 5_353],
    ['2001:db8::1', '2001:db8::1', 53],
    ['[2001:db8::1]:54', '2001:db8::1', 54],
  ] as const)
    assert.deepEqual(parseServerAddress(text), { host, port });
  for (const text of ['dns.example', '192.0.2.1:0', '192.0.2.1:65536', '', ':53', '[192.0.2.1'])
    assert.equal(parseServerAddress(text), undefined, text);
});

/** A service that asks servers of this process, one for each zone. */
async function serviceFor(t: TestContext, zones: readonly NameZone[], options: NameServiceOptions = {}) {
  const opened = await Promise.all(zones.map((zone) => openNameServer(zone)));
  t.after(() => Promise.all(opened.map((server) => server.close())));
  const servers = opened.flatMap(({ address }) => parseServerAddress(address) ?? []);
  return {
    names: createNameService({ servers, ...options }),
    asked: (at: number): readonly string[] => opened[at]?.asked ?? [],
    addresses: opened.map(({ address }) => address),
  };
}
