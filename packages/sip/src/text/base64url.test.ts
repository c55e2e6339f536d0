import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

test('bytes are written as every other encoder of RFC 4648 §5 writes them, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const text = encodeBase64url(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(decodeBase64url(text), bytes);
    }),
  );
});

test('each array of bytes has one text only: padding, other characters and stray bits are refused (RFC 4648 §3.5)', () => {
  for (const text of ['A', 'AA==', 'AB', 'AAB', 'A+AA', 'A/AA', 'AA A', 'AAAA\n', 'ÄAAA'])
    assert.equal(decodeBase64url(text), undefined, text);
});
