import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitsPlaceOf, offsetOf, RecordMemory } from './record-memory.ts';

test('no record overwrites another, whatever sizes come and go, also one larger than a piece', () => {
  const act = fc.record({
    type: fc.constantFrom('allocate', 'allocate', 'free'),
    bytes: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 300_000, max: 3_000_000 })),
    which: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const memory = new RecordMemory();
      const held: { readonly address: number; readonly bytes: number; readonly mark: number }[] = [];
      acts.forEach(({ type, bytes, which }, i) => {
        if (type === 'free') {
          const [gone] = held.splice(which % Math.max(1, held.length), 1);
          if (gone !== undefined) memory.free(gone.address, gone.bytes);
          return;
        }
        const address = memory.allocate(bytes);
        const mark = i % 251;
        assert.notEqual(address, 0);
        memory.pieceOf(address).bytes.fill(mark, offsetOf(address), offsetOf(address) + bytes);
        held.push({ address, bytes, mark });
      });
      for (const { address, bytes, mark } of held) {
        const record = memory.pieceOf(address).bytes.subarray(offsetOf(address), offsetOf(address) + bytes);
        assert.equal(record.length, bytes);
        assert.ok(record.every((byte) => byte === mark));
      }
    }),
    { numRuns: 30 },
  );
});

test('a place that is free is used again before new memory is taken', () => {
  const memory = new RecordMemory();
  const first = memory.allocate(100);
  memory.free(first, 100);
  assert.equal(memory.allocate(97), first);
  assert.notEqual(memory.allocate(97), first);
  assert.equal(fitsPlaceOf(97, 100), true);
  assert.equal(fitsPlaceOf(96, 97), false);
});
