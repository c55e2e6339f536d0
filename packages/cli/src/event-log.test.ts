import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferText } from '@strowger/node';
import type { EngineEvent, Flow } from '@strowger/sip/engine';
import { parse } from '@strowger/sip/message';
import { createEventLog, loggedEvents } from './event-log.ts';
import { createLog, type Level } from './log.ts';

const FLOW: Flow = {
  local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
  host: '2001:db8::7',
  port: 5062,
  connection: 0,
};

interface Watched {
  readonly lines: Record<string, unknown>[];
  readonly text: () => string;
  readonly see: (event: EngineEvent) => void;
  readonly types: ReturnType<typeof loggedEvents>;
  readonly clock: { now: number };
}

function watch(level: Level): Watched {
  const written: string[] = [];
  const clock = { now: 0 };
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    written.push(line);
    lines.push(JSON.parse(line));
  };
  const log = createLog({ level, format: 'json', write, now: () => 0, paint: (_, text) => text });
  const see = createEventLog(log, () => clock.now);
  return { lines, text: () => written.join('\n'), see, types: loggedEvents(log), clock };
}

function register(
  uri = 'sip:a.test',
  from = '<sip:alice:hunter2@a.test>;tag=1',
  to = '<sip:alice@a.test>',
): EngineEvent {
  const text = [
    `REGISTER ${uri} SIP/2.0`,
    'Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1',
    `From: ${from}`,
    `To: ${to}`,
    'Call-ID: c1',
    'CSeq: 1 REGISTER',
    'Authorization: Digest username="alice", response="0123456789abcdef0123456789abcdef"',
    'Content-Length: 6',
    '',
    'a=crypto',
  ].join('\r\n');
  const message = parse(Buffer.from(text), bufferText);
  assert.ok(message.kind === 'request');
  return { type: 'message.received', message, flow: FLOW };
}

test('message traffic is told at the level debug: what it is about, and neither body nor credentials', () => {
  const { lines, text, see } = watch('debug');
  see(register());
  assert.equal(lines.length, 1);
  const { time: _, ...line } = lines[0] ?? {};
  assert.deepEqual(line, {
    level: 'debug',
    event: 'message.received',
    peer: 'udp:[2001:db8::7]:5062',
    start: 'REGISTER sip:a.test',
    from: '<sip:alice:…@a.test>;tag=1',
    to: '<sip:alice@a.test>',
    callId: 'c1',
    cseq: '1 REGISTER',
    bodyBytes: 6,
  });
  for (const secret of ['hunter2', '0123456789abcdef', 'crypto']) assert.ok(!text().includes(secret));
});

test('in an address that cannot be read what has the place of a port may be a password of digits, and is left out', () => {
  for (const [uri, told] of [
    ['sip:alice:12345"', 'REGISTER sip:alice:…'],
    ['sip:alice:70000', 'REGISTER sip:alice:…'],
    ['sips:al%ice:12345', 'REGISTER sips:al%ice:…'],
    ['si%p:alice:12345', 'REGISTER si%p:…'],
    ['sip:alice.test:5060', 'REGISTER sip:alice.test:5060'],
    ['sip:[2001:db8::1]:5060;transport=tcp', 'REGISTER sip:[2001:db8::1]:5060;transport=tcp'],
  ] as const) {
    const { lines, see } = watch('debug');
    see(register(uri));
    assert.equal(lines[0]?.start, told);
  }
  for (const [from, told] of [
    ['<sip:alice:12345;tag=1', '<sip:alice:…'],
    ['"A" <sip:ali ce:12345>;tag=1', '"A" <sip:ali ce:…'],
    ['sip:alice:12345"', 'sip:alice:…'],
    ['<sip:alice.test:5060>;tag=1', '<sip:alice.test:5060>;tag=1'],
    ['"a: b" <tel:+1>;tag=1', '"a: b" <tel:+1>;tag=1'],
  ] as const) {
    const { lines, see } = watch('debug');
    see(register('sip:a.test', from, from));
    assert.deepEqual([lines[0]?.from, lines[0]?.to], [told, told]);
  }
});

test('above debug only what went wrong is told, and nothing else has to be built', () => {
  const { lines, see, types } = watch('info');
  see(register());
  see({ type: 'message.dropped', reason: 'x', flow: FLOW });
  assert.deepEqual(lines, []);
  assert.deepEqual(types, [
    'fault',
    'transport.failed',
    'target.unknown',
    'message.malformed',
    'guard.dropped',
    'guard.banned',
    'guard.unbanned',
    'login.failed',
    'login.locked',
    'login.refused',
  ]);
  assert.equal(watch('debug').types, undefined);
});

test('a wrong password is told with the account and the address, never with the password', () => {
  const { lines, see } = watch('info');
  const account = 'alice@a.test';
  see({ type: 'login.failed', account, flow: FLOW });
  see({ type: 'login.locked', scope: 'account at source', account, seconds: 60, flow: FLOW });
  see({ type: 'login.refused', scope: 'account at source', account, flow: FLOW });
  assert.deepEqual(
    lines.map(({ time: _, peer: __, ...rest }) => rest),
    [
      { level: 'warn', event: 'login.failed', account },
      { level: 'warn', event: 'login.locked', scope: 'account at source', account, seconds: 60 },
      { level: 'warn', event: 'login.refused', scope: 'account at source', account },
    ],
  );
});

test('each event has a stable name and its fields', () => {
  const { lines, see } = watch('debug');
  see({ type: 'message.dropped', reason: 'ACK for nobody', flow: FLOW });
  see({ type: 'transaction.created', side: 'server', method: 'INVITE', key: 'k' });
  see({ type: 'request.decided', method: 'INVITE', callId: 'c', decision: 'reply', status: 404 });
  see({ type: 'transport.failed', fault: { code: 'refused', text: 'x refused' }, flow: FLOW });
  see({ type: 'message.malformed', reason: 'Bad Via Header', position: 7, bytes: 20, flow: FLOW, answered: 400 });
  see({ type: 'fault', where: 'handler', error: new Error('no such table') });
  assert.deepEqual(
    lines.map(({ level, event }) => `${level} ${event}`),
    [
      'debug message.dropped',
      'debug transaction.created',
      'debug request.decided',
      'warn transport.failed',
      'warn message.malformed',
      'error engine.fault',
    ],
  );
  assert.equal(lines[0]?.reason, 'ACK for nobody');
  assert.equal(lines[2]?.status, 404);
  assert.equal(lines[3]?.code, 'refused');
  assert.equal(lines[4]?.answered, 400);
  assert.match(JSON.stringify(lines[5]), /no such table/);
});

test('what strangers cause without end is told fifty times in ten seconds, and then counted', () => {
  const { lines, see, clock } = watch('info');
  const bad: EngineEvent = {
    type: 'message.malformed',
    reason: 'Bad Request Line',
    position: 0,
    bytes: 9,
    flow: FLOW,
    answered: 0,
  };
  for (let i = 0; i < 80; i += 1) see(bad);
  assert.equal(lines.length, 50);
  see({ type: 'fault', where: 'handler', error: new Error('x') });
  assert.equal(lines.length, 51);
  clock.now = 10_000;
  see(bad);
  assert.deepEqual(
    lines.slice(51).map(({ event, of, count }) => [event, of, count]),
    [
      ['log.suppressed', 'message.malformed', 30],
      ['message.malformed', undefined, undefined],
    ],
  );
});
