import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleText } from 'node:util';
import fc from 'fast-check';
import type { Paint } from './io.ts';
import { createLog, isSecretKey, type Level, type Log, type LogOptions } from './log.ts';

const PLAIN: Paint = (_, text) => text;

function logTo(lines: string[], options: Partial<LogOptions> = {}): Log {
  const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  return createLog({ level: 'info', format: 'json', write: (line) => lines.push(line), now, paint: PLAIN, ...options });
}

/** The fields of one JSON line. */
function logged(fields: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = [];
  logTo(lines).info('x', fields);
  const { time: _time, level: _level, event: _event, ...rest } = JSON.parse(lines[0] ?? '');
  return rest;
}

test('a line of JSON has time, level, event and fields', () => {
  const lines: string[] = [];
  logTo(lines).warn('listen.opened', { protocol: 'udp', port: 5060, gone: undefined });
  assert.deepEqual(lines, [
    '{"time":"2026-01-02T03:04:05.678Z","level":"warn","event":"listen.opened","protocol":"udp","port":5060}',
  ]);
});

test('a pretty line is for people', () => {
  const lines: string[] = [];
  logTo(lines, { format: 'pretty' }).info('call.ended', {
    from: 'sip:a@b.test',
    ms: 12,
    why: 'all done',
    list: [1, 'x'],
  });
  assert.deepEqual(lines, ['03:04:05.678 info  call.ended from=sip:a@b.test ms=12 why="all done" list=[1,"x"]']);
});

test('a pretty line is coloured by its level', () => {
  const lines: string[] = [];
  const paint: Paint = (format, text) => styleText(format, text, { validateStream: false });
  logTo(lines, { format: 'pretty', paint }).error('x');
  assert.ok(lines[0]?.includes(styleText('red', 'error', { validateStream: false })));
});

test('what is less important than the level is not written', () => {
  const levels: readonly Level[] = ['error', 'warn', 'info', 'debug'];
  for (const [index, level] of levels.entries()) {
    const lines: string[] = [];
    const log = logTo(lines, { level });
    for (const one of levels) log[one](one);
    assert.equal(lines.length, index + 1, level);
    assert.deepEqual(
      levels.filter((one) => log.isOn(one)),
      levels.slice(0, index + 1),
    );
  }
});

test('a field cannot take the place of time, level or event', () => {
  const lines: string[] = [];
  logTo(lines).info('x', { event: 'fake', level: 'fake', time: 'fake' });
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    time: '2026-01-02T03:04:05.678Z',
    level: 'info',
    event: 'x',
    event_: 'fake',
    level_: 'fake',
    time_: 'fake',
  });
});

test('passwords, hashes, digest answers and authorization never appear, at any depth and in either format', () => {
  const keys = [
    'password',
    'Password',
    'new_password',
    'passwd',
    'pwd',
    'passphrase',
    'ha1',
    'HA2',
    'a1',
    'ha1Sha256',
    'response',
    'nonceSecret',
    'nonce_secret',
    'secret',
    'sharedSecret',
    'authorization',
    'Proxy-Authorization',
    'WWW-Authenticate',
    'token',
    'accessToken',
    'api_key',
    'privateKey',
    'cookie',
    'Set-Cookie',
    'credentials',
    'digests',
  ];
  for (const format of ['json', 'pretty'] as const) {
    for (const key of keys) {
      assert.ok(isSecretKey(key), key);
      const lines: string[] = [];
      logTo(lines, { format }).info('x', {
        [key]: 'HUNTER2',
        deep: { list: [{ [key]: 'HUNTER2' }], map: new Map([[key, 'HUNTER2']]) },
      });
      assert.equal(lines.length, 1);
      assert.doesNotMatch(lines[0] ?? '', /HUNTER2/, key);
    }
  }
});

test('ordinary keys are no secrets', () => {
  for (const key of [
    'user',
    'status',
    'responses',
    'responseStatus',
    'callId',
    'key',
    'realm',
    'nonceCount',
    'bytes',
    'compass',
    'bypass',
    'method',
    'branch',
  ]) {
    assert.ok(!isSecretKey(key), key);
  }
});

test('credentials inside a message or an address are cut out (RFC 3261 §19.1.1, §20.7)', () => {
  const message =
    'REGISTER sip:a.test SIP/2.0\r\nAuthorization: Digest username="a",\r\n response="HUNTER2"\r\nProxy-Authorization : HUNTER2\r\nVia: x\r\n';
  assert.deepEqual(logged({ message }), {
    message: 'REGISTER sip:a.test SIP/2.0\r\nAuthorization: …\r\nProxy-Authorization: …\r\nVia: x\r\n',
  });
  assert.deepEqual(logged({ uri: '<sip:alice:HUNTER2@a.test:5060>' }), { uri: '<sip:alice:…@a.test:5060>' });
  assert.deepEqual(logged({ text: '"a" <sip:a:HUNTER2@x> b@c, sips:d:HUNTER2:e@f' }), {
    text: '"a" <sip:a:…@x> b@c, sips:d:…@f',
  });
  assert.deepEqual(logged({ url: 'redis://:HUNTER2@db' }), { url: 'redis://:…@db' });
  assert.deepEqual(logged({ uri: 'sip:alice@a.test:5060;x=b' }), { uri: 'sip:alice@a.test:5060;x=b' });
});

test('a password is cut out of what is no valid address, too', () => {
  for (const [text, told] of [
    ['<sip:al ice:HUNTER2@a.test>', '<sip:al ice:…@a.test>'],
    ['<sip:alice:HUN TER2@a.test>', '<sip:alice:…@a.test>'],
    ['<sip:alice@:HUNTER2@a.test>', '<sip:alice@:…@a.test>'],
    ['<sip:alice:HUNTER2', '<sip:alice:…'],
    ['INVITE sip:alice:HUNTER2\rx@a.test', 'INVITE sip:alice:…\rx@a.test'],
    ['<sip:alice:HUNTER2\r\n HUNTER2@a.test>', '<sip:alice:…@a.test>'],
    ['<si%p:alice:HUNTER2@a.test>', '<si%p:…@a.test>'],
    ['<alice:HUNTER2@a.test>', '<alice:…@a.test>'],
  ] as const)
    assert.deepEqual(logged({ text }), { text: told });
});

test('a port is no password', () => {
  for (const text of [
    'sip:a.test:5060',
    '<sip:[2001:db8::1]:5060;transport=tcp>',
    'sip:192.0.2.1:5061: refused',
    'sip:a.test: no address',
    'REGISTER sip:a.test SIP/2.0\r\nVia: x\r\nTo: <sip:b@a.test>\r\n',
    'tel:+12@a.test mailto:a@a.test',
  ])
    assert.deepEqual(logged({ text }), { text });
});

test('a long text of a peer is cut in linear time', () => {
  for (const part of ['sip:', 'sip::', 'sip:[', '\r\n ', 'sip:a:b', ':@', '\n'])
    for (const end of ['', '@', '\n@', '\n x@']) {
      const text = part.repeat(20_000) + end;
      const from = performance.now();
      logged({ text });
      assert.ok(performance.now() - from < 500, JSON.stringify(part + end));
    }
});

test('an error tells name, message, code and cause', () => {
  const error = Object.assign(new Error('no', { cause: new TypeError('why') }), { code: 'EADDRINUSE' });
  const { error: told } = logged({ error });
  assert.ok(typeof told === 'object' && told !== null && 'stack' in told && 'cause' in told);
  assert.partialDeepStrictEqual(told, {
    name: 'Error',
    message: 'no',
    code: 'EADDRINUSE',
    cause: { name: 'TypeError', message: 'why' },
  });
});

test('an object that holds itself, bytes, dates, sets and numbers without JSON form are written in short', () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  assert.match(JSON.stringify(logged({ loop })), /"self":"…"/);
  const odd = {
    bytes: new Uint8Array(3),
    at: new Date(0),
    never: new Date(Number.NaN),
    big: 12n,
    set: new Set(['a']),
    run: () => 1,
    none: null,
  };
  assert.deepEqual(logged(odd), {
    bytes: '3 bytes',
    at: '1970-01-01T00:00:00.000Z',
    never: 'no date',
    big: '12',
    set: ['a'],
    none: null,
  });
});

test('a text from the network neither breaks the line nor reaches the terminal as control characters', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(fc.constantFrom('json' as const, 'pretty' as const), text, text, (format, key, value) => {
      const lines: string[] = [];
      const log = logTo(lines, { format });
      log.info('x', { [key]: value, nested: { [key]: [value] } });
      log.info(value);
      assert.equal(lines.length, 2);
      for (const line of lines) assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
    }),
  );
});
