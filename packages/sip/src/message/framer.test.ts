import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, messageText } from '@strowger/testkit/messages';
import fc from 'fast-check';
import { Framer } from './framer.ts';
import { LIMITS } from './limits.ts';

const one = (id: number, body: string): string =>
  messageText([`MESSAGE sip:a SIP/2.0`, `Call-ID: ${id}`, `Content-Length: ${body.length}`], body);
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

test('messages come whole however the stream was split, one byte at a time too (RFC 3261 §18.3)', () => {
  const bodies = fc.array(fc.constantFrom('', 'hello', '\r\n\r\n', 'x'.repeat(3000)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), (texts, cuts) => {
      const wanted = texts.map((body, i) => one(i, body));
      const stream = bytesOf(wanted.join(''));
      const framer = new Framer();
      const got: string[] = [];
      for (let at = 0, i = 0; at < stream.length; i += 1) {
        const size = cuts[i % cuts.length] ?? 1;
        const framed = framer.push(stream.slice(at, at + size));
        assert.equal(framed.fault, undefined);
        got.push(...framed.messages.map(textOf));
        at += size;
      }
      assert.deepEqual(got, wanted);
      assert.equal(framer.pending, 0);
    }),
  );
});

test('messages given out do not change when more bytes come', () => {
  const framer = new Framer();
  framer.push(bytesOf(one(1, 'hello').slice(0, 20)));
  const [first] = framer.push(bytesOf(one(1, 'hello').slice(20) + one(2, 'x').slice(0, 30))).messages;
  framer.push(bytesOf(one(2, 'x').slice(30)));
  assert.equal(first && textOf(first), one(1, 'hello'));
});

test('CRLF CRLF between messages is a ping, split or not; a single CRLF is not (RFC 5626 §3.5.1)', () => {
  const framer = new Framer();
  assert.equal(framer.push(bytesOf('\r\n\r\n')).pings, 1);
  assert.equal(framer.push(bytesOf('\r\n')).pings, 0);
  assert.equal(framer.push(bytesOf('\r\n')).pings, 1);
  const after = framer.push(bytesOf(`\r\n${one(1, '')}\r\n\r\n\r\n\r\n`));
  assert.equal(after.messages.length, 1);
  assert.equal(after.pings, 2);
});

test('the compact form counts, blanks around it do not (RFC 3261 §20.14)', () => {
  const text = messageText(['MESSAGE sip:a SIP/2.0', 'L \t:  5 '], 'hello');
  assert.deepEqual(new Framer().push(bytesOf(text)).messages.map(textOf), [text]);
});

test('a Content-Length that is no number ends the stream after the headers were given out (RFC 3261 §18.3)', () => {
  const framer = new Framer();
  const framed = framer.push(bytesOf(messageText(['MESSAGE sip:a SIP/2.0', 'Content-Length: five'], 'hello')));
  assert.equal(framed.fault, 'Bad Content-Length Header');
  assert.equal(framed.messages.length, 1);
  assert.deepEqual(framer.push(bytesOf(one(1, ''))).messages, []);
});

test('several Content-Lengths that differ end the stream, equal ones do not (RFC 4475 §3.3.9)', () => {
  const push = (second: string) =>
    new Framer().push(bytesOf(messageText(['MESSAGE sip:a SIP/2.0', 'Content-Length: 5', 'X: y', second], 'hello')));
  assert.equal(push('l: 4').fault, 'Bad Content-Length Header');
  assert.equal(push('l: x').fault, 'Bad Content-Length Header');
  assert.equal(push('content-length : 5').fault, undefined);
});

test('a Content-Length may begin on the next line, and is nothing but its number (RFC 3261 §7.3.1)', () => {
  const framed = (value: string) =>
    new Framer().push(bytesOf(messageText(['MESSAGE sip:a SIP/2.0', `Content-Length:${value}`], 'hello')));
  assert.equal(framed('\r\n \r\n\t5').messages[0]?.at(-1), 'o'.charCodeAt(0));
  assert.equal(framed('\r\n 5 ').fault, undefined);
  for (const value of ['5\r\n 5', '', ' +5', ' 5.0', ' 0x5'])
    assert.equal(framed(value).fault, 'Bad Content-Length Header', value);
});

test('headers and bodies beyond the limits end the stream and hold no memory', () => {
  const head = new Framer();
  let fault: string | undefined;
  for (let sent = 0; sent <= LIMITS.headBytes && fault === undefined; sent += 1000)
    fault = head.push(bytesOf('X: '.padEnd(1000, 'y'))).fault;
  assert.equal(fault, 'Message Header Too Large');
  assert.equal(head.pending, 0);
  const body = new Framer().push(
    bytesOf(messageText(['MESSAGE sip:a SIP/2.0', `Content-Length: ${LIMITS.bodyBytes + 1}`])),
  );
  assert.equal(body.fault, 'Message Body Too Large');
});

test('a message sent one byte at a time costs no more than a few times one sent whole', () => {
  const stream = bytesOf(messageText(['MESSAGE sip:a SIP/2.0', `X: ${'y'.repeat(15_000)}`, 'Content-Length: 0']));
  const framer = new Framer();
  let copied = 0;
  for (let i = 0; i < stream.length; i += 1) copied += framer.push(stream.slice(i, i + 1)).messages.length;
  assert.equal(copied, 1);
});
