import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, requestOf, responseOf } from '../../test/wire-text.ts';
import { bodyOf, contentLength, read, readAll, recordRoute, via } from '../message/index.ts';
import { ackFor } from './ack.ts';
import { replyTo } from './reply.ts';

test('the ACK to a failure is the one that RFC 3261 §17.1.1.3 prints', () => {
  const invite = requestOf(`INVITE sip:bob@biloxi.com SIP/2.0
    Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff
    To: Bob <sip:bob@biloxi.com>
    From: Alice <sip:alice@atlanta.com>;tag=88sja8x
    Max-Forwards: 70
    Call-ID: 987asjd97y7atg
    CSeq: 986759 INVITE`);
  const failure = replyTo(invite, 486, 'Busy Here', { toTag: '99sa0xk' });
  assert.deepEqual(linesOf(ackFor(invite, failure)), [
    'ACK sip:bob@biloxi.com SIP/2.0',
    'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff',
    'To: Bob <sip:bob@biloxi.com>;tag=99sa0xk',
    'From: Alice <sip:alice@atlanta.com>;tag=88sja8x',
    'Max-Forwards: 70',
    'Call-ID: 987asjd97y7atg',
    'CSeq: 986759 ACK',
    'Content-Length: 0',
  ]);
});

test('the ACK has the topmost Via of the INVITE and no other, in whatever lines they stand (RFC 3261 §17.1.1.3)', () => {
  const vias = (lines: string): readonly string[] =>
    readAll(ackFor(invite(lines), failure), via).map(({ host }) => host);
  assert.deepEqual(vias('Via: SIP/2.0/UDP one;branch=z9hG4bK1\nVia: SIP/2.0/UDP two;branch=z9hG4bK2'), ['one']);
  assert.deepEqual(vias('Via: SIP/2.0/UDP one;branch=z9hG4bK1, SIP/2.0/UDP two;branch=z9hG4bK2'), ['one']);
  assert.deepEqual(vias('v: SIP/2.0/UDP one;branch=z9hG4bK1 , SIP/2.0/UDP two\nVia: SIP/2.0/UDP three'), ['one']);
});

test('the ACK has the Route lines of the INVITE, untouched and in order (RFC 3261 §17.1.1.3)', () => {
  const ack = ackFor(
    invite('Via: SIP/2.0/UDP one;branch=z9hG4bK1\nRoute: <sip:a;lr>, <sip:b>\nRoute: <sip:c;lr>;x=1'),
    failure,
  );
  assert.deepEqual(
    linesOf(ack).filter((line) => line.startsWith('Route')),
    ['Route: <sip:a;lr>, <sip:b>', 'Route: <sip:c;lr>;x=1'],
  );
});

test('the ACK repeats the credentials of the INVITE (RFC 3261 §22.1)', () => {
  const ack = ackFor(
    invite('Via: SIP/2.0/UDP one;branch=z9hG4bK1\nAuthorization: Digest a=1\nProxy-Authorization: Digest b=2'),
    failure,
  );
  assert.deepEqual(
    linesOf(ack).filter((line) => line.includes('Authorization')),
    ['Authorization: Digest a=1', 'Proxy-Authorization: Digest b=2'],
  );
});

test('the ACK carries no body and nothing else of the INVITE (RFC 3261 §17.1.1.3)', () => {
  const source = invite(`Via: SIP/2.0/UDP one;branch=z9hG4bK1
    Record-Route: <sip:p;lr>
    Contact: <sip:alice@192.0.2.1>
    Require: 100rel
    Content-Type: text/plain
    Content-Length: 5`);
  const values = [read(source, recordRoute), read(source, contentLength)];
  assert.equal(values.includes(undefined), false);
  const ack = ackFor(source, failure);
  assert.equal(bodyOf(ack).length, 0);
  assert.deepEqual([read(ack, recordRoute), read(ack, contentLength)], [undefined, undefined]);
  assert.deepEqual(
    linesOf(ack).map((line) => line.split(/[ :]/)[0]),
    ['ACK', 'Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length'],
  );
});

test('the INVITE of a client that knows no Max-Forwards gets an ACK with 70 (RFC 3261 §8.1.1.6)', () => {
  const ack = ackFor(invite('Via: SIP/2.0/UDP one;branch=z9hG4bK1'), failure);
  assert.ok(linesOf(ack).includes('Max-Forwards: 70'));
});

test('the To of the ACK is that of the response even where it says something else (RFC 3261 §17.1.1.3)', () => {
  const odd = responseOf('SIP/2.0 404 Not Found\nt: "Bøb" <sip:bob@example.com>;x=1;tag=7');
  assert.ok(
    linesOf(ackFor(invite('Via: SIP/2.0/UDP one;branch=z9hG4bK1'), odd)).includes(
      `To: ${Buffer.from('"Bøb" <sip:bob@example.com>;x=1;tag=7').toString('latin1')}`,
    ),
  );
});

const failure = responseOf('SIP/2.0 486 Busy Here\nTo: <sip:bob@example.com>;tag=7');

const invite = (lines: string): ReturnType<typeof requestOf> =>
  requestOf(`INVITE sip:bob@example.com SIP/2.0
    ${lines}
    From: <sip:alice@example.com>;tag=1
    To: <sip:bob@example.com>
    Call-ID: a@example.com
    CSeq: 1 INVITE

hello`);
