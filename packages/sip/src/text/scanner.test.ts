import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from './faults.ts';
import { Scanner } from './scanner.ts';

test('a scanner reads a value from left to right', () => {
  const s = new Scanner(' token  =  12 ; a=b, "quo\\"ted" rest');
  assert.equal(s.blanks().token(), 'token');
  assert.equal(s.mark('=').uint(), 12);
  assert.equal(s.params().text, '; a=b');
  assert.ok(s.took(','));
  assert.ok(!s.took(','));
  assert.equal(s.quoted(), 'quo"ted');
  assert.equal(s.blanks().rest(), 'rest');
  assert.ok(s.done);
  assert.ok(Number.isNaN(s.peek));
});

test('what is not there is a fault with its offset and what was wanted', () => {
  const fails = (read: (s: Scanner) => unknown, text: string, at: number, expected: RegExp): void =>
    assert.throws(
      () => read(new Scanner(text)),
      (fault) => fault instanceof SyntaxFault && fault.at === at && expected.test(fault.expected),
    );
  fails((s) => s.token('a method'), ' x', 0, /a method/);
  fails((s) => s.mark('/'), '  x', 2, /"\/"/);
  fails((s) => s.uint(), 'x', 0, /a number/);
  fails((s) => s.uint(255, 'a byte'), '256', 0, /a byte of at most 255/);
  fails((s) => s.quoted(), 'x', 0, /a quotation mark/);
  fails((s) => s.quoted(), '"x', 2, /closing/);
  fails((s) => s.tokenOrQuoted(), ';', 0, /token or a quoted string/);
  fails((s) => s.blanks().end(), '  x', 2, /the end/);
  fails((s) => s.params(), ';', 1, /parameter name/);
});

test('a number may be as large as it is allowed to be', () => {
  assert.equal(new Scanner('4294967295').uint(), 2 ** 32 - 1);
  assert.throws(() => new Scanner('4294967296').uint(), SyntaxFault);
  assert.equal(new Scanner('0255x').uint(255), 255);
});

test('text is read up to the first of some characters, or to the end', () => {
  const s = new Scanner('a b>c');
  assert.equal(s.until('>;'), 'a b');
  assert.equal(s.until('>'), '');
  s.mark('>');
  assert.equal(s.until('>'), 'c');
  assert.ok(s.done);
  s.end();
});

test('tokens and quoted strings are read alike', () => {
  assert.equal(new Scanner('abc;').tokenOrQuoted(), 'abc');
  assert.equal(new Scanner('"a b"').tokenOrQuoted(), 'a b');
  assert.equal(new Scanner('x=1', 2).uint(), 1);
});
