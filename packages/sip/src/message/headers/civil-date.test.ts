import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { civilTimeOf, daysInMonth, isLeapYear, unixMsOf, weekdayOf } from './civil-date.ts';

test('years divisible by 4 are leap years, centuries only when divisible by 400', () => {
  assert.deepEqual([1900, 2000, 2023, 2024, 2100].map(isLeapYear), [false, true, false, true, false]);
  assert.deepEqual([daysInMonth(2024, 2), daysInMonth(2023, 2), daysInMonth(2023, 12)], [29, 28, 31]);
});

test('the calendar agrees with the one of the machine for ten thousand years', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
      const there = new Date(seconds * 1000);
      const here = civilTimeOf(seconds * 1000);
      assert.deepEqual(here, {
        year: there.getUTCFullYear(),
        month: there.getUTCMonth() + 1,
        day: there.getUTCDate(),
        hour: there.getUTCHours(),
        minute: there.getUTCMinutes(),
        second: there.getUTCSeconds(),
      });
      assert.equal(weekdayOf(seconds * 1000), (there.getUTCDay() + 6) % 7);
      assert.equal(unixMsOf(here), seconds * 1000);
    }),
    { numRuns: 2000 },
  );
});
