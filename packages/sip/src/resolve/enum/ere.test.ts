import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileEre } from './ere.ts';
import { matchEre } from './ere-match.ts';
import { ERE_LIMITS } from './ere-reader.ts';

const match = (pattern: string, text: string, letters: 'as written' | 'any case' = 'as written') => {
  const ere = compileEre(pattern, letters);
  assert.ok(typeof ere !== 'string', `${pattern}: ${String(ere)}`);
  return matchEre(ere, text);
};

test('groups are numbered by their opening brackets (the example of RFC 3402 §3.2)', () => {
  assert.deepEqual(match('(A(B(C)DE)(F)G)', 'ABCDEFG'), ['ABCDEFG', 'ABCDEFG', 'BCDE', 'C', 'F']);
});

test('what extended regular expressions are made of (IEEE Std 1003.1 §9.4)', () => {
  for (const [pattern, text, found] of [
    ['^.*$', '+441632960083', ['+441632960083']],
    ['^(\\+441632960083)$', '+441632960083', ['+441632960083', '+441632960083']],
    ['^\\+44(.{4})([0-9]+)$', '+441632960083', ['+441632960083', '1632', '960083']],
    ['^+44(.*)$', '+441', ['+441', '1']],
    ['[[:digit:]]{3}', 'ab1234', ['123']],
    ['[^+[:alpha:]]{2,}', '+a123', ['123']],
    ['[]a-]+', 'x]-a]', [']-a]']],
    ['a|bc|', 'bc', ['bc']],
    ['(ab|a)(bc)?', 'abc', ['abc', 'a', 'bc']],
    ['(a*)*b', 'aab', ['aab', 'aa']],
    ['x?y{2}z{1,2}w{0,}', 'yyzz', ['yyzz']],
    ['\\.\\$', 'a.$', ['.$']],
    ['', '+44', ['']],
  ] as const)
    assert.deepEqual(match(pattern, text), found, pattern);
  for (const [pattern, text] of [
    ['^\\+44$', '+441'],
    ['4^4', '44'],
    ['[0-4]', '5'],
    ['a{3}', 'aa'],
    ['ABC', 'abc'],
  ] as const)
    assert.equal(match(pattern, text), undefined, pattern);
});

test('of the places the first, there the longest match is taken (IEEE Std 1003.1 §9.1)', () => {
  assert.deepEqual(match('a|ab|abc', 'xabcabc'), ['abc']);
  assert.deepEqual(match('1+', '+11011'), ['11']);
});

test('the flag i makes letters match in any case (RFC 3402 §3.2)', () => {
  assert.deepEqual(match('aBc', 'AbC', 'any case'), ['AbC']);
  assert.deepEqual(match('[a-c]+', 'AbC', 'any case'), ['AbC']);
  assert.equal(match('[^a]', 'A', 'any case'), undefined);
});

test('what does not follow the grammar is refused with its place', () => {
  for (const pattern of [
    '(',
    ')',
    'a)',
    '(a',
    '[a',
    '[',
    '*a',
    '?',
    '{2}',
    'a{2',
    'a{3,2}',
    'a{256}',
    '\\',
    '\\1',
    'a\\d',
    '[z-a]',
    '[[:none:]]',
    '[[.a.]]',
  ])
    assert.match(String(compileEre(pattern, 'as written')), /^the regexp cannot be read at offset \d+$/, pattern);
});

test('an expression beyond the limits is refused before it takes time', () => {
  assert.match(String(compileEre('a'.repeat(ERE_LIMITS.chars + 1), 'as written')), /more than 255 characters/);
  assert.match(String(compileEre('((((a{255}){255}){255}){255}){255}', 'as written')), /more than 400 steps/);
  assert.match(String(compileEre(`${'('.repeat(17)}a${')'.repeat(17)}`, 'as written')), /cannot be read/);
  assert.ok(typeof compileEre('a'.repeat(ERE_LIMITS.chars), 'as written') !== 'string');
});

test('expressions that make a matcher go back and forth without end take a few thousand steps here', () => {
  let looks = 0;
  for (const pattern of ['(a*)*b', '(a|a)*b', '(a|aa)+$b', '(.*)*(.*)*(.*)*=', '(x+x+)+y', '((a{0,9}){0,3}){0,2}b']) {
    const ere = compileEre(pattern, 'as written');
    assert.ok(typeof ere !== 'string', pattern);
    const program = ere.program.map((one) => {
      if (one.op !== 'char') return one;
      const accepts = (char: string): boolean => {
        looks += 1;
        return one.accepts(char);
      };
      return { ...one, accepts };
    });
    looks = 0;
    assert.equal(matchEre({ ...ere, program }, 'a'.repeat(64)), undefined);
    assert.ok(looks <= 65 * ERE_LIMITS.instructions, `${pattern}: ${looks}`);
  }
});

test('for simple expressions the whole match is that of the built-in matcher', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a)', '(ab)');
  const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}')).map(([a, r]) => a + r);
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 10 }), (source, text) => {
      const ours = match(`^${source}$`, text)?.[0];
      assert.equal(ours, new RegExp(`^${source}$`).exec(text)?.[0]);
    }),
  );
});

test('no text makes the reader or the matcher throw', () => {
  const chars = fc.string({ unit: fc.constantFrom(...'()[]{}*+?|^$.\\-:1a,é'), maxLength: 40 });
  fc.assert(
    fc.property(chars, fc.string({ maxLength: 20 }), (pattern, text) => {
      const ere = compileEre(pattern, 'any case');
      if (typeof ere !== 'string') matchEre(ere, text);
    }),
  );
});
