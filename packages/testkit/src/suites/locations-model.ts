import assert from 'node:assert/strict';
import type { Binding, Locations } from '@strowger/sip/roles/registrar';
import type { LocationsCase } from './locations-case.ts';
import { NOW, sampleBinding } from './sample-binding.ts';

/** Long random lives beside a model too simple to be wrong. */
export const modelCases: readonly LocationsCase[] = [1, 2, 3, 4].map((seed) => ({
  title: `it does what a plain map does, seed ${seed}`,
  run: (locations) => liveBesideModel(locations, seed),
}));

async function liveBesideModel(locations: Locations, seed: number): Promise<void> {
  const random = randomOf(seed);
  const model = new Map<string, readonly Binding[]>();
  let now = NOW;
  for (let step = 1; step <= 300; step += 1) {
    now += random(400);
    const aor = `sip:user${random(5)}@example.com`;
    if (random(6) === 0) await expireBoth(locations, model, now, 1 + random(4));
    else await saveBoth(locations, model, aor, setOf(random, step, now), now);
    await compare(locations, model, now);
  }
}

async function saveBoth(
  locations: Locations,
  model: Map<string, readonly Binding[]>,
  aor: string,
  bindings: readonly Binding[],
  now: number,
): Promise<void> {
  const { version } = await locations.load(aor, now);
  assert.equal(await locations.save(aor, bindings, version + 1), false);
  assert.equal(await locations.save(aor, bindings, version), true);
  model.set(aor, bindings);
}

async function expireBoth(
  locations: Locations,
  model: Map<string, readonly Binding[]>,
  now: number,
  limit: number,
): Promise<void> {
  const due = [...model.values()].flat().filter((binding) => binding.expiresAt <= now);
  const gone = await locations.expire(now, limit);
  assert.equal(gone.length, Math.min(limit, due.length));
  for (const { aor, binding } of gone) {
    const held = model.get(aor) ?? [];
    const kept = held.filter((other) => other.key !== binding.key);
    assert.equal(kept.length, held.length - 1, 'what expire told was not there');
    assert.ok(binding.expiresAt <= now);
    model.set(aor, kept);
  }
}

async function compare(
  locations: Locations,
  model: ReadonlyMap<string, readonly Binding[]>,
  now: number,
): Promise<void> {
  for (const [aor, bindings] of model) {
    const live = bindings.filter((binding) => binding.expiresAt > now);
    assert.deepEqual(await locations.lookup(aor, now), live);
    assert.deepEqual((await locations.load(aor, now)).bindings, live);
  }
}

function setOf(random: (below: number) => number, step: number, now: number): readonly Binding[] {
  const keys = ['a', 'b', 'c'].filter(() => random(2) === 0);
  return keys.map((key) => sampleBinding(key, { cseq: step, expiresAt: now + 1 + random(5000) }));
}

/** Numbers that look random and are the same in every run (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
