import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewWork, METHOD_CLASSES, methodClassOf, RESPONSE } from './method-class.ts';

const classOf = (text: string | Uint8Array): string => {
  const index = methodClassOf(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  return index === RESPONSE ? 'response' : (METHOD_CLASSES[index] ?? '');
};

for (const [expected, methods] of [
  ['dialog', ['ACK', 'BYE', 'CANCEL', 'PRACK', 'INFO', 'UPDATE', 'NOTIFY']],
  ['register', ['REGISTER']],
  ['invite', ['INVITE']],
  ['other', ['OPTIONS', 'SUBSCRIBE', 'MESSAGE', 'PUBLISH', 'REFER', 'FOO']],
] as const)
  test(`${methods.join(', ')} count as ${expected}, also behind empty lines (RFC 3261 §7.5)`, () => {
    for (const method of methods) {
      assert.equal(classOf(`${method} sip:a@b SIP/2.0\r\n`), expected);
      assert.equal(classOf(`\r\n\r\n${method} sip:a@b SIP/2.0\r\n`), expected);
    }
  });

test('a response is told from requests that begin with the same letter', () => {
  assert.equal(classOf('SIP/2.0 200 OK\r\n'), 'response');
  assert.equal(classOf('SIPS sip:a@b SIP/2.0\r\n'), 'other');
});

test('keep-alives are line ends, some zero bytes and STUN (RFC 5626 §4.4)', () => {
  assert.equal(classOf('\r\n\r\n'), 'keepAlive');
  assert.equal(classOf('\r\n'), 'keepAlive');
  assert.equal(classOf(new Uint8Array(4)), 'keepAlive');
  const stun = new Uint8Array(20);
  stun.set([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]);
  assert.equal(classOf(stun), 'keepAlive');
});

test('what cannot be a message is junk', () => {
  for (const text of [
    'GE',
    'get / HTTP/1.1',
    '\x16\x03\x01\x02\x00\x01\x00',
    'é'.repeat(9),
    '\r\n'.repeat(9),
    '\0'.repeat(99),
  ])
    assert.equal(classOf(text), 'junk', JSON.stringify(text));
});

test('new work is what may begin something', () => {
  const names = METHOD_CLASSES.filter((_, index) => isNewWork(index));
  assert.deepEqual(names, ['register', 'invite', 'other']);
});
