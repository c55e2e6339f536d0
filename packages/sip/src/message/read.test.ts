import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import { defineExtensionHeader, edit, has, need, read, readAll, route, subject, supported } from './index.ts';

const request = (...lines: readonly string[]) =>
  requestOf(messageText(['OPTIONS sip:a@b.example SIP/2.0', ...lines, 'Content-Length: 0'], ''));

test('an empty list has no values and is no fault (RFC 3261 §20.37)', () => {
  const empty = request('Supported:');
  assert.equal(has(empty, supported), true);
  assert.equal(read(empty, supported), undefined);
  assert.deepEqual(readAll(empty, supported), []);
  assert.equal(read(request('Supported: ', 'k: timer, 100rel'), supported), 'timer');
  assert.equal(read(request('Route: , ,'), route), undefined);
  assert.deepEqual(readAll(request('Route: ,'), route), []);
  assert.equal(read(request('Route: , ,', 'Route: <sip:p.example>'), route)?.uriText, 'sip:p.example');
});

test('all values are the same whether a line has one or many, and whether they were read before (RFC 3261 §7.3.1)', () => {
  const lines = [
    'Route: <sip:a.example>',
    'Route: "B, C" <sip:b.example> , <sip:c.example>',
    'Route:',
    'Route: <sip:d.example>',
  ];
  const uris = ['sip:a.example', 'sip:b.example', 'sip:c.example', 'sip:d.example'];
  const many = request(...lines);
  assert.deepEqual(
    readAll(many, route).map(({ uriText }) => uriText),
    uris,
  );
  assert.equal(read(many, route)?.uriText, uris[0]);
  const one = request('Route: <sip:a.example;lr>;x=1');
  assert.equal(readAll(one, route)[0], read(one, route));
  assert.equal(readAll(one, route).length, 1);
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
