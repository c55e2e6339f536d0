import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeMachine } from './machine-fake.ts';
import { coresFinding, memoryFinding, nodeFinding, openFilesFinding } from './runtime.ts';
import { softLimitOf } from './this-machine.ts';

const [MIB, GIB] = [2 ** 20, 2 ** 30];

test('Node is told with its parts and its path; one older than 24 is at fault', () => {
  assert.deepEqual(nodeFinding(createFakeMachine()), {
    name: 'Node',
    state: 'ok',
    found: '24.21.0 (V8 13.6, libuv 1.52.1, OpenSSL 3.5.8) at /usr/bin/node',
  });
  const old = nodeFinding(createFakeMachine({ versions: { node: '23.11.1' } }));
  assert.deepEqual([old.state, old.advice], ['fault', 'Install a newer one from nodejs.org.']);
  assert.match(old.found, /^23\.11\.1 .* is older than 24$/);
});

test('one core alone is noted', () => {
  assert.deepEqual(coresFinding({ cores: 2 }), { name: 'processor', state: 'ok', found: '2 cores' });
  assert.equal(coresFinding({ cores: 1 }).state, 'note');
});

test('memory is that of the machine, or what a container leaves of it', () => {
  const memory = (memoryBytes: number, allowedBytes: number, heapBytes: number) =>
    memoryFinding({ memoryBytes, allowedBytes, heapBytes });
  assert.deepEqual(memory(8 * GIB, 0, 4 * GIB), {
    name: 'memory',
    state: 'ok',
    found: '8 GiB; Node takes up to 4 GiB for values',
  });
  assert.equal(memory(8 * GIB, 2 ** 64, 4 * GIB).state, 'ok', 'a limit above all memory is none');
  const limited = memory(8 * GIB, 512 * MIB, 256 * MIB);
  assert.match(limited.found, /^512 MiB of the 8 GiB of this machine, by its limit; /);
  assert.equal(limited.state, 'ok');
});

test('little memory is noted, and so are values that may become larger than it', () => {
  const little = memoryFinding({ memoryBytes: 256 * MIB - 1, allowedBytes: 0, heapBytes: 64 * MIB });
  assert.deepEqual([little.state, little.advice?.includes('512 MiB')], ['note', true]);
  const greedy = memoryFinding({ memoryBytes: 8 * GIB, allowedBytes: GIB, heapBytes: 2 * GIB });
  assert.deepEqual([greedy.state, greedy.advice?.includes('--max-old-space-size')], ['note', true]);
});

test('fewer than 65,536 open files are noted, and a system without such a limit is not spoken of', () => {
  assert.deepEqual(openFilesFinding({ openFiles: 65_536 }), [{ name: 'open files', state: 'ok', found: '65,536' }]);
  const [few] = openFilesFinding({ openFiles: 65_535 });
  assert.deepEqual([few?.state, few?.found.startsWith('65,535, and every phone')], ['note', true]);
  assert.equal(openFilesFinding({ openFiles: Number.POSITIVE_INFINITY })[0]?.state, 'ok');
  assert.deepEqual(openFilesFinding({ openFiles: undefined }), []);
});

test('the limit of open files is the soft one of the report of Node', () => {
  const report = (soft: unknown) => ({ userLimits: { open_files: { soft, hard: 9 } } });
  assert.equal(softLimitOf(report(1_024)), 1_024);
  assert.equal(softLimitOf(report('unlimited')), Number.POSITIVE_INFINITY);
  for (const other of [{}, { userLimits: {} }, undefined, report('many')]) assert.equal(softLimitOf(other), undefined);
});
