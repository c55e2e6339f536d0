import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, requestOf } from '../../test/wire-text.ts';
import { bodyOf, cseq, defineExtensionHeader, need, read, recordRoute, to } from '../message/index.ts';
import { lineOf } from '../message/message.ts';
import { UsageFault } from '../text/faults.ts';
import { replyTo } from './reply.ts';

test('a response has the Via, From, Call-ID and CSeq lines of its request, in order and as they stand (RFC 3261 §8.2.6.2)', () => {
  assert.deepEqual(linesOf(replyTo(request('<sip:bob@biloxi.com>'), 486, 'Busy Here', { toTag: 'a6c85cf' })), [
    'SIP/2.0 486 Busy Here',
    'v: SIP/2.0/UDP  server10.biloxi.com ;branch=z9hG4bK4b43c2ff8.1, SIP/2.0/UDP bigbox3.site3.atlanta.com',
    'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8 ;received=192.0.2.1',
    'To: <sip:bob@biloxi.com>;tag=a6c85cf',
    'f:  Alice <sip:alice@atlanta.com>;tag=1928301774',
    'Call-ID: a84b4c76e66710',
    'CSeq: 314159  INVITE',
    'Content-Length: 0',
  ]);
});

test('a To tag of the request stays and ours is not added (RFC 3261 §8.2.6.2)', () => {
  const reply = replyTo(request('<sip:bob@biloxi.com>;tag=theirs'), 200, 'OK', { toTag: 'ours' });
  assert.equal(read(reply, to)?.tag, 'theirs');
  assert.ok(linesOf(reply).includes('To: <sip:bob@biloxi.com>;tag=theirs'));
});

test('our tag is added to every form of To, and the rest of it stays (RFC 3261 §8.2.6.2)', () => {
  for (const [before, after] of [
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;tag=x'],
    ['sip:bob@biloxi.com;p=1', 'sip:bob@biloxi.com;p=1;tag=x'],
    ['"Bob, ;tag=no" <sip:bob@biloxi.com;tag=uri>', '"Bob, ;tag=no" <sip:bob@biloxi.com;tag=uri>;tag=x'],
  ] as const) {
    const reply = replyTo(request(before), 180, 'Ringing', { toTag: 'x' });
    assert.ok(linesOf(reply).includes(`To: ${after}`), linesOf(reply).join('\n'));
    assert.equal(need(reply, to).tag, 'x');
  }
});

test('a 100 gets no To tag (RFC 3261 §17.2.1)', () => {
  const reply = replyTo(request('<sip:bob@biloxi.com>'), 100, 'Trying', { toTag: 'x' });
  assert.equal(need(reply, to).tag, undefined);
});

test('a response above 100 without a To tag is the mistake of the caller (RFC 3261 §8.2.6.2)', () => {
  assert.throws(() => replyTo(request('<sip:bob@biloxi.com>'), 101, 'Progress'), UsageFault);
  assert.doesNotThrow(() => replyTo(request('<sip:bob@biloxi.com>;tag=theirs'), 101, 'Progress'));
});

test('statuses below 100 and above 699 do not exist (RFC 3261 §7.2)', () => {
  for (const status of [99, 700, Number.NaN])
    assert.throws(() => replyTo(request('<sip:bob@biloxi.com>'), status, 'No'), UsageFault);
  for (const status of [100, 699])
    assert.equal(replyTo(request('<sip:bob@biloxi.com>'), status, 'Yes', { toTag: 'x' }).status, status);
});

test('Timestamp is copied to a 100 and to no other response (RFC 3261 §8.2.6.1)', () => {
  const asked = request('<sip:bob@biloxi.com>', 'Timestamp: 54.21');
  assert.ok(linesOf(replyTo(asked, 100, 'Trying')).includes('Timestamp: 54.21'));
  assert.ok(!linesOf(replyTo(asked, 180, 'Ringing', { toTag: 'x' })).some((line) => line.startsWith('Timestamp')));
});

test('a To that cannot be read is sent back as it stands, so that the request can be refused', () => {
  const reply = replyTo(request('"Bob <sip:bob'), 400, 'Bad To Header', { toTag: 'x' });
  assert.ok(linesOf(reply).includes('To: "Bob <sip:bob'));
});

test('the header fields that a dialog begins with are copied on request, in order (RFC 3261 §12.1.1)', () => {
  const mine = defineExtensionHeader({ name: 'X-Mine', arity: 'one', rfc: 'none', decode: String, encode: String });
  const asked = request(
    '<sip:bob@biloxi.com>',
    'Record-Route: <sip:p2;lr;x=1>;y=2\nx-mine: 1\nRecord-Route: <sip:p1;lr>\nX-Other: 2',
  );
  const copied = linesOf(replyTo(asked, 180, 'Ringing', { toTag: 'x', copy: [recordRoute, mine] }));
  assert.deepEqual(
    copied.filter((line) => /^(record-route|x-)/i.test(line)),
    ['Record-Route: <sip:p2;lr;x=1>;y=2', 'x-mine: 1', 'Record-Route: <sip:p1;lr>'],
  );
  assert.ok(!linesOf(replyTo(asked, 180, 'Ringing', { toTag: 'x' })).some((line) => line.startsWith('Record')));
});

test('the caller adds what else the response says', () => {
  const body = new Uint8Array([104, 105]);
  const reply = replyTo(request('<sip:bob@biloxi.com>'), 200, 'OK', {
    toTag: 'x',
    edit: (copy) => {
      copy.add(lineOf({ id: 0, name: 'Content-Type' }, 'text/plain')).body(body);
    },
  });
  assert.deepEqual(linesOf(reply).slice(-2), ['Content-Type: text/plain', 'Content-Length: 2']);
  assert.deepEqual(bodyOf(reply), body);
});

test('neither the body nor values read from the request are taken over, and the request stays as it was', () => {
  const asked = request('<sip:bob@biloxi.com>', 'Record-Route: <sip:p1;lr>');
  const before = linesOf(asked);
  assert.equal(read(asked, recordRoute)?.uriText, 'sip:p1;lr');
  const reply = replyTo(asked, 200, 'OK', { toTag: 'x' });
  assert.equal(read(reply, recordRoute), undefined);
  assert.equal(bodyOf(reply).length, 0);
  assert.deepEqual(need(reply, cseq), { seq: 314159, method: 'INVITE' });
  assert.deepEqual(linesOf(asked), before);
  assert.equal(need(asked, to).tag, undefined);
});

const request = (to: string, more = 'X-Nothing: 0'): ReturnType<typeof requestOf> =>
  requestOf(`INVITE sip:bob@192.0.2.4 SIP/2.0
    v: SIP/2.0/UDP  server10.biloxi.com ;branch=z9hG4bK4b43c2ff8.1, SIP/2.0/UDP bigbox3.site3.atlanta.com
    ${more}
    Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8 ;received=192.0.2.1
    To: ${to}
    Max-Forwards: 68
    f:  Alice <sip:alice@atlanta.com>;tag=1928301774
    Call-ID: a84b4c76e66710
    CSeq: 314159  INVITE
    Contact: <sip:alice@pc33.atlanta.com>

hello`);
