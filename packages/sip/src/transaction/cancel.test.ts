import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, requestOf } from '../../test/wire-text.ts';
import { bodyOf } from '../message/index.ts';
import { cancelFor } from './cancel.ts';

test('a CANCEL has Request-URI, Call-ID, To, From, CSeq number, top Via and Route of its request, and no more (RFC 3261 §9.1)', () => {
  const cancel = cancelFor(
    requestOf(`INVITE sip:bob@biloxi.com;transport=tcp SIP/2.0
      Via: SIP/2.0/TCP p1.example.com;branch=z9hG4bK1, SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bK2
      Via: SIP/2.0/UDP other.example.com
      Max-Forwards: 68
      Route: <sip:p2.example.com;lr>
      Record-Route: <sip:p1.example.com;lr>
      From: "Alice" <sip:alice@atlanta.com>;tag=1928301774
      To: Bob <sip:bob@biloxi.com>;tag=inside
      Call-ID: a84b4c76e66710
      CSeq: 314159 INVITE
      Contact: <sip:alice@pc33.atlanta.com>
      Require: 100rel
      Proxy-Require: foo
      Authorization: Digest x=1
      Content-Type: text/plain

hello`),
  );
  assert.deepEqual(linesOf(cancel), [
    'CANCEL sip:bob@biloxi.com;transport=tcp SIP/2.0',
    'Via: SIP/2.0/TCP p1.example.com;branch=z9hG4bK1',
    'Max-Forwards: 68',
    'Route: <sip:p2.example.com;lr>',
    'From: "Alice" <sip:alice@atlanta.com>;tag=1928301774',
    'To: Bob <sip:bob@biloxi.com>;tag=inside',
    'Call-ID: a84b4c76e66710',
    'CSeq: 314159 CANCEL',
    'Content-Length: 0',
  ]);
  assert.equal(bodyOf(cancel).length, 0);
});
