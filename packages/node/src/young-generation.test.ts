import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapSpaceStatistics } from 'node:v8';
import { limitYoungGeneration } from './young-generation.ts';

test('the young generation stops growing at its limit, and grows on once the limit is taken off', async () => {
  const unlimit = limitYoungGeneration(LIMIT);
  await work();
  const limited = youngBytes();
  unlimit();
  await work();
  assert.ok(limited <= LIMIT, `${limited} bytes`);
  assert.ok(youngBytes() > LIMIT, `${youngBytes()} bytes without it`);
});

/** Keeps much alive for a while, which is what makes V8 enlarge it; in turns, as a server works. */
async function work(): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) {
    const kept: { readonly number: number }[] = [];
    for (let number = 0; number < 10_000; number += 1) kept.push({ number });
    history.push(kept);
    if (history.length > 20) history.shift();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;

const history: (readonly { readonly number: number }[])[] = [];
const LIMIT = 4 * 1024 * 1024;
