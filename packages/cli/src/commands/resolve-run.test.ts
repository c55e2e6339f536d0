import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type NameZone, openNameServer } from '@strowger/testkit';
import { commandEntry } from '../command.ts';
import { createFakeIo } from '../io-fake.ts';
import { main } from '../main.ts';
import { resolveOutline } from './resolve.ts';
import { resolveBody } from './resolve-run.ts';

async function resolve(words: readonly string[]) {
  const io = createFakeIo();
  const body = resolveBody(() => ['ipv6', 'ipv4']);
  const entry = commandEntry(
    'resolve',
    async () => resolveOutline,
    async () => body,
  );
  const exit = await main(['resolve', ...words], io, new AbortController().signal, [entry]);
  return { exit, out: io.outLines, err: io.errLines };
}

async function server(t: TestContext, zone: NameZone): Promise<string> {
  const opened = await openNameServer(zone);
  t.after(() => opened.close());
  return opened.address;
}

const ZONE: NameZone = {
  'NAPTR example.com': [
    '50 50 "s" "SIPS+D2T" "" _sips._tcp.example.com.',
    '60 50 "s" "SIP+D2S" "" _sip._sctp.example.com.',
    '90 50 "s" "SIP+D2T" "" _sip._tcp.example.com.',
  ],
  'SRV _sips._tcp.example.com': ['0 1 5061 server1.example.com.'],
  'SRV _sip._tcp.example.com': ['0 1 5060 server1.example.com.'],
  'A server1.example.com': ['192.0.2.1'],
  'AAAA server1.example.com': ['2001:db8::1'],
};

test('the whole decision is printed: each question with its answer, what was passed over, and the places to try', async (t) => {
  const { exit, out, err } = await resolve(['sip:example.com', '--server', await server(t, ZONE)]);
  assert.deepEqual([exit, err], [0, []]);
  assert.deepEqual(out, [
    'NAPTR example.com: 3 records',
    '  50 50 "s" "SIPS+D2T" "" _sips._tcp.example.com',
    '  60 50 "s" "SIP+D2S" "" _sip._sctp.example.com',
    '  90 50 "s" "SIP+D2T" "" _sip._tcp.example.com',
    '  "SIP+D2S" is passed over: "SIP+D2S" is no service of SIP that is known here',
    '  SRV _sips._tcp.example.com: 1 record',
    '    0 1 5061 server1.example.com',
    '    AAAA server1.example.com: 1 record',
    '      2001:db8::1',
    '      -> tls:[2001:db8::1]:5061',
    '    A server1.example.com: 1 record',
    '      192.0.2.1',
    '      -> tls:192.0.2.1:5061',
    '  SRV _sip._tcp.example.com: 1 record',
    '    0 1 5060 server1.example.com',
    '    AAAA server1.example.com: 1 record',
    '      2001:db8::1',
    '      -> tcp:[2001:db8::1]:5060',
    '    A server1.example.com: 1 record',
    '      192.0.2.1',
    '      -> tcp:192.0.2.1:5060',
    '',
    'TRY  PROTOCOL  ADDRESS             CERTIFICATE FOR',
    '1    tls       [2001:db8::1]:5061  example.com',
    '2    tls       192.0.2.1:5061      example.com',
    '3    tcp       [2001:db8::1]:5060  -',
    '4    tcp       192.0.2.1:5060      -',
  ]);
});

test('programs get one JSON object', async (t) => {
  const address = await server(t, { 'A a.example': ['192.0.2.1'], 'AAAA a.example': 'nodata' });
  const { exit, out } = await resolve(['sip:a.example:5070;transport=tcp', '--server', address, '--json']);
  const { uri, trace, targets, reasons } = JSON.parse(out.join('\n'));
  assert.deepEqual([exit, uri, reasons, trace.length], [0, 'sip:a.example:5070;transport=tcp', [], 3]);
  const path = [{ type: 'A', name: 'a.example' }];
  assert.deepEqual(targets, [{ protocol: 'tcp', host: '192.0.2.1', port: 5070, identity: 'a.example', path }]);
  assert.deepEqual(trace[0].question, { type: 'AAAA', name: 'a.example' });
});

test('a zone that names nothing is told with name, type and answer, and exits with 2', async (t) => {
  const { exit, err } = await resolve(['sip:b.example:5060', '--server', await server(t, { 'A b.example': 'nodata' })]);
  const why = 'AAAA b.example: no such name (NXDOMAIN); A b.example: no such record';
  assert.deepEqual([exit, err], [2, [`strowger resolve: no server for sip:b.example:5060: ${why}.`]]);
});

test('a name that does not exist is told from one without NAPTR records', async (t) => {
  const address = await server(t, { 'NAPTR b.example': 'nodata', 'A b.example': ['192.0.2.1'] });
  const known = await resolve(['sip:b.example', '--server', address]);
  assert.deepEqual(known.out.slice(0, 2), [
    'NAPTR b.example: no such record',
    'there is no NAPTR record: SRV of each protocol that is spoken here',
  ]);
  const unknown = await resolve(['sip:c.example', '--server', address]);
  assert.equal(unknown.exit, 2);
  assert.deepEqual(unknown.out.slice(0, 2), [
    'NAPTR c.example: no such name (NXDOMAIN)',
    'the name itself does not exist: SRV of each protocol that is spoken here',
  ]);
});

test('a name server that fails is named; one that is not there makes the exit code 3', async (t) => {
  const failing = await server(t, { 'SRV _sip._tcp.b.example': 'SERVFAIL' });
  const told = await resolve(['sip:b.example;transport=tcp', '--server', failing]);
  const why = `SRV _sip._tcp.b.example: SERVFAIL from ${failing}`;
  assert.deepEqual(
    [told.exit, told.err],
    [2, [`strowger resolve: no server for sip:b.example;transport=tcp: ${why}.`]],
  );
  const closed = await openNameServer({});
  await closed.close();
  const lost = await resolve(['sip:b.example:5060', '--server', closed.address]);
  assert.equal(lost.exit, 3);
  assert.match(lost.err[0] ?? '', new RegExp(`AAAA b\\.example: ECONNREFUSED from ${closed.address}`));
});

test('what strangers put into a zone cannot move the cursor', async (t) => {
  const zone: NameZone = {
    'NAPTR a.example': ['1 1 "\u001b[2J" "SIP+D2U" "" x.example.'],
    'A a.example': ['192.0.2.1'],
  };
  const { out } = await resolve(['sip:a.example', '--server', await server(t, zone)]);
  assert.ok(out.length > 0 && out.every((line) => !line.includes('\u001b')));
});

test('what is no SIP address, a transport that cannot be had and a server that is none are wrong usage', async () => {
  for (const [words, text] of [
    [['foo'], '"foo" is no SIP address such as sip:example.test.'],
    [['tel:+1'], '"tel:+1" is no SIP address such as sip:example.test.'],
    [['sip:a.example;transport=pigeon'], 'sip:a.example;transport=pigeon: nobody knows the transport pigeon.'],
    [['sips:a.example;transport=udp'], 'sips:a.example;transport=udp: sips: is not spoken over udp.'],
    [
      ['sip:a.example', '--server', 'dns.example'],
      '--server: found "dns.example", expected an IP address such as 192.0.2.1 or [2001:db8::1]:53.',
    ],
  ] as const)
    assert.deepEqual(await resolve(words), { exit: 1, out: [], err: [`strowger resolve: ${text}`] });
});
