import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isQuoted } from './quotes.ts';

const FILE = ['const a = {', '  b: [', '    1,', '  ],', '', '  c: 2,', '};', 'run(a);', ''].join('\n');

test('a quote stands in the file line by line, indented or not', () => {
  assert.equal(isQuoted('  b: [\n    1,\n  ],\n', FILE), true);
  assert.equal(isQuoted('b: [\n  1,\n],\n\nc: 2,\n', FILE), true);
  assert.equal(isQuoted('b: [\n    1,\n],\n', FILE), false, 'another indentation inside');
  assert.equal(isQuoted('b: [\n  2,\n],\n', FILE), false);
  assert.equal(isQuoted('b: [\n],\n', FILE), false, 'a line is left out silently');
});

test('what is left out is shown by an ellipsis, and the order stays', () => {
  assert.equal(isQuoted('const a = {\n  // …\n};\n\n…\nrun(a);\n', FILE), true);
  assert.equal(isQuoted('run(a);\n…\nconst a = {\n', FILE), false);
});
