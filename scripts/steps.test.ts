import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { withFolder } from './fixture.ts';
import { staleSentences, withSection, writePages } from './page.ts';
import { outcomeOf, printTotal, runSteps, type Step } from './steps.ts';

test('every step is run and told, one that throws too, and the total counts them all', async () => {
  const steps: readonly Step[] = [
    { name: 'good', run: () => outcomeOf([], ['a word']) },
    { name: 'bad', run: () => outcomeOf(['what is wrong']) },
    { name: 'broken', run: () => Promise.reject(new Error('it broke')) },
    { name: 'tests', run: () => ({ passed: 5, failed: 0, skipped: 2, lines: [] }) },
  ];
  let text = '';
  const total = await runSteps(steps, { isTTY: false, write: (part) => (text += part) });
  const lines = stripVTControlCharacters(text).split('\n');
  assert.match(lines[0] ?? '', /^ok {4}good .* s$/);
  assert.equal(lines[1], '      a word');
  assert.match(lines[2] ?? '', /^FAIL {2}bad/);
  assert.equal(lines[3], '      what is wrong');
  assert.match(lines[4] ?? '', /^FAIL {2}broken/);
  assert.match(lines[5] ?? '', /it broke/);
  assert.match(text, /tests .*7 tests/);
  assert.equal(printTotal(total), '6 passed, 2 failed, 2 skipped');
});

test('the closing line names skips only when there are some', () => {
  assert.equal(printTotal({ passed: 3, failed: 0, skipped: 0, lines: [] }), '3 passed, 0 failed');
});

test('a section is put between its marks, and a page is stale until it is written', () => {
  withFolder({ 'A.md': 'one\n<!-- layers -->\nold\n<!-- /layers -->\ntwo\n', 'B.md': 'no marks\n' }, (root) => {
    assert.deepEqual(withSection(root, 'B.md', 'layers', 'new'), []);
    assert.deepEqual(withSection(root, 'C.md', 'layers', 'new'), []);
    const pages = withSection(root, 'A.md', 'layers', 'new');
    assert.equal(staleSentences(root, pages).length, 1);
    assert.deepEqual(writePages(root, pages), ['wrote A.md']);
    assert.equal(readFileSync(join(root, 'A.md'), 'utf8'), 'one\n<!-- layers -->\nnew\n<!-- /layers -->\ntwo\n');
    assert.deepEqual(staleSentences(root, pages), []);
    assert.deepEqual(writePages(root, pages), []);
  });
});
