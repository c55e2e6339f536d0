import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFolder } from './fixture.ts';
import type { TestRun } from './run-tests.ts';

test('passes, failures, skips and files that do not load are counted and told', () => {
  const files = {
    'good.test.ts': "import { test } from 'node:test';\ntest('a', () => {});\ntest('b', (t) => t.skip('no peer'));\n",
    'bad.test.ts':
      "import { suite, test } from 'node:test';\nsuite('s', () => { test('c', () => { throw new Error('broken'); }); });\n",
    'dead.test.ts': "import './missing.ts';\n",
  };
  const run = withFolder(files, (root) => runIn(root, Object.keys(files)));
  assert.deepEqual([run.passed, run.failed, run.skipped], [1, 2, 1]);
  assert.deepEqual(run.skips, ['good.test.ts  b: no peer']);
  assert.equal(run.failures.length, 2);
  const failures = [...run.failures].sort().join('\n');
  assert.match(failures, /bad\.test\.ts:2 {2}c\n {4}Error: broken/);
  assert.match(failures, /dead\.test\.ts:\d+ {2}could not be run\n[\s\S]*missing\.ts/);
});

test('a file that holds something open after its tests is ended and told of', () => {
  const file = `import { createServer } from 'node:net';
import { test } from 'node:test';
test('listens', (_, done) => { createServer().listen(0, '127.0.0.1', done); });
`;
  const run = withFolder({ 'open.test.ts': file }, (root) => runIn(root, ['open.test.ts'], '3000'));
  assert.deepEqual([run.passed, run.failed], [1, 1]);
  assert.match(run.failures[0] ?? '', /open\.test\.ts:\d+ {2}could not be run\n.*Still open: .*TCPServerWrap/);
});

test('no files are no tests', () => {
  const run = withFolder({ 'other.test.ts': "throw new Error('nobody asked');\n" }, (root) => runIn(root, []));
  assert.deepEqual(run, { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], slowest: [] });
});

/** In a process of its own: the test runner does not start itself from inside a test. */
function runIn(root: string, files: readonly string[], fileMs = '120000'): TestRun {
  const module = JSON.stringify(join(import.meta.dirname, 'run-tests.ts'));
  const program = `import { runTests } from ${module};
const run = await runTests(${JSON.stringify(root)}, ${JSON.stringify(files)}, () => {});
console.log(JSON.stringify(run));`;
  writeFileSync(join(root, 'run.mjs'), program);
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = { ...inherited, STROWGER_TEST_FILE_MS: fileMs };
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'run.mjs')], { env, encoding: 'utf8' });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}
