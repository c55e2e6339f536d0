import assert from 'node:assert/strict';
import type { Binding, Locations } from '@strowger/sip/roles/registrar';
import { UsageFault } from '@strowger/sip/text';
import type { LocationsCase } from './locations-case.ts';
import { fullBinding, NOW, sampleBinding } from './sample-binding.ts';

/** Saving and reading back, one registration against another. */
export const savingCases: readonly LocationsCase[] = [
  {
    title: 'nobody is bound at first',
    run: async (locations) => {
      assert.deepEqual(await locations.load(ALICE, NOW), { bindings: [], version: 0 });
      assert.deepEqual(await locations.lookup(ALICE, NOW), []);
      assert.deepEqual(await entriesOf(locations), []);
    },
  },
  {
    title: 'a binding comes back as it was saved, with every field and with none (RFC 3327 §5.3, RFC 5626 §6)',
    run: async (locations) => {
      const bindings = [fullBinding('a'), sampleBinding('b')];
      assert.equal(await locations.save(ALICE, bindings, 0), true);
      assert.deepEqual((await locations.load(ALICE, NOW)).bindings, bindings);
      assert.deepEqual(await locations.lookup(ALICE, NOW), bindings);
      assert.deepEqual(
        await entriesOf(locations),
        bindings.map((binding) => ({ aor: ALICE, binding })),
      );
    },
  },
  {
    title: 'a set is kept in its order',
    run: async (locations) => {
      const bindings = ['c', 'a', 'b'].map((key) => sampleBinding(key));
      await locations.save(ALICE, bindings, 0);
      assert.deepEqual(await locations.lookup(ALICE, NOW), bindings);
    },
  },
  {
    title: 'what the caller does to his array afterwards changes nothing',
    run: async (locations) => {
      const bindings = [sampleBinding('a')];
      await locations.save(ALICE, bindings, 0);
      bindings.push(sampleBinding('b'));
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)), ['a']);
    },
  },
  {
    title: 'a save replaces the whole set',
    run: async (locations) => {
      await saveNow(locations, ALICE, [sampleBinding('a'), sampleBinding('b')]);
      await saveNow(locations, ALICE, [sampleBinding('b', { cseq: 2 }), sampleBinding('c')]);
      const found = await locations.lookup(ALICE, NOW);
      assert.deepEqual(keysOf(found), ['b', 'c']);
      assert.equal(found[0]?.cseq, 2);
    },
  },
  {
    title: 'addresses-of-record are told apart by every character, and a binding belongs to one of them',
    run: async (locations) => {
      const aors = ['sip:a@x', 'sip:A@x', 'sip:a@x.y', 'sips:a@x', "sip:%'\u00e9@x", 'sip:_@x'];
      for (const [i, aor] of aors.entries()) assert.equal(await locations.save(aor, [sampleBinding(`k${i}`)], 0), true);
      for (const [i, aor] of aors.entries()) assert.deepEqual(keysOf(await locations.lookup(aor, NOW)), [`k${i}`]);
      assert.equal((await entriesOf(locations)).length, aors.length);
    },
  },
  {
    title: 'who loaded before another saved changes nothing and is told so (RFC 3261 §10.3: atomically)',
    run: async (locations) => {
      const first = await locations.load(ALICE, NOW);
      const second = await locations.load(ALICE, NOW);
      assert.equal(await locations.save(ALICE, [sampleBinding('a')], first.version), true);
      assert.equal(await locations.save(ALICE, [sampleBinding('b')], second.version), false);
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)), ['a']);
      const again = await locations.load(ALICE, NOW);
      assert.equal(await locations.save(ALICE, [...again.bindings, sampleBinding('b')], again.version), true);
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)), ['a', 'b']);
    },
  },
  {
    title: 'a save of the same bindings is a change all the same',
    run: async (locations) => {
      await saveNow(locations, ALICE, [sampleBinding('a')]);
      const { bindings, version } = await locations.load(ALICE, NOW);
      assert.equal(await locations.save(ALICE, bindings, version), true);
      assert.equal(await locations.save(ALICE, [], version), false);
    },
  },
  {
    title: 'a version does not come back, not even after everything was removed',
    run: async (locations) => {
      await saveNow(locations, ALICE, [sampleBinding('a')]);
      const { version } = await locations.load(ALICE, NOW);
      await saveNow(locations, ALICE, []);
      assert.equal((await locations.load(ALICE, NOW)).version, 0);
      assert.equal(await locations.save(ALICE, [sampleBinding('b')], version), false);
      await saveNow(locations, ALICE, [sampleBinding('a')]);
      assert.equal(await locations.save(ALICE, [sampleBinding('b')], version), false);
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)), ['a']);
    },
  },
  {
    title: 'an empty set may be saved where nothing is',
    run: async (locations) => {
      assert.equal(await locations.save(ALICE, [], 0), true);
      assert.deepEqual(await locations.load(ALICE, NOW), { bindings: [], version: 0 });
    },
  },
  {
    title: 'a registration sees what those before it have queued, and goes on from there',
    run: async (locations) => {
      const saves = [];
      for (const key of ['a', 'b', 'c']) {
        const { bindings, version } = await locations.load(ALICE, NOW);
        saves.push(locations.save(ALICE, [...bindings, sampleBinding(key)], version));
      }
      assert.deepEqual(keysOf((await locations.load(ALICE, NOW)).bindings), ['a', 'b', 'c']);
      assert.deepEqual(await Promise.all(saves), [true, true, true]);
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)), ['a', 'b', 'c']);
    },
  },
  {
    title: 'many registrations at once are all kept when each tries again until it is through',
    run: async (locations) => {
      const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
      await Promise.all(keys.map((key) => addUntilDone(locations, key)));
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)).toSorted(), keys.toSorted());
    },
  },
  {
    title: 'all entries are listed, each once',
    run: async (locations) => {
      const aors = Array.from({ length: 1300 }, (_, i) => `sip:user${i}@example.com`);
      await Promise.all(aors.map((aor) => locations.save(aor, [sampleBinding('a'), sampleBinding('b')], 0)));
      const found = await entriesOf(locations);
      assert.equal(found.length, 2600);
      assert.equal(new Set(found.map(({ aor, binding }) => `${aor} ${binding.key}`)).size, 2600);
    },
  },
  {
    title: 'entries come in the order of their addresses, and can be asked for from one address on',
    run: async (locations) => {
      const aors = Array.from({ length: 700 }, (_, i) => `sip:user${i}@example.com`);
      await Promise.all(aors.map((aor) => locations.save(aor, [sampleBinding('a'), sampleBinding('b')], 0)));
      const inOrder = aors.toSorted();
      const twice = (list: readonly string[]): readonly string[] => list.flatMap((aor) => [aor, aor]);
      assert.deepEqual(await aorsFrom(locations), twice(inOrder));
      for (const index of [0, 255, 256, 699]) {
        const after = inOrder[index] ?? '';
        assert.deepEqual(await aorsFrom(locations, after), twice(inOrder.slice(index + 1)), after);
        assert.deepEqual(await aorsFrom(locations, `${after} `), twice(inOrder.slice(index + 1)), 'no address itself');
      }
    },
  },
  {
    title: 'a set may be as large as the limits of registrations and messages make it, and small again',
    run: async (locations) => {
      const many = Array.from({ length: 1000 }, (_, i) => sampleBinding(`k${i}`, { params: `;x=${'y'.repeat(2000)}` }));
      for (const bindings of [many.slice(0, 1), many, many.slice(0, 2), many.slice(1)]) {
        await saveNow(locations, ALICE, bindings);
        await saveNow(locations, BOB, many.slice(0, 3));
        assert.deepEqual(await locations.lookup(ALICE, NOW), bindings);
        assert.deepEqual(await locations.lookup(BOB, NOW), many.slice(0, 3));
      }
    },
  },
  {
    title: 'a set with one key twice is refused as the bug of its caller, and nothing is changed',
    run: async (locations) => {
      await saveNow(locations, ALICE, [sampleBinding('a')]);
      const { version } = await locations.load(ALICE, NOW);
      const twice = [sampleBinding('b'), sampleBinding('b')];
      await assert.rejects(async () => locations.save(ALICE, twice, version), UsageFault);
      const noTime = [sampleBinding('b', { expiresAt: Number.NaN })];
      await assert.rejects(async () => locations.save(ALICE, noTime, version), UsageFault);
      assert.deepEqual(keysOf(await locations.lookup(ALICE, NOW)), ['a']);
      assert.equal(await locations.save(ALICE, [], version), true);
    },
  },
];

async function entriesOf(
  locations: Locations,
): Promise<readonly { readonly aor: string; readonly binding: Binding }[]> {
  const found = [];
  for await (const located of locations.entries(NOW)) found.push(located);
  return found;
}

async function aorsFrom(locations: Locations, after?: string): Promise<readonly string[]> {
  const found = [];
  for await (const { aor } of locations.entries(NOW, after)) found.push(aor);
  return found;
}

async function saveNow(locations: Locations, aor: string, bindings: readonly Binding[]): Promise<void> {
  const { version } = await locations.load(aor, NOW);
  assert.equal(await locations.save(aor, bindings, version), true);
}

async function addUntilDone(locations: Locations, key: string): Promise<void> {
  for (;;) {
    const { bindings, version } = await locations.load(ALICE, NOW);
    if (await locations.save(ALICE, [...bindings, sampleBinding(key)], version)) return;
  }
}

const keysOf = (bindings: readonly Binding[]): readonly string[] => bindings.map((binding) => binding.key);

const ALICE = 'sip:alice@example.com';
const BOB = 'sip:bob@example.com';
