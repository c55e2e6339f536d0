import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from './seeded-random.ts';

const take = (seed: number, label: string, count = 5): number[] => {
  const random = createSeededRandom(seed, label);
  return Array.from({ length: count }, () => random.uint32());
};

test('the numbers of a seed and a label never change, or old failures could not be run again', () => {
  assert.deepEqual(take(1, 'a'), GOLDEN);
});

test('other seeds and other labels give other numbers', () => {
  const sequences = [take(1, 'a'), take(2, 'a'), take(1, 'b'), take(1 + 2 ** 32, 'a'), take(1, '')].map(String);
  assert.equal(new Set(sequences).size, sequences.length);
});

test('numbers are spread evenly over their range', () => {
  const random = createSeededRandom(7, 'spread');
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i += 1) {
    const place = random.below(10);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, `${counts}`);
  const fractions = Array.from({ length: 1_000 }, () => random.fraction());
  assert.ok(fractions.every((f) => f >= 0 && f < 1));
});

const GOLDEN: readonly number[] = [3_509_672_571, 1_562_970_864, 22_365_308, 521_306_347, 3_657_102_171];
