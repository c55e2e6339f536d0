import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFinding } from './finding.ts';
import { withFolder } from './fixture.ts';
import { checkHouseRules } from './house-rules.ts';
import { readTree } from './tree.ts';

const faultsOf = (files: Readonly<Record<string, string>>): readonly string[] =>
  withFolder(files, (root) => checkHouseRules(readTree(root)).map(printFinding));

test('a pure package asks no clock and no chance; comments, strings and members are no questions', () => {
  const faults = faultsOf({
    'packages/sip/src/text/a.ts':
      "// Date\nconst a = 'Date';\nconst b = x.process;\nconst c = { console: 1 };\nconst d = Date.now();\nMath.random();\nnew globalThis.Map();\n",
    'packages/sip/src/text/a.test.ts': 'const d = Date.now();\n',
    'packages/node/src/a.ts': 'const d = Date.now();\n',
    'packages/testkit/src/a.ts': 'setImmediate(f, Date.UTC(2026, 0));\nMath.random();\nDate.now();\n',
    'packages/testkit/src/suites/a.ts': 'setTimeout(f, 1);\n',
  });
  assert.deepEqual(faults, [
    'packages/sip/src/text/a.ts:5  uses Date in a pure package; let the caller tell it',
    'packages/sip/src/text/a.ts:6  uses Math.random in a pure package; let the caller tell it',
    'packages/sip/src/text/a.ts:7  uses globalThis in a pure package; let the caller tell it',
    'packages/testkit/src/a.ts:2  uses Math.random in a deterministic package; let the caller tell it',
    'packages/testkit/src/a.ts:3  uses Date in a deterministic package; let the caller tell it',
  ]);
});

test('a file has at most 400 lines', () => {
  const faults = faultsOf({ 'scripts/a.ts': '\n'.repeat(400), 'scripts/b.ts': '\n'.repeat(401) });
  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', /^scripts\/b\.ts {2}has 401 lines/);
});

for (const [what, text] of [
  ['the type any', 'let a: any;\n'],
  ['the type any', 'f(x as any);\n'],
  ['the type any', 'let a: Map<string, any[]>;\n'],
  ['a default export', 'export default 1;\n'],
  ['an enum', 'export const enum A { B }\n'],
  ['inherits', 'class A extends B {}\n'],
  ['TODO', '// TODO later\n'],
  ['silences', '// @ts-ignore\n'],
  ['holds on one machine only', `const a = '/${'work'}/x';\n`],
  ['holds on one machine only', `const a = 'https://registry.${'example.org'}/x';\n`],
] as const) {
  test(`a source with ${JSON.stringify(text)} is told of: ${what}`, () => {
    const faults = faultsOf({ 'bench/a.ts': text });
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', new RegExp(what));
  });
}

test('what only looks like a fault is none', () => {
  const innocent = `const any = 1;
const a = { any: z.any(), b: any.of };
class A extends RemoteFault {}
const text = "export default any"; // any word of a comment
const enumerate = 1;
import x from '../../work/x.ts';
const b = registry.lookup(x);
`;
  assert.deepEqual(faultsOf({ 'bench/a.ts': innocent }), []);
});

test('a file is named for what it exports', () => {
  assert.match(faultsOf({ 'bench/utils.ts': '' })[0] ?? '', /named for nothing/);
});

test('the lock file holds no download addresses', () => {
  const faults = faultsOf({
    'package-lock.json': '{ "resolved": "packages/cli",\n "resolved": "https://example.org/a.tgz" }',
  });
  assert.deepEqual(faults, ['package-lock.json:2  holds a download address; .npmrc leaves them out']);
});

test('every test runs and has a body', () => {
  const faults = faultsOf({
    'scripts/a.test.ts': `test('fine', () => { assert.ok(1); });
test('with options', { timeout: 5 }, async () => { f({ skip: 1 }); });
for (const [name, check] of all) test(name, check);
for (const test of classes) assert.ok(test(1));
test.skip('a', () => { f(); });
it.only('b', () => { f(); });
test('c', { skip: true }, () => { f(); });
test('d', () => {});
test('e', async (t) => {
  // nothing yet
});
test('f');
`,
    'conformance/interop/a.test.ts': "test('c', { skip: needs('sipp') }, () => { f(); });\n",
  });
  assert.deepEqual(
    faults.map((fault) => fault.slice(0, fault.indexOf(' '))),
    [5, 6, 7, 8, 9, 12].map((line) => `scripts/a.test.ts:${line}`),
  );
});
