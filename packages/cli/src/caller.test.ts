import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAddressResolver } from '@strowger/node';
import type { Resolver } from '@strowger/sip/resolve';
import { type NameZone, openNameServer } from '@strowger/testkit';
import { folderFor } from '../test/process.ts';
import { commandEntry } from './command.ts';
import { pingOutline } from './commands/ping.ts';
import { pingBody } from './commands/ping-run.ts';
import { registerOutline } from './commands/register.ts';
import { registerBody } from './commands/register-run.ts';
import { createFakeIo, type FakeIo } from './io-fake.ts';
import { main } from './main.ts';

const PING = async () => pingOutline;
const REGISTER = async () => registerOutline;

async function runIn(zone: NameZone, t: TestContext, words: readonly string[], io: FakeIo = createFakeIo()) {
  const resolver = await resolverOf(t, zone);
  const ping = pingBody({ timeoutMs: 300, gapMs: 0, resolver });
  const register = registerBody({ timeoutMs: 5_000, resolver });
  const entries = [
    commandEntry('ping', PING, async () => ping),
    commandEntry('register', REGISTER, async () => register),
  ];
  const exit = await main(words, io, new AbortController().signal, entries);
  return { exit, out: io.outLines, err: io.errLines };
}

async function resolverOf(t: TestContext, zone: NameZone): Promise<Resolver> {
  const dns = await openNameServer(zone);
  t.after(() => dns.close());
  return createAddressResolver({ servers: [dns.address], readHosts: async () => '' });
}

interface Site {
  readonly port: (protocol: 'udp' | 'tls' | 'ws' | 'wss') => number;
  /** The file of the authority that the server made for itself. */
  readonly authority: string;
}

/** A server of the domain a.test in this process, until the test ends. */
async function serve(t: TestContext): Promise<Site> {
  const folder = folderFor(t);
  const listen = ['udp', 'tls', 'ws', 'wss'].map((protocol) => `${protocol}:127.0.0.1:0`).join(', ');
  const users = 'users: [{ name: alice, password: wonder }]';
  writeFileSync(join(folder, 'strowger.yaml'), `domains: [a.test]\nlisten: [${listen}]\ndata: ./data\n${users}\n`);
  const fake = createFakeIo({ folder });
  const end = new AbortController();
  const ready = new Promise<string>((resolve) => {
    const out = (line: string): void => (line.startsWith('ready ') ? resolve(line) : undefined);
    const io = { ...fake, out, readFile: (path: string) => readFile(path, 'utf8') };
    const done = main(['serve'], io, end.signal);
    t.after(async () => {
      end.abort();
      assert.equal(await done, 0);
    });
  });
  const line = await ready;
  return {
    port: (protocol) => Number(new RegExp(` ${protocol}:127\\.0\\.0\\.1:(\\d+)`).exec(line)?.[1]),
    authority: join(folder, 'data/certificates/authority.pem'),
  };
}

/** Where no other test listens, so that a port that is closed stays so. */
const DEAD = '127.0.0.9';

/** A port of that address where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, DEAD);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('NAPTR and SRV lead to the server, whose certificate is for the domain (RFC 3263 §4.1, RFC 5922 §7.3)', async (t) => {
  const { port, authority } = await serve(t);
  const zone: NameZone = {
    'NAPTR a.test': ['1 1 "s" "SIPS+D2T" "" _sips._tcp.a.test.'],
    'SRV _sips._tcp.a.test': [`0 1 ${port('tls')} host.elsewhere.test.`],
    'A host.elsewhere.test': ['127.0.0.1'],
  };
  for (const uri of ['sip:a.test', 'sips:a.test', 'sip:a.test;transport=tls']) {
    const { exit, out, err } = await runIn(zone, t, ['ping', uri, '--count', '2', '--ca', authority]);
    assert.deepEqual([exit, err], [0, []], out.join());
    assert.match(out[0] ?? '', new RegExp(`^200 OK from tls:127\\.0\\.0\\.1:${port('tls')} in `));
  }
});

test('WebSocket is spoken too, encrypted or not (RFC 7118)', async (t) => {
  const { port, authority } = await serve(t);
  const zone: NameZone = { 'A a.test': ['127.0.0.1'] };
  for (const [uri, protocol] of [
    [`sip:a.test:${port('ws')};transport=ws`, 'ws'],
    [`sips:a.test:${port('wss')};transport=ws`, 'wss'],
  ] as const) {
    const { exit, out, err } = await runIn(zone, t, ['ping', uri, '--count', '1', '--ca', authority]);
    assert.deepEqual([exit, err], [0, []], out.join());
    assert.match(out[0] ?? '', new RegExp(`^200 OK from ${protocol}:127\\.0\\.0\\.1:`));
  }
});

test('a certificate for another name is refused, and both names are told (RFC 5922 §7.3)', async (t) => {
  const { port, authority } = await serve(t);
  const zone: NameZone = { 'A b.test': ['127.0.0.1'] };
  const { exit, out } = await runIn(zone, t, ['ping', `sips:b.test:${port('tls')}`, '--count', '1', '--ca', authority]);
  assert.equal(exit, 3);
  assert.match(
    out[0] ?? '',
    /^lost: tls:127\.0\.0\.1:\d+ is not trusted: expected a certificate for b\.test, found one for a\.test/,
  );
});

test('an authority that nobody believes is refused, with the flag that would help', async (t) => {
  const { port } = await serve(t);
  const { exit, out } = await runIn({ 'A a.test': ['127.0.0.1'] }, t, [
    'ping',
    `sips:a.test:${port('tls')}`,
    '--count',
    '1',
  ]);
  assert.equal(exit, 3);
  assert.match(
    out[0] ?? '',
    /^lost: tls:127\.0\.0\.1:\d+ is not trusted: .*; --ca names a file with an authority to believe$/,
  );
});

test('a file that holds no authority is named', async (t) => {
  const io = createFakeIo({ folder: folderFor(t) });
  const words = ['ping', 'sips:127.0.0.1', '--ca', 'none.pem'];
  assert.deepEqual(await runIn({}, t, words, io), {
    exit: 1,
    out: [],
    err: [`strowger ping: the certificate file ${join(io.folder, 'none.pem')} is not there.`],
  });
});

test('a server that refuses or is silent is told and passed over, and who answers is stayed with (RFC 3263 §4.3)', async (t) => {
  const { port } = await serve(t);
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const dead = await deadPort();
  const zone: NameZone = {
    'NAPTR a.test': ['1 1 "s" "SIP+D2T" "" _sip._tcp.a.test.', '2 1 "s" "SIP+D2U" "" _sip._udp.a.test.'],
    'SRV _sip._tcp.a.test': [`0 1 ${dead} dead.a.test.`],
    'A dead.a.test': [DEAD],
    'SRV _sip._udp.a.test': [`0 1 ${silent.address().port} s.a.test.`, `1 1 ${port('udp')} s.a.test.`],
    'A s.a.test': ['127.0.0.1'],
  };
  const { exit, out, err } = await runIn(zone, t, ['ping', 'sip:a.test', '--count', '3']);
  assert.equal(exit, 0);
  assert.deepEqual(err, [
    `strowger ping: tcp:${DEAD}:${dead} refused the connection; the next server is tried.`,
    `strowger ping: no answer from udp:127.0.0.1:${silent.address().port} in 0.3 s; the next server is tried.`,
  ]);
  assert.equal(out.filter((line) => line.startsWith(`200 OK from udp:127.0.0.1:${port('udp')} `)).length, 3);
});

test('when all have failed each probe begins with the first', async (t) => {
  const dead = [await deadPort(), await deadPort()];
  const zone: NameZone = {
    'SRV _sip._tcp.a.test': dead.map((port, at) => `${at} 1 ${port} s.a.test.`),
    'A s.a.test': [DEAD],
  };
  const { exit, out, err } = await runIn(zone, t, ['ping', 'sip:a.test;transport=tcp', '--count', '2']);
  assert.deepEqual([exit, err.length], [3, 2]);
  assert.deepEqual(out, [
    ...[1, 2].map(() => `lost: tcp:${DEAD}:${dead[1]} refused the connection`),
    '2 sent, 0 answered, 2 lost',
  ]);
});

test('a sips: address is registered over TLS with a sips: contact (RFC 5630 §5.1.1.1)', async (t) => {
  const { port, authority } = await serve(t);
  const zone: NameZone = {
    'SRV _sips._tcp.a.test': [`0 1 ${port('tls')} s.a.test.`],
    'A s.a.test': ['127.0.0.1'],
  };
  const io = createFakeIo({ input: 'wonder\n' });
  const words = ['register', 'sips:alice@a.test', '--password-stdin', '--ca', authority];
  const { exit, out, err } = await runIn(zone, t, words, io);
  assert.deepEqual([exit, err], [0, []]);
  assert.match(out[2] ?? '', /^sips:alice@127\.0\.0\.1:\d+ +1 h +this command$/);
});
