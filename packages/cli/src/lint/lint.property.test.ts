import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferText } from '@strowger/node';
import fc from 'fast-check';
import { lint } from './lint.ts';

const MESSAGE = Buffer.from(
  [
    'INVITE sip:bob@biloxi.example.com SIP/2.0',
    'Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bKnashds8, SIP/2.0/TCP [2001:db8::1]:5062;branch=z9hG4bK2',
    'To: "Bób" <sip:bob@biloxi.example.com>',
    'From: Alice <sip:alice@atlanta.example.com>',
    ' ;tag=1928301774',
    'Call-ID: a84b4c76e66710',
    'CSeq: 314159 INVITE',
    'Contact: <sip:alice@pc33.example.com>',
    'Authorization: Digest username="a", realm="r", nonce="n", uri="sip:b", response="00"',
    'Content-Type: application/sdp',
    'Content-Length: 60',
    '',
    'v=0',
    'o=- 1 1 IN IP4 192.0.2.1',
    's=-',
    't=0 0',
    'm=audio 4000 RTP/AVP 0',
  ].join('\r\n'),
);

const check = (bytes: Uint8Array): void => {
  for (const { place, excerpt, text } of lint(bytes, bufferText, () => undefined).findings) {
    assert.ok(text !== '');
    assert.equal(place === undefined, excerpt === undefined);
    if (place === undefined || excerpt === undefined) continue;
    assert.ok(place.line >= 1 && place.column >= 1);
    assert.match(excerpt[1], /^ *\^+$/);
    assert.ok([...excerpt[1]].length <= [...excerpt[0]].length + 1);
  }
};

test('no bytes make it throw, and every place lies in the text', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check), { numRuns: 300 });
});

test('a message with bytes changed, lost or added is still explained', () => {
  const edits = fc.array(fc.tuple(fc.nat(MESSAGE.length - 1), fc.nat(3), fc.uint8Array({ maxLength: 6 })), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(edits, (changes) => {
      let bytes = MESSAGE;
      for (const [at, lost, added] of changes)
        bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + lost)]);
      check(bytes);
    }),
    { numRuns: 500 },
  );
});
