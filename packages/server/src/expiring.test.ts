import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locations } from '@strowger/sip/roles/registrar';
import { createVirtualStore, createWorld, play } from '@strowger/testkit';
import { USUAL } from '../sim/site.ts';
import { createVirtualServer } from '../sim/virtual-server.ts';

type Expired = Awaited<ReturnType<Locations['expire']>>;

/** A server whose store answers `expire` when and how the test says. */
async function serverWith(expire: () => Expired | Promise<Expired>) {
  const world = createWorld();
  const store = createVirtualStore(world);
  let asked = 0;
  store.locations.expire = () => {
    asked += 1;
    return expire();
  };
  const server = await play(world, () => createVirtualServer(world, '10.0.0.1', USUAL, { store }));
  const faults: unknown[] = [];
  server.observe((event) => void faults.push(event), ['fault']);
  return { world, server, faults, asked: () => asked };
}

test('expired bindings are looked for again and again, also after a store that failed', async () => {
  const answers: (() => Expired | Promise<Expired>)[] = [
    () => [],
    () => Promise.reject(new Error('later')),
    () => {
      throw new Error('at once');
    },
    () => Promise.resolve([]),
  ];
  const { world, faults, asked } = await serverWith(() => (answers.shift() ?? ((): Expired => []))());
  await world.runFor(26_000);
  assert.equal(asked(), 5);
  assert.equal(faults.length, 2);
});

for (const outcome of ['comes', 'fails'] as const)
  test(`an answer of the store that ${outcome} after the server has stopped sets no alarm and asks for nothing`, async () => {
    let settle: () => void = () => assert.fail('not asked');
    const { world, server, faults, asked } = await serverWith(
      () =>
        new Promise((resolve, reject) => {
          settle = outcome === 'comes' ? () => resolve([]) : () => reject(new Error('closed'));
        }),
    );
    await world.runFor(6_000);
    assert.equal(asked(), 1);
    await play(world, () => server.stop(1_000));
    let alarms = 0;
    const { clock, wheel } = server.engine.core;
    Object.assign(clock, {
      wakeAt: () => {
        alarms += 1;
      },
    });
    settle();
    await world.runFor(60_000);
    assert.deepEqual([asked(), alarms, wheel.size, faults.length], [1, 0, 0, 0]);
  });
