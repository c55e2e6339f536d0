import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { printFault } from './fault.ts';
import { keysOf } from './json-schema.ts';
import { loadConfig } from './load.ts';

const GUIDE = readFileSync(new URL('../../../../docs/guide/configuration.md', import.meta.url), 'utf8');

/** Key to the text of its default, from the tables of the guide. */
const ROWS = new Map(
  [...GUIDE.matchAll(/^\| `([\w.[\]]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$/gm)].map(
    ([, key = '', fallback, meaning = '']) => [key, { fallback, meaning }] as const,
  ),
);

test('the guide has a row for every key of the configuration and for no other', () => {
  assert.deepEqual([...ROWS.keys()].sort(), [...keysOf()].map(([path]) => path).sort());
});

test('the defaults in the guide are those of the schema', () => {
  for (const [path, schema] of keysOf()) {
    const fallback = ROWS.get(path)?.fallback;
    assert.deepEqual(fallback === undefined ? undefined : parse(fallback), schema.default, path);
  }
});

test('every YAML example of the guide is a valid configuration', () => {
  const examples = [...GUIDE.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  assert.ok(examples.length >= 3);
  for (const text of examples) {
    const loaded = loadConfig(text, 'configuration.md');
    assert.equal(loaded.type, 'config', loaded.type === 'faults' ? loaded.faults.map(printFault).join('\n') : text);
  }
});

test('the first example of the guide names every key at the outermost level', () => {
  const [, first = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(GUIDE) ?? [];
  const outermost = [...keysOf()].map(([path]) => path).filter((path) => !/[.[]/.test(path));
  assert.deepEqual(Object.keys(parse(first)).sort(), outermost.sort());
});

test('the error in the guide is the error that is printed', () => {
  const text = `${'\n'.repeat(8)}proxy: { timerc: 200 }`;
  const loaded = loadConfig(text, 'strowger.yaml');
  assert.ok(loaded.type === 'faults');
  for (const fault of loaded.faults) assert.ok(GUIDE.includes(printFault(fault)), printFault(fault));
});
