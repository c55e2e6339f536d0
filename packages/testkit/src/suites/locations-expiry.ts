import assert from 'node:assert/strict';
import type { Locations } from '@strowger/sip/roles/registrar';
import type { LocationsCase } from './locations-case.ts';
import { NOW, sampleBinding } from './sample-binding.ts';

/** What time does to bindings. */
export const expiryCases: readonly LocationsCase[] = [
  {
    title: 'a binding is there until the moment it expires, and not in it',
    run: async (locations) => {
      await locations.save(ALICE, [until('a', NOW + 1000), until('b', NOW + 2000)], 0);
      assert.deepEqual(await seenAt(locations, NOW + 999), ['a', 'b']);
      assert.deepEqual(await seenAt(locations, NOW + 1000), ['b']);
      assert.deepEqual(await seenAt(locations, NOW + 2000), []);
    },
  },
  {
    title: 'a registration goes on where everything has expired but is not deleted yet',
    run: async (locations) => {
      await locations.save(ALICE, [until('a', NOW + 1000)], 0);
      const { bindings, version } = await locations.load(ALICE, NOW + 1000);
      assert.deepEqual(bindings, []);
      assert.equal(await locations.save(ALICE, [until('b', NOW + 9000)], version), true);
      assert.deepEqual(await seenAt(locations, NOW), ['b']);
    },
  },
  {
    title: 'expire deletes exactly what has expired and tells what it was',
    run: async (locations) => {
      const gone = until('a', NOW + 1000, { cseq: 7 });
      await locations.save(ALICE, [gone, until('b', NOW + 1001)], 0);
      await locations.save(BOB, [until('c', NOW + 60_000)], 0);
      assert.deepEqual(await locations.expire(NOW + 999, 100), []);
      assert.deepEqual(await locations.expire(NOW + 1000, 100), [{ aor: ALICE, binding: gone }]);
      assert.deepEqual(await locations.expire(NOW + 1000, 100), []);
      assert.deepEqual(await seenAt(locations, NOW), ['b', 'c']);
      assert.deepEqual(
        (await locations.expire(NOW + 60_000, 100)).map(({ aor }) => aor).toSorted(),
        [ALICE, BOB].toSorted(),
      );
      assert.deepEqual(await seenAt(locations, NOW), []);
      assert.deepEqual(await locations.load(ALICE, NOW), { bindings: [], version: 0 });
    },
  },
  {
    title: 'expire works in slices of the size it is given, also within one address-of-record',
    run: async (locations) => {
      for (let i = 0; i < 5; i += 1) {
        const two = [until(`a${i}`, NOW + i), until(`b${i}`, NOW + i), until(`c${i}`, NOW + 60_000)];
        await locations.save(`sip:${i}@example.com`, two, 0);
      }
      const slices = [];
      for (
        let slice = await locations.expire(NOW + 5, 3);
        slice.length > 0;
        slice = await locations.expire(NOW + 5, 3)
      ) {
        slices.push(slice.length);
      }
      assert.deepEqual(slices, [3, 3, 3, 1]);
      assert.deepEqual((await seenAt(locations, NOW - 1)).toSorted(), ['c0', 'c1', 'c2', 'c3', 'c4']);
    },
  },
  {
    title: 'a refresh holds, whether it came before or after the deletion in the same turn',
    run: async (locations) => {
      for (const order of ['refresh first', 'expire first']) {
        await locations.save(order, [until('a', NOW + 1000)], 0);
        const { version } = await locations.load(order, NOW);
        const refresh = () => locations.save(order, [until('a', NOW + 60_000)], version);
        const expire = () => locations.expire(NOW + 1000, 100);
        const [saved, gone] = order === 'refresh first' ? [refresh(), expire()] : laterFirst(expire, refresh);
        await gone;
        if (!(await saved)) {
          const again = await locations.load(order, NOW);
          assert.equal(await locations.save(order, [until('a', NOW + 60_000)], again.version), true);
        }
        assert.equal((await locations.lookup(order, NOW + 1000)).length, 1, order);
      }
    },
  },
  {
    title: 'a binding that was refreshed does not expire at its old time',
    run: async (locations) => {
      for (const seconds of [1, 2, 3600, 5, 1]) {
        const { version } = await locations.load(ALICE, NOW);
        await locations.save(ALICE, [until('a', NOW + seconds * 1000)], version);
      }
      assert.deepEqual(await locations.expire(NOW + 999, 100), []);
      assert.equal((await locations.expire(NOW + 1000, 100)).length, 1);
      assert.deepEqual(await locations.expire(NOW + 7_200_000, 100), []);
    },
  },
  {
    title: 'expire finds what is due after a pause of years, and again after that',
    run: async (locations) => {
      await locations.save(ALICE, [until('a', NOW + 1000)], 0);
      await locations.save(BOB, [until('b', NOW + 4 * YEAR)], 0);
      assert.equal((await locations.expire(NOW + 3 * YEAR, 100)).length, 1);
      await locations.save(ALICE, [until('c', NOW + 3 * YEAR + 500)], 0);
      assert.equal((await locations.expire(NOW + 3 * YEAR + 500, 100)).length, 1);
      assert.equal((await locations.expire(NOW + 5 * YEAR, 100)).length, 1);
    },
  },
];

async function seenAt(locations: Locations, now: number): Promise<readonly string[]> {
  const listed: string[] = [];
  for await (const { binding } of locations.entries(now)) listed.push(binding.key);
  for (const aor of [ALICE, BOB]) {
    const looked = await locations.lookup(aor, now);
    assert.deepEqual((await locations.load(aor, now)).bindings, looked);
    assert.ok(looked.every((binding) => binding.expiresAt > now && listed.includes(binding.key)));
  }
  return listed.toSorted();
}

function laterFirst<A, B>(first: () => A, second: () => B): readonly [B, A] {
  const a = first();
  return [second(), a];
}

const until = (key: string, expiresAt: number, other: { readonly cseq?: number } = {}) =>
  sampleBinding(key, { ...other, expiresAt });

const ALICE = 'sip:alice@example.com';
const BOB = 'sip:bob@example.com';
const YEAR = 365 * 86_400_000;
