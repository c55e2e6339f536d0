import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HashShard } from './hash-shard.ts';

test('it finds what was added and not removed, at its newest address, however the hashes collide', () => {
  const act = fc.record({ type: fc.constantFrom('add', 'add', 'move', 'remove'), name: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), fc.constantFrom(1, 3, 1000), (acts, hashes) => {
      const shard = new HashShard();
      const nameAt = new Map<number, string>();
      const addressOf = new Map<string, number>();
      const names = { isOf: (address: number, name: string) => nameAt.get(address) === name };
      const hashOf = (name: number): number => ((name % hashes) * 0x9e3779b1) >>> 0;
      let next = 1;
      for (const { type, name } of acts) {
        const text = String(name);
        const old = addressOf.get(text);
        if ((type === 'add') === (old !== undefined)) continue;
        if (type === 'remove') {
          shard.remove(hashOf(name), old ?? 0);
          addressOf.delete(text);
        } else {
          if (old === undefined) shard.add(hashOf(name), next);
          else shard.move(hashOf(name), old, next);
          nameAt.set(next, text);
          addressOf.set(text, next);
          next += 1;
        }
        for (let each = 0; each <= 40; each += 1)
          assert.equal(shard.find(hashOf(each), String(each), names), addressOf.get(String(each)) ?? 0);
        assert.deepEqual([...shard.addresses()].toSorted(byNumber), [...addressOf.values()].toSorted(byNumber));
      }
    }),
    { numRuns: 50 },
  );
});

const byNumber = (a: number, b: number): number => a - b;
