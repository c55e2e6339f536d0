import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPage, sectionOf } from './markdown.ts';

const PAGE = [
  '# A title: with *signs*',
  '',
  'A `span` and a [link](other.md#part), and `[no](link.md)`.',
  '```yaml',
  'key: `value` [x](y.md)',
  '```',
  '## Part',
  'words',
  '### Below',
  'more',
  '## Next',
  '```',
  'plain',
  '```',
].join('\n');

test('fences have their language, their text and their line', () => {
  assert.deepEqual(readPage(PAGE).fences, [
    { language: 'yaml', text: 'key: `value` [x](y.md)\n', line: 4 },
    { language: '', text: 'plain\n', line: 12 },
  ]);
});

test('spans and links are those of the prose, with their lines; a link in a span is none', () => {
  const { spans, links } = readPage(PAGE);
  assert.deepEqual(spans, [
    { text: 'span', line: 3 },
    { text: '[no](link.md)', line: 3 },
  ]);
  assert.deepEqual(links, [{ text: 'other.md#part', line: 3 }]);
});

test('headings have the anchors that forges give them', () => {
  assert.deepEqual(readPage(PAGE).anchors, ['a-title-with-signs', 'part', 'below', 'next']);
});

test('a section ends with the next heading of its rank', () => {
  assert.equal(sectionOf(PAGE, '## Part').trim(), 'words\n### Below\nmore');
  assert.equal(sectionOf(PAGE, '## Nowhere'), '');
});
