import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFault } from './fault.ts';
import { parseSource, type Source } from './source.ts';

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
