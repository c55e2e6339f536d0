import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SyntaxFault } from '../../text/faults.ts';
import { Scanner } from '../../text/scanner.ts';
import { printComment, scanComment } from './comment.ts';

test('a comment ends at its own parenthesis, inner ones and escapes left aside (RFC 3261 §25.1)', () => {
  for (const [text, comment] of [
    ['()', ''],
    ['(a) b', 'a'],
    ['(a (b (c)) d)', 'a (b (c)) d'],
    ['(a \\) b)', 'a \\) b'],
  ] as const)
    assert.equal(scanComment(new Scanner(text)), comment);
});

test('a comment that never ends is a fault at the end of the text', () => {
  for (const text of ['(', '(a', '((a)', '(a\\)'])
    assert.throws(
      () => scanComment(new Scanner(text)),
      (fault) => fault instanceof SyntaxFault && fault.at === text.length,
    );
});

test('whatever is printed as a comment is one comment', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '(', ')', '\\', ' ') }), (text) => {
      const printed = printComment(text);
      const s = new Scanner(printed);
      scanComment(s);
      assert.ok(s.done);
    }),
  );
});
