import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ExpiryCalendar } from './expiry-calendar.ts';

test('what is due is all that was filed for a second up to now, whatever was filed, moved and removed before', () => {
  const times = fc.integer({ min: 0, max: 60_000 });
  const act = fc.record({ type: fc.constantFrom('add', 'move', 'remove', 'look'), item: fc.nat(9), at: times });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const calendar = new ExpiryCalendar<number>();
      const model = new Map<number, number>();
      for (const { type, item, at } of acts) {
        const old = model.get(item);
        if (type === 'look') {
          const due = [...model].filter(([, time]) => Math.floor(time / 1000) <= Math.floor(at / 1000));
          assert.deepEqual([...calendar.due(at)].toSorted(), due.map(([each]) => each).toSorted());
        } else if (type === 'remove' && old !== undefined) {
          calendar.remove(item, old);
          model.delete(item);
        } else if (type !== 'remove') {
          if (old === undefined) calendar.add(item, at);
          else calendar.move(item, old, at);
          model.set(item, at);
        }
      }
    }),
  );
});

test('finding nothing due costs nothing, however much is filed and however long ago the last look was', () => {
  const calendar = new ExpiryCalendar<number>();
  for (let i = 0; i < 1000; i += 1) calendar.add(i, 10_000_000_000 + i * 1000);
  assert.deepEqual([...calendar.due(9_999_999_999)], []);
  assert.deepEqual([...calendar.due(10_000_000_999)], [0]);
});
