import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FailureCounts } from './failure-counts.ts';

const policy = { attempts: 3, windowMs: 60_000, firstMs: 1_000, longestMs: 8_000, capacity: 4 };

/** Counts failures of one key, each `afterMs` behind the end of the lock before it; the locks that they led to. */
function locksOf(counts: FailureCounts, failures: number, afterMs: number): number[] {
  let now = 0;
  return Array.from({ length: failures }, () => {
    const lock = counts.fail('a', now);
    now += lock + afterMs;
    return lock;
  });
}

test('the last failure allowed locks, each further one for twice as long, up to the longest', () => {
  assert.deepEqual(locksOf(new FailureCounts(policy), 8, 1), [0, 0, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test('a lock ends on time', () => {
  const counts = new FailureCounts(policy);
  for (let i = 0; i < 3; i += 1) counts.fail('a', 500);
  assert.equal(counts.waitMs('a', 500), 1_000);
  assert.equal(counts.waitMs('a', 1_499), 1);
  assert.equal(counts.waitMs('a', 1_500), 0);
  assert.equal(counts.waitMs('b', 500), 0);
});

test('failures that are a window apart are not counted together', () => {
  assert.deepEqual(locksOf(new FailureCounts(policy), 6, 30_000), [0, 0, 0, 0, 0, 0]);
  const counts = new FailureCounts(policy);
  assert.deepEqual([counts.fail('a', 0), counts.fail('a', 59_998), counts.fail('a', 59_999)], [0, 0, 1_000]);
});

test('who keeps quiet for the window behind a lock begins anew, and not a millisecond earlier', () => {
  for (const [quiet, expected] of [
    [59_999, 2_000],
    [60_000, 0],
  ] as const) {
    const counts = new FailureCounts(policy);
    for (let i = 0; i < 3; i += 1) counts.fail('a', 0);
    assert.equal(counts.fail('a', 1_000 + quiet), expected);
  }
});

test('a lock that was longer than the window is remembered for as long again', () => {
  const counts = new FailureCounts({ ...policy, windowMs: 10, firstMs: 1_000 });
  for (let i = 0; i < 3; i += 1) counts.fail('a', 0);
  assert.equal(counts.fail('a', 1_999), 2_000);
});

test('what is forgotten is counted from the start', () => {
  const counts = new FailureCounts(policy);
  for (let i = 0; i < 2; i += 1) counts.fail('a', 0);
  counts.forget('a');
  assert.deepEqual(locksOf(counts, 3, 1), [0, 0, 1_000]);
});

test('a full table lets the key go that failed longest ago', () => {
  const counts = new FailureCounts(policy);
  for (const key of ['a', 'b', 'c', 'd']) counts.fail(key, 0);
  counts.fail('a', 1);
  for (const key of ['e', 'f', 'g']) counts.fail(key, 2);
  assert.equal(counts.size, 4);
  assert.equal(counts.fail('a', 3), 1_000, 'the third time');
});

test('what is over leaves the table by itself', () => {
  const counts = new FailureCounts({ ...policy, capacity: 1_000 });
  for (let i = 0; i < 500; i += 1) counts.fail(`key ${i}`, 0);
  for (let i = 0; i < 300; i += 1) counts.fail('a', 60_000 + i);
  assert.equal(counts.size, 1);
});
