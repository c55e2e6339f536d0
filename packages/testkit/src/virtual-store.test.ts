import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOST_CONNECTION } from '@strowger/sip/roles/registrar';
import { play } from './play.ts';
import { locationsCompliance, usersCompliance } from './suites/index.ts';
import { fullBinding, NOW, sampleBinding } from './suites/sample-binding.ts';
import { createVirtualStore } from './virtual-store.ts';
import { createWorld } from './world.ts';

const AOR = 'sip:alice@example.com';
const site = () => ({ ...createVirtualStore(createWorld()), end: () => {} });

locationsCompliance({ name: 'the virtual store', create: site });
usersCompliance({ name: 'the virtual store', create: site });

test('with a latency every answer takes so much virtual time', async () => {
  const world = createWorld();
  const { locations, settings } = createVirtualStore(world, { latencyMs: 50 });
  await play(world, async () => {
    assert.equal(await locations.save(AOR, [sampleBinding('a')], 0), true);
    assert.equal(world.now, 50);
    await settings.put('a', 'b');
    assert.equal(await settings.get('a'), 'b');
    assert.equal(world.now, 150);
  });
});

test('two who decide on the same bindings at once: the second is told that it was too late', async () => {
  const world = createWorld();
  const { locations } = createVirtualStore(world, { latencyMs: 50 });
  await play(world, async () => {
    const saves = [locations.save(AOR, [sampleBinding('a')], 0), locations.save(AOR, [sampleBinding('b')], 0)];
    assert.deepEqual(await Promise.all(saves), [true, false]);
  });
});

test('a crash forgets what was not acknowledged, keeps what was, and loses the connections', async () => {
  const world = createWorld();
  const store = createVirtualStore(world, { latencyMs: 50 });
  let told = false;
  await play(world, async () => {
    await store.locations.save(AOR, [fullBinding('kept')], 0);
    const { version } = await store.locations.load(AOR, NOW);
    void Promise.resolve(store.locations.save(AOR, [sampleBinding('lost')], version)).then(() => {
      told = true;
    });
    store.crash();
    await world.sleep(1_000);
    const found = await store.locations.lookup(AOR, NOW);
    assert.deepEqual(
      found.map(({ key, flow }) => [key, flow.connection]),
      [['kept', LOST_CONNECTION]],
    );
  });
  assert.equal(told, false);
});
