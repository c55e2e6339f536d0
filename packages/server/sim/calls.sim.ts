import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailure } from '@strowger/testkit';
import { createChaos } from './chaos.ts';
import { violations } from './invariants.ts';

/** `SIM_SEED=7` runs one world again, `SIM_SEEDS=2000` runs more of them. */
const only = process.env.SIM_SEED;
const count = Number(process.env.SIM_SEEDS ?? 120);
const seeds = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];

test(`servers and phones of random worlds keep their promises (seeds ${seeds[0]} to ${seeds.at(-1)})`, async () => {
  for (const seed of seeds) {
    const chaos = await createChaos(seed);
    const found = violations(chaos);
    assert.deepEqual(found, [], `${describeFailure(seed, chaos.world)}\nSIM_SEED=${seed} runs it again`);
  }
});
