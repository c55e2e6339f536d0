import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf } from './suites/transport-witness.ts';
import { labelOf } from './traffic.ts';

const label = (text: string): string => labelOf(bytesOf(text));

test('a request is called by its method, known or not', () => {
  assert.equal(label('INVITE sip:bob@b.example SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n'), 'INVITE');
  assert.equal(
    label("!interesting-Method0123456789_*+`.%indeed'~ sip:x SIP/2.0\r\n\r\n"),
    "!interesting-Method0123456789_*+`.%indeed'~",
  );
});

test('a response is called by its status and the method of its CSeq', () => {
  assert.equal(label('SIP/2.0 180 Ringing\r\nVia: x\r\ncseq :  314159   INVITE\r\n\r\n'), '180 INVITE');
  assert.equal(label('SIP/2.0 200 OK\r\nCSeq: 2 BYE'), '200 BYE');
  assert.equal(label('SIP/2.0 404 Not Found\r\n\r\n'), '404');
});

test('keep-alives have names (RFC 5626 §3.5.1)', () => {
  assert.deepEqual(['\r\n\r\n', '\r\n'].map(label), ['ping', 'pong']);
});

test('everything else is called by its size', () => {
  assert.deepEqual(['', 'x', 'INVITE sip:bob', 'GET / HTTP/1.1\r\n\r\n', 'SIP/2.0 xx\r\n'].map(label), [
    '0 bytes',
    '1 bytes',
    '14 bytes',
    '18 bytes',
    '12 bytes',
  ]);
});
