import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ExpiryCalendar } from './expiry-calendar.ts';

test('what was filed is taken out once when its second has come, however often it was filed earlier, later or not at all since', () => {
  const times = fc.integer({ min: 1000, max: 60_000 });
  const act = fc.record({
    type: fc.constantFrom('file', 'drop', 'take'),
    item: fc.integer({ min: 1, max: 9 }),
    at: times,
  });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const { calendar, filed } = create();
      const model = new Map<number, number>();
      for (const { type, item, at } of acts) {
        if (type === 'file') {
          calendar.file(item, at);
          model.set(item, Math.min(model.get(item) ?? Number.POSITIVE_INFINITY, Math.floor(at / 1000)));
        } else if (type === 'drop') {
          filed.delete(item);
          model.delete(item);
        } else {
          const due = [...model].filter(([, second]) => second <= Math.floor(at / 1000)).map(([each]) => each);
          assert.deepEqual(takeAll(calendar, at).toSorted(), due.toSorted());
          for (const each of due) model.delete(each);
        }
      }
    }),
  );
});

test('a refresh to a later time leaves an item where it is: who takes it out there files it anew', () => {
  const { calendar } = create();
  calendar.file(1, 10_000);
  calendar.file(1, 3_610_000);
  assert.deepEqual(takeAll(calendar, 10_000), [1]);
  calendar.file(1, 3_610_000);
  assert.deepEqual(takeAll(calendar, 3_609_999), []);
  assert.deepEqual(takeAll(calendar, 3_610_000), [1]);
});

test('after a pause of years what is due is found without looking at every second', () => {
  const { calendar } = create();
  calendar.file(1, 1000);
  calendar.file(2, 3 * YEAR);
  assert.deepEqual(takeAll(calendar, 2 * YEAR), [1]);
  assert.deepEqual(takeAll(calendar, 1e15), [2]);
});

function create() {
  const filed = new Map<number, number>();
  const calendar = new ExpiryCalendar({
    filedOf: (item) => filed.get(item) ?? 0,
    setFiled: (item, second) => void filed.set(item, second),
  });
  return { calendar, filed };
}

function takeAll(calendar: ExpiryCalendar, now: number): number[] {
  const taken = [];
  for (let item = calendar.take(now); item !== 0; item = calendar.take(now)) taken.push(item);
  return taken;
}

const YEAR = 365 * 86_400_000;
