import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bufferText } from './text.ts';

const { latin1, utf8, encode, join } = bufferText;

test('latin1 is one character a byte, so offsets in the text are offsets in the bytes', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(
    Array.from(latin1(all, 0, 256), (c) => c.charCodeAt(0)),
    [...all],
  );
  assert.equal(latin1(all, 65, 68), 'ABC');
  assert.equal(latin1(all, 9, 9), '');
});

test('a view into a larger block is read from its own start', () => {
  const block = Uint8Array.from('....INVITE sip:bob', (c) => c.charCodeAt(0));
  assert.equal(latin1(block.subarray(4), 0, 6), 'INVITE');
  assert.equal(utf8(block.subarray(4), 7, 10), 'sip');
  assert.equal(latin1(Buffer.from(block).subarray(4), 0, 6), 'INVITE');
});

test('bytes that are not UTF-8 become replacement characters', () => {
  assert.equal(utf8(Uint8Array.of(0x61, 0xff, 0xc3, 0x28), 0, 4), 'a\ufffd\ufffd(');
});

test('what is encoded reads back the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = encode(text);
      assert.equal(utf8(bytes, 0, bytes.length), text);
      assert.deepEqual(new Uint8Array(bytes), new TextEncoder().encode(text));
    }),
  );
});

test('join is the head, one byte a character, and then the bytes asked for', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  assert.deepEqual([...join('A\u00ff', bytes, 1, 4)], [0x41, 0xff, 2, 3, 4]);
  assert.deepEqual([...join('', bytes, 5, 5)], []);
  const joined = join('head', bytes, 0, 5);
  joined.fill(0);
  assert.deepEqual([...bytes], [1, 2, 3, 4, 5]);
});
