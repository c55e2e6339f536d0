import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import { defineExtensionHeader, edit, has, need, read, readAll, subject, supported } from './index.ts';

const request = (...lines: readonly string[]) =>
  requestOf(messageText(['OPTIONS sip:a@b.example SIP/2.0', ...lines, 'Content-Length: 0'], ''));

test('an empty list has no values and is no fault (RFC 3261 §20.37)', () => {
  const empty = request('Supported:');
  assert.equal(has(empty, supported), true);
  assert.equal(read(empty, supported), undefined);
  assert.deepEqual(readAll(empty, supported), []);
  assert.equal(read(request('Supported: ', 'k: timer, 100rel'), supported), 'timer');
});

test("a value that breaks its grammar is the peer's fault and names the header (RFC 3261 §8.2)", () => {
  const broken = request('Supported: a b');
  const is400 = (fault: unknown) =>
    fault instanceof RemoteFault && fault.status === 400 && fault.reason === 'Bad Supported Header';
  assert.throws(() => read(broken, supported), is400);
  assert.throws(() => readAll(broken, supported), is400);
  assert.throws(() => need(request(), supported), /Missing Supported Header/);
});

test('a program reads header fields of its own by name', () => {
  const mood = defineExtensionHeader({
    name: 'X-Mood',
    arity: 'one',
    rfc: 'none',
    decode: (t: string) => t,
    encode: (v) => v,
  });
  assert.equal(read(request('x-mood: fine'), mood), 'fine');
});

test('a value with a line break never becomes a line', () => {
  for (const bad of ['a\r\nVia: SIP/2.0/UDP evil', 'a\nb', 'a\rb'])
    assert.throws(() => edit(request()).set(subject, bad), UsageFault);
});
