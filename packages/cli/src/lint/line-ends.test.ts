import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headEndOf, withLineEnds } from './line-ends.ts';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const ended = (text: string): string => textOf(withLineEnds(Buffer.from(text, 'latin1')).bytes);

test('lines that end with CRLF are as they should be (RFC 3261 §7)', () => {
  const { bytes, findings } = withLineEnds(Buffer.from('A: b\r\n\r\nx\ny'));
  assert.deepEqual([textOf(bytes), findings], ['A: b\r\n\r\nx\ny', []]);
});

test('a file with line feeds alone is read as if they were CRLF, and told once', () => {
  const { bytes, findings } = withLineEnds(Buffer.from('A: b\n\nx\ny\n'));
  assert.equal(textOf(bytes), 'A: b\r\n\r\nx\r\ny\r\n');
  assert.deepEqual(
    findings.map(({ severity }) => severity),
    ['note'],
  );
});

test('the body of such a file keeps its line feeds where Content-Length counts them so', () => {
  assert.equal(ended('Content-Length: 4\n\nx\ny\n'), 'Content-Length: 4\r\n\r\nx\ny\n');
  assert.equal(ended('l:6\n\nx\ny\n'), 'l:6\r\n\r\nx\r\ny\r\n');
});

test('single line feeds among CRLF are told where they stand, five times at most', () => {
  const { findings } = withLineEnds(Buffer.from('A: b\nC: d\r\nE: f\n\r\n\n'));
  assert.deepEqual(
    findings.map(({ severity, span }) => [severity, span?.at]),
    [
      ['warning', 4],
      ['warning', 15],
    ],
  );
  const many = withLineEnds(Buffer.from(`X\r\n${'A: b\n'.repeat(50)}\r\n`));
  assert.equal(many.findings.length, 5);
});

test('the head ends behind the first empty line that is not at the start', () => {
  assert.equal(headEndOf(Buffer.from('\r\n\r\nA\r\n\r\nB')), 9);
  assert.equal(headEndOf(Buffer.from('A\n\nB')), 3);
  assert.equal(headEndOf(Buffer.from('A\r\nB')), 4);
});
