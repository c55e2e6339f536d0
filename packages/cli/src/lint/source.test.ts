import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferText } from '@strowger/node';
import { Source } from './source.ts';

const sourceOf = (text: string): Source => new Source(Buffer.from(text), bufferText);

test('a place is counted in lines and characters from 1, whatever ends the lines', () => {
  const source = sourceOf('ab\r\ncd\nef');
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 7, 8, 9, 99].map((at) => source.placeOf(at)),
    [
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 3, column: 3 },
      { line: 3, column: 3 },
    ],
  );
});

test('a character of several bytes is one column', () => {
  const text = 'é\u{1f4de}x';
  assert.deepEqual(sourceOf(text).placeOf(Buffer.from(text).indexOf('x')), { line: 1, column: 3 });
});

test('an excerpt has carets under the span, and never under the next line', () => {
  assert.deepEqual(sourceOf('Via: x\r\nTo: y').excerpt({ at: 5, length: 40 }), ['Via: x', '     ^']);
  assert.deepEqual(sourceOf('é: abc').excerpt({ at: 4, length: 2 }), ['é: abc', '   ^^']);
});

test('a span behind the end of a line has one caret there', () => {
  assert.deepEqual(sourceOf('abc\r\n').excerpt({ at: 3, length: 1 }), ['abc', '   ^']);
  assert.deepEqual(sourceOf('').excerpt({ at: 0, length: 1 }), ['', '^']);
});

test('a long line is cut to a window around the span', () => {
  const [line, carets] = sourceOf(`${'a'.repeat(400)}X${'b'.repeat(400)}`).excerpt({ at: 400, length: 1 });
  assert.equal(line.length, 102);
  assert.ok(line.startsWith('…') && line.endsWith('…'));
  assert.equal(line.charAt(carets.length - 1), 'X');
});

test('what would move the cursor of a terminal is shown as a dot', () => {
  assert.deepEqual(sourceOf('a\tb\u001b[31mc\u202ed').excerpt({ at: 3, length: 1 }), ['a·b·[31mc·d', '   ^']);
  assert.equal(new Source(Uint8Array.of(0xff, 0x41), bufferText).excerpt({ at: 0, length: 1 })[0], '·A');
});
