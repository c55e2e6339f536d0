import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, requestOf, responseOf } from '@strowger/testkit/messages';
import { RemoteFault } from '../text/faults.ts';
import { inspect } from './inspect.ts';

const LINES: readonly (readonly [string, string])[] = [
  ['Via', 'SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1'],
  ['From', '<sip:a@x>;tag=1'],
  ['To', '<sip:b@x>'],
  ['Call-ID', 'c'],
  ['CSeq', '1 OPTIONS'],
  ['Max-Forwards', '70'],
];
const text = (lines: readonly (readonly [string, string])[]): string =>
  messageText(['OPTIONS sip:b@x SIP/2.0', ...lines.map(([name, value]) => `${name}: ${value}`)]);
const refused = (message: string, reason: RegExp): void =>
  void assert.throws(
    () => inspect(requestOf(message)),
    (fault) => fault instanceof RemoteFault && fault.status === 400 && reason.test(fault.reason),
  );

test('a request that has what every request needs passes (RFC 3261 §8.1.1)', () => {
  inspect(requestOf(text(LINES)));
  inspect(requestOf(text(LINES.filter(([name]) => name !== 'Max-Forwards'))));
});

for (const [missing] of LINES.filter(([name]) => name !== 'Max-Forwards')) {
  test(`a message without ${missing} is refused by name (RFC 3261 §8.1.1)`, () => {
    refused(text(LINES.filter(([name]) => name !== missing)), new RegExp(`Missing ${missing}`));
  });
}

for (const [name, value] of [
  ['Via', 'nonsense'],
  ['From', '<sip:a@x'],
  ['CSeq', 'one OPTIONS'],
  ['CSeq', '4294967296 OPTIONS'],
  ['Max-Forwards', '256'],
  ['Max-Forwards', '-1'],
] as const) {
  test(`a message whose ${name} is "${value}" is refused by name (RFC 3261 §16.3 step 1)`, () => {
    refused(text(LINES.map(([n, v]) => [n, n === name ? value : v] as const)), new RegExp(`Bad ${name}`));
  });
}

for (const name of ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards']) {
  test(`${name} may stand there once only (RFC 3261 §7.3.1)`, () => {
    const again = LINES.filter(([n]) => n === name);
    refused(text([...LINES, ...again]), new RegExp(`Multiple ${name}`));
  });
}

test('a header in its compact form counts as the same header (RFC 3261 §7.3.3)', () => {
  refused(text([...LINES, ['i', 'another']]), /Multiple/);
});

test('the CSeq of a request names its method (RFC 3261 §8.1.1.5)', () => {
  refused(text(LINES.map(([n, v]) => [n, n === 'CSeq' ? '1 INVITE' : v] as const)), /CSeq Method/);
});

test('the CSeq of a response may name any method', () => {
  const lines = LINES.map(([name, value]) => `${name}: ${value}`);
  inspect(responseOf(messageText(['SIP/2.0 200 OK', ...lines])));
});

test('a Request-URI has no headers part, but a question mark in its user is none (RFC 3261 §19.1.1)', () => {
  refused(text(LINES).replace('sip:b@x SIP', 'sip:b@x?Subject=y SIP'), /Headers In Request-URI/);
  inspect(requestOf(text(LINES).replace('sip:b@x SIP', 'sip:b?c@x SIP')));
});
