import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { lacking } from '../../scripts/peers.ts';
import { strowger } from './peers/command.ts';
import { createLab } from './peers/lab.ts';
import { openMessenger } from './peers/messenger.ts';
import { startNamed, TTL_SECONDS } from './peers/named.ts';
import { answers, calls } from './peers/phones.ts';
import { freePort } from './peers/port.ts';
import { type Account, ALICE, HOST, startServer } from './peers/server.ts';
import { headersOf, runSipp, startSipp } from './peers/sipp.ts';

const skip = lacking('named');
const skipWithPhone = lacking('named', 'sipp');
const DAVE: Account = { name: 'dave', password: '', domain: 'elsewhere.test' };
const TO_DAVE = 'sip:dave@elsewhere.test';

/** The zone of RFC 3263 §4.1 with what it leaves out. */
const ELSEWHERE = [
  '@ NAPTR 50 50 "s" "SIPS+D2T" "" _sips._tcp.elsewhere.test.',
  '@ NAPTR 90 50 "s" "SIP+D2T" "" _sip._tcp.elsewhere.test.',
  '@ NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.elsewhere.test.',
  '_sips._tcp SRV 0 1 5061 server1',
  '_sip._tcp SRV 0 1 5060 server1',
  '_sip._tcp SRV 1 2 5060 server2',
  '_sip._udp SRV 0 0 5070 server2',
  'server1 A 192.0.2.1',
  'server2 A 192.0.2.2',
  'server2 A 192.0.2.3',
];

test('strowger resolve finds the servers of a domain at BIND, in the order of NAPTR and SRV (RFC 3263 §4.1)', {
  skip,
}, async (t) => {
  const lab = createLab(t);
  const { address } = await startNamed(lab, { 'elsewhere.test': ELSEWHERE });
  const found = await strowger(lab, 'resolve', 'sip:elsewhere.test', '--server', address);
  assert.equal(found.end, 0, found.text);
  const places = [...found.text.matchAll(/^\d +(\w+) +(\S+:\d+) +(\S+)$/gm)].map(([, ...cells]) => cells.join(' '));
  assert.deepEqual(places.slice(0, 2), ['tls 192.0.2.1:5061 elsewhere.test', 'tcp 192.0.2.1:5060 -']);
  // Addresses of one name come in the order of the answer, which BIND changes.
  assert.deepEqual(places.slice(2, 4).sort(), ['tcp 192.0.2.2:5060 -', 'tcp 192.0.2.3:5060 -']);
  assert.deepEqual(places.slice(4).sort(), ['udp 192.0.2.2:5070 -', 'udp 192.0.2.3:5070 -']);
  const secure = await strowger(lab, 'resolve', 'sips:elsewhere.test', '--server', address);
  assert.match(secure.text, /^1 +tls +192\.0\.2\.1:5061 +elsewhere\.test$/m);
  assert.doesNotMatch(secure.text, /^\d +(?:tcp|udp) /m);
  const missing = await strowger(lab, 'resolve', 'sip:nowhere.elsewhere.test', '--server', address);
  assert.equal(missing.end, 2, missing.text);
});

test('strowger enum finds the SIP address of a number at BIND, in the order of its records (RFC 6116 §3)', {
  skip,
}, async (t) => {
  const lab = createLab(t);
  const { address } = await startNamed(lab, {
    'e164.arpa': [
      '$ORIGIN 3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa.',
      '@ NAPTR 100 50 "u" "E2U+sip" "!^(\\\\+441632960083)$!sip:\\\\1@example.com!" .',
      '@ NAPTR 100 51 "u" "E2U+h323" "!^.*$!h323:operator@example.com!" .',
      '@ NAPTR 100 52 "u" "E2U+email:mailto" "!^.*$!mailto:info@example.com!" .',
      '@ NAPTR 10 50 "u" "E2U+sip" "!^.*$!sip:first@example.com!" .',
    ],
  });
  const found = await strowger(lab, 'enum', '+441632960083', '--server', address);
  assert.equal(found.end, 0, found.text);
  const rows = [...found.text.matchAll(/^\d +(sip:\S+) +(\S+) +(\d+) +(\d+)$/gm)].map(([, ...cells]) => cells);
  assert.deepEqual(rows, [
    ['sip:first@example.com', 'sip', '10', '50'],
    ['sip:+441632960083@example.com', 'sip', '100', '50'],
  ]);
  const other = await strowger(lab, 'enum', '+441632960084', '--server', address);
  assert.equal(other.end, 2, other.text);
});

test('a call goes to the next server of the zone when the first refuses the connection; a dead name server is passed by (RFC 3263 §4.3)', {
  skip: skipWithPhone,
}, async (t) => {
  const lab = createLab(t);
  const [closed, closedDns] = [await freePort(), await freePort()];
  const dave = await startSipp(lab, answers(DAVE), { transport: 'tcp' });
  const { address } = await startNamed(lab, {
    'elsewhere.test': [
      '@ NAPTR 10 10 "s" "SIP+D2T" "" _sip._tcp.elsewhere.test.',
      `_sip._tcp SRV 0 0 ${closed} here`,
      `_sip._tcp SRV 1 0 ${dave.port} here`,
      `here A ${HOST}`,
    ],
  });
  const server = await startServer(lab, `dns: { servers: ["${HOST}:${closedDns}", "${address}"] }`);
  await runSipp(lab, calls(ALICE, TO_DAVE), { transport: 'udp', to: server });
  const { received } = await dave.done();
  assert.match(headersOf(received[0], 'Via')[0] ?? '', /^SIP\/2\.0\/TCP /);
});

test('a changed zone counts when the lifetime of what was known before is over (RFC 1035 §3.2.1)', {
  skip,
}, async (t) => {
  const lab = createLab(t);
  const [before, after, caller] = [await openMessenger(t), await openMessenger(t), await openMessenger(t)];
  const recordsFor = (port: number): readonly string[] => [`_sip._udp SRV 0 0 ${port} here`, `here A ${HOST}`];
  const named = await startNamed(lab, { 'elsewhere.test': recordsFor(before.port) });
  const server = await startServer(lab, `dns: { servers: ["${named.address}"] }`, 'trusted: [127.0.0.0/8]');
  const since = performance.now();
  const ask = async (): Promise<void> => {
    const [status] = await caller.ask('MESSAGE', TO_DAVE, server);
    assert.equal(status, 'SIP/2.0 200 OK');
  };
  await ask();
  await named.change('elsewhere.test', recordsFor(after.port));
  while (after.taken.length === 0 && performance.now() - since < 2_000 * TTL_SECONDS) {
    await ask();
    await pause(100);
  }
  const seconds = (performance.now() - since) / 1_000;
  assert.deepEqual(after.taken, [`MESSAGE ${TO_DAVE} SIP/2.0`]);
  assert.ok(before.taken.length > 1, 'known answers are used');
  assert.ok(seconds >= TTL_SECONDS && seconds < TTL_SECONDS + 3, `${seconds} s`);
});
