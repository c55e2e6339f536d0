import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf, lineAt, readSource } from './source.ts';

test('comments and the insides of strings, templates and regular expressions become blanks of the same length', () => {
  const text = 'a("x//y"); // tail\n/* two\nlines */ b(`t #{c("d")} /*no*/`, /[/"]/g, e / f / g);'.replace('#', '$');
  const { code } = readSource(text);
  assert.equal(code.length, text.length);
  assert.equal(code, 'a("    ");        \n      \n         b(`   {c(" ")}       `, /    /g, e / f / g);');
});

test('a template inside a template ends where it ends', () => {
  const { code } = readSource('x(`a#{ y(`b#{ { z: 1 }.z }c`) }d`) + Date'.replaceAll('#', '$'));
  assert.equal(code.replace(/\s+/g, ''), 'x(`{y(`{{z:1}.z}`)}`)+Date');
});

test('a slash behind a value divides, and behind return it opens a regular expression', () => {
  assert.equal(readSource("const a = b / c; const d = 'x' / 2;").code, "const a = b / c; const d = ' ' / 2;");
  assert.equal(readSource("return /'/.test(x) || y").code, 'return / /.test(x) || y');
  assert.equal(readSource("f(x)\n/ 2 + '/'").code, "f(x)\n/ 2 + ' '");
});

test('strings carry their values, escapes undone', () => {
  const { strings } = readSource(String.raw`f('it\'s', "\u00e9\x41\n", '')`);
  assert.deepEqual(
    strings.map(({ text }) => text),
    ["it's", 'éA\n', ''],
  );
});

test('imports are found with the kind they are of', () => {
  const imports = importsOf(
    readSource(`import a, { type B } from './a.ts';
import type { C } from "./c.ts";
import './side.ts';
export * from './all.ts';
export type { D } from './d.ts';
// import { no } from './comment.ts';
const s = "import { no } from './string.ts'";
export interface Letter { from: string }
const later = await import('./later.ts');
import {
  long,
} from './long.ts';
`),
  );
  assert.deepEqual(
    imports.map(({ specifier, typeOnly }) => `${typeOnly ? 'type ' : ''}${specifier}`),
    ['./a.ts', 'type ./c.ts', './side.ts', './all.ts', 'type ./d.ts', './later.ts', './long.ts'],
  );
});

test('a line is counted from 1', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((offset) => lineAt('a\nb\nc', offset)),
    [1, 1, 2, 2],
  );
});
