import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askForBuffer } from './socket-buffer.ts';

test('a system that refuses a large buffer is asked for half until it agrees', () => {
  const asked: number[] = [];
  const set = (bytes: number): void => {
    asked.push(bytes);
    if (bytes > 1_000) throw new Error('ENOBUFS');
  };
  askForBuffer(set, 4_000);
  assert.deepEqual(asked, [4_000, 2_000, 1_000]);
});

test('a system that refuses every size keeps its own', () => {
  let asked = 0;
  const set = (): void => {
    asked += 1;
    throw new Error('ENOBUFS');
  };
  askForBuffer(set, 8);
  assert.equal(asked, 4);
});
