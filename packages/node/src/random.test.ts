import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from './random.ts';

test('numbers fill the whole range below 2**32', () => {
  const random = createRandom();
  const numbers = Array.from({ length: 10_000 }, () => random.uint32());
  assert.ok(numbers.every((n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32));
  assert.ok(numbers.some((n) => n >= 2 ** 31) && numbers.some((n) => n < 2 ** 31));
  assert.ok(new Set(numbers).size > 9_900, 'hardly any number comes twice');
});

test('every number of the source is given out once, in order, and fetched only when needed', () => {
  let fetched = 0;
  const random = createRandom((pool) => {
    fetched += 1;
    pool.forEach((_, i) => {
      pool[i] = fetched * 1_000_000 + i;
    });
  });
  assert.equal(fetched, 0);
  const numbers = Array.from({ length: 2_048 }, () => random.uint32());
  assert.equal(fetched, 2);
  assert.deepEqual(
    [numbers[0], numbers[1_023], numbers[1_024], numbers[2_047]],
    [1_000_000, 1_001_023, 2_000_000, 2_001_023],
  );
});
