import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBinary, isAscii, toBinary } from './binary.ts';

test('binary text has one character a byte of UTF-8 (RFC 3261 §7.3.1)', () => {
  assert.equal(toBinary('Jürgen €'), 'J\u00c3\u00bcrgen \u00e2\u0082\u00ac');
  assert.equal(toBinary('plain'), 'plain');
  assert.equal(fromBinary('J\u00c3\u00bcrgen'), 'Jürgen');
});

test('every well-formed text survives the way there and back', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.equal(fromBinary(toBinary(text)), text)));
});

test('binary text is as long as its UTF-8 form', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(toBinary(text), Buffer.from(text, 'utf8').toString('latin1'));
    }),
  );
});

test('half a surrogate pair becomes the replacement character', () => {
  assert.equal(fromBinary(toBinary('a\ud800b')), 'a\ufffdb');
  assert.equal(fromBinary(toBinary('a\udc00b')), 'a\ufffdb');
});

test('bytes that are not UTF-8 are read as ISO 8859-1', () => {
  assert.equal(fromBinary('J\u00fcrgen'), 'Jürgen');
  assert.equal(fromBinary('\u00c3'), 'Ã');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      assert.equal(typeof fromBinary(String.fromCharCode(...bytes)), 'string');
    }),
  );
});

test('ASCII ends at 127', () => {
  assert.ok(isAscii('\u0000az~\u007f'));
  assert.ok(!isAscii('a\u0080'));
});
