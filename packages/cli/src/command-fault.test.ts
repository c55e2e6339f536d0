import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandFault, withSentences } from './command-fault.ts';
import { createFakeIo } from './io-fake.ts';

test('the exit code of the work is that of the command', async () => {
  assert.equal(await withSentences('x', createFakeIo(), async () => 3), 3);
});

test('a fault with a sentence is told after the name of the command, without a stack', async () => {
  const io = createFakeIo();
  const exit = await withSentences('user add', io, () => Promise.reject(new CommandFault('the disk is full.')));
  assert.deepEqual([exit, io.errLines, io.outLines], [1, ['strowger user add: the disk is full.'], []]);
});

test('anything else is a bug and is thrown', async () => {
  const bug = new TypeError('x is not a function');
  await assert.rejects(
    withSentences('x', createFakeIo(), () => Promise.reject(bug)),
    bug,
  );
});
