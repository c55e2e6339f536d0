import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from './load.ts';

/** The paths at fault, empty for a good configuration. */
function faulty(text: string): string[] {
  const loaded = loadConfig(text, 'f');
  return loaded.type === 'faults' ? loaded.faults.map(({ path }) => path.join('.')) : [];
}

function assertLimits(key: string, min: number, max: number, rest = ''): void {
  const [group, name] = key.split('.');
  const text = (value: number): string => `${group}: { ${name}: ${value}${rest} }`;
  assert.deepEqual(faulty(text(min)), [], `${key}: ${min}`);
  assert.deepEqual(faulty(text(max)), [], `${key}: ${max}`);
  for (const value of [min - 1, max + 1, min + 0.5]) assert.deepEqual(faulty(text(value)), [key], `${key}: ${value}`);
}

test('minExpires goes up to an hour, because shorter intervals than an hour alone may be refused (RFC 3261 §10.3)', () => {
  assertLimits('registrar.minExpires', 0, 3600);
});

test('maxExpires goes up to what the header field can say (RFC 3261 §20.19)', () => {
  assertLimits('registrar.maxExpires', 1, 2 ** 32 - 1, ', minExpires: 0');
});

test('maxBindings goes from 1 to 1000', () => {
  assertLimits('registrar.maxBindings', 1, 1000);
});

test('flowTimer goes from 10 seconds to an hour, which is less than a connection may be silent, or is off (RFC 5626 §5.4)', () => {
  assertLimits('registrar.flowTimer', 10, 3600);
  assert.deepEqual(faulty('registrar: { flowTimer: off, nat: off }'), []);
  assert.deepEqual(faulty('registrar: { flowTimer: on, nat: on }'), ['registrar.flowTimer', 'registrar.nat']);
});

test('timer C is more than three minutes (RFC 3261 §16.6)', () => {
  assertLimits('proxy.timerC', 181, 86_400);
});

test('auth, fork, level and format take their words only', () => {
  for (const text of [
    'auth: digest',
    'auth: none',
    'proxy: { fork: serial }',
    'log: { level: error, format: json }',
    'log: { level: warn }',
  ]) {
    assert.deepEqual(faulty(text), [], text);
  }
  assert.deepEqual(faulty('auth: basic\nproxy: { fork: both }\nlog: { level: trace, format: xml }'), [
    'auth',
    'proxy.fork',
    'log.level',
    'log.format',
  ]);
});

test('digest names algorithms, each once and at least one (RFC 8760 §2.3)', () => {
  assert.deepEqual(faulty('digest: [SHA-512-256, SHA-256, MD5]'), []);
  assert.deepEqual(faulty('digest: [SHA-256]'), []);
  assert.deepEqual(faulty('digest: []'), ['digest']);
  assert.deepEqual(faulty('digest: [MD5, MD5]'), ['digest']);
  assert.deepEqual(faulty('digest: [MD5, SHA-1]'), ['digest.1']);
  assert.deepEqual(faulty('digest: MD5'), ['digest']);
});

test('a user name has the characters that a SIP address takes as they are (RFC 3261 §25.1)', () => {
  for (const name of ['alice', '+49.30-1', '"100"', "o'neil", 'a_b!c~d*(e)&=+$,;?/']) {
    assert.deepEqual(faulty(`users: [{ name: "${name.replaceAll('"', '')}", password: x }]`), [], name);
  }
  for (const name of ['', 'a b', 'a@b', 'a:b', 'a%20', 'ä', '<a>', 'a\\n']) {
    assert.deepEqual(faulty(`users: [{ name: "${name}", password: x }]`), ['users.0.name'], name);
  }
});

test('a password is any text that is not empty and stays on one line', () => {
  assert.deepEqual(faulty('users: [{ name: a, password: "ü \\t \' @:" }]'), []);
  assert.deepEqual(faulty('users: [{ name: a, password: "" }]'), ['users.0.password']);
  assert.deepEqual(faulty('users: [{ name: a, password: "a\\nb" }]'), ['users.0.password']);
});

test('data is a folder or memory, not the address of a database', () => {
  assert.deepEqual(faulty('data: /var/lib/strowger'), []);
  assert.deepEqual(faulty('data: memory'), []);
  assert.deepEqual(faulty('data: ""'), ['data']);
  assert.deepEqual(faulty('data: "redis://localhost"'), ['data']);
});

test('advertise is one address or a list, and a list names the entry at fault', () => {
  assert.deepEqual(faulty('advertise: sip.example.com'), []);
  assert.deepEqual(faulty('advertise: [203.0.113.5, "2001:db8::5", sip.example.com]'), []);
  assert.deepEqual(faulty('advertise: "a b"'), ['advertise']);
  assert.deepEqual(faulty('advertise: [203.0.113.5, "a b"]'), ['advertise.1']);
  assert.deepEqual(faulty('advertise: 5'), ['advertise']);
});
