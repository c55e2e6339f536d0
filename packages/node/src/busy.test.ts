import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { createBusyMeter } from './busy.ts';

test('a loop that works is busy, one that waits is not', async () => {
  const busy = createBusyMeter();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const waiting = busy();
  await new Promise((resolve) => setImmediate(resolve));
  busy();
  const until = performance.now() + 50;
  while (performance.now() < until);
  const working = busy();
  assert.ok(waiting < working, `${waiting} and ${working}`);
  assert.ok(waiting >= 0 && working > 0.9 && working <= 1, `${waiting} and ${working}`);
});
