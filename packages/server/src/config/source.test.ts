import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFault } from './fault.ts';
import { parseSource, SOURCE_LIMITS, type Source } from './source.ts';

function source(text: string): Source {
  const read = parseSource(text, 'f');
  assert.ok('value' in read, 'the text is refused');
  return read;
}

function faults(text: string): string[] {
  const read = parseSource(text, 'f');
  assert.ok('faults' in read, 'the text is accepted');
  return read.faults.map(printFault);
}

test('a value knows its line and column, and so does its key', () => {
  const { value, valueAt, keyAt, has } = source('a: 1\nb:\n  - x: [p, q]\n');
  assert.deepEqual(value, { a: 1, b: [{ x: ['p', 'q'] }] });
  assert.deepEqual(valueAt(['b', 0, 'x', 1]), { line: 3, column: 12 });
  assert.deepEqual(keyAt(['b', 0, 'x']), { line: 3, column: 5 });
  assert.deepEqual(valueAt([]), { line: 1, column: 1 });
  assert.ok(has(['b', 0, 'x']));
  assert.ok(!has(['b', 1]) && !has(['c']));
});

test('what is not there stands where its surroundings stand', () => {
  const { valueAt, keyAt } = source('a: 1\nb: { c: 2 }\n');
  assert.deepEqual(valueAt(['b', 'd', 'e']), { line: 2, column: 4 });
  assert.deepEqual(keyAt(['b', 'd']), { line: 2, column: 4 });
});

test('an alias stands for what its anchor names', () => {
  const { value, valueAt } = source('a: &x [1, 2]\nb: *x\n');
  assert.deepEqual(value, { a: [1, 2], b: [1, 2] });
  assert.deepEqual(valueAt(['b', 1]), { line: 1, column: 11 });
});

test('an alias without an anchor, one of itself and aliases that multiply are faults', () => {
  assert.match(faults('a: *nowhere')[0] ?? '', /^f:1:4: expected an alias of an anchor/);
  const bomb = [
    'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
    ...[1, 2, 3, 4, 5].map((n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(9)}x]`),
  ];
  assert.match(faults(bomb.join('\n'))[0] ?? '', /in moderation/);
});

test('a text that is not YAML is a fault with its place and a cure', () => {
  assert.deepEqual(faults('a: 1\na: 2'), ['f:2:1: expected each key once; remove one of the two.']);
  assert.deepEqual(faults('a: b\n\tc: d')[0], 'f:2:1: expected spaces for indentation; replace the tabs.');
  assert.match(faults('listen: [tcp:[::1]:5060]')[0] ?? '', /^f:1:19: .*put addresses .* in quotes/);
  assert.match(faults('a: [1, 2')[0] ?? '', /^f:1:9: .*brackets and quotes are closed/);
  assert.match(faults('a: 1\n---\nb: 2')[0] ?? '', /one document/);
  assert.match(faults('a: !secret x')[0] ?? '', /without tags/);
});

test('a key that stands in one mapping twice is a fault, in another mapping it is not', () => {
  assert.deepEqual(faults('a: { b: 1, "b": 2 }\n'), ['f:1:12: expected each key once; remove one of the two.']);
  assert.deepEqual(source('a: { b: 1 }\nc: { b: 1 }\n').value, { a: { b: 1 }, c: { b: 1 } });
});

test('a key that is a list or a mapping is a fault, and nothing of it is shown', () => {
  for (const text of [
    '? [secret]\n: b',
    '{ [secret]: b }',
    '? { secret: a }\n: b',
    '? - secret\n: b',
    'a: &a x\n*a : b',
  ])
    assert.match(faults(text).join(), /^f:\d:\d: expected a word as the key; put a key that begins with /);
});

test('what is nested too deep is one fault with its place, however it is nested', () => {
  const deep = (text: string): void =>
    assert.match(faults(text).join('\n'), /^f:\d+:\d+: expected .* nested this deep;/);
  deep(`registrar: { maxExpires: 36${'xpires: '.repeat(3000)}00 }\nauth: none\n`);
  for (const part of ['- ', '? ', '[', '{a: ', '[? ', 'a: ', '- [', '{a: [', '[a: ', '- ? ']) deep(part.repeat(10_000));
  deep(Array.from({ length: 1_000 }, (_, at) => `${' '.repeat(at)}a:\n`).join(''));
  deep(`a: &a ${'['.repeat(100)}*a${']'.repeat(100)}\n`);
  assert.deepEqual(faults(`a:\n  ${'['.repeat(100)}`)[0]?.split(' ')[0], `f:2:${SOURCE_LIMITS.depth}:`);
});

test('what stands side by side is not nested', () => {
  const many = 1_000;
  for (const text of [
    `a: [${'{ b: [c] }, '.repeat(many)}]\n`,
    `a:\n${'  - b: { c: [d, e] }\n    f: "[[[[{{{{"\n    # [[[[\n'.repeat(many)}`,
    `a: |\n${Array.from({ length: 100 }, (_, at) => `${' '.repeat(at + 1)}- [ {\n`).join('')}`,
    `a: "${'[ '.repeat(many)}"\nb: '${'- '.repeat(many)}'\nc: x[[[[${'{['.repeat(many)}\n`,
  ])
    source(text);
});

test('a text that is too long is refused before it is read', () => {
  const text = (length: number): string => `a: ${'b'.repeat(length - 3)}`;
  source(text(SOURCE_LIMITS.characters));
  assert.deepEqual(faults(text(SOURCE_LIMITS.characters + 1)), [
    'f:1:1: expected at most 1048576 characters; is this the file that was meant? Users can be kept in the store: strowger user add.',
  ]);
});

test('many keys, anchors and aliases are read in a time that grows with the text', () => {
  const each = (line: (at: number) => string): string => Array.from({ length: 20_000 }, (_, at) => line(at)).join('\n');
  for (const text of [
    each((at) => `b${at}: c`),
    `a: &a x\n${each((at) => `b${at}: *a`)}`,
    each((at) => `b${at}: *b`),
  ]) {
    const from = performance.now();
    parseSource(text, 'f');
    assert.ok(performance.now() - from < 5_000, text.slice(0, 20));
  }
});
