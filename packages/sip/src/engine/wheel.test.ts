import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Timed, Wheel } from './wheel.ts';

interface Alarm extends Timed {
  readonly name: string;
}

function alarm(name: string, rang: string[], then: (now: number) => void = () => {}): Alarm {
  return {
    name,
    dueAt: Number.POSITIVE_INFINITY,
    next: undefined,
    previous: undefined,
    place: -1,
    onDue: (now) => {
      rang.push(name);
      then(now);
    },
  };
}

/** Advances as an engine does: only when the wheel says that it is worth it. */
function runTo(wheel: Wheel, end: number): void {
  for (let at = wheel.nextAt(); at <= end; at = wheel.nextAt()) wheel.advance(at);
}

test('a deadline is met at the next tick, never early, however far away it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 0, max: 100_000 }),
      (delays, start) => {
        const wheel = new Wheel(start, 10, 64);
        const met: [number, number][] = [];
        for (const delay of delays) {
          const entry: Timed = { ...alarm('', []), onDue: (now) => met.push([start + delay, now]) };
          wheel.set(entry, start + delay);
        }
        runTo(wheel, start + 400_000);
        assert.equal(met.length, delays.length);
        assert.equal(wheel.size, 0);
        for (const [due, at] of met) assert.ok(at >= due && at <= due + 20, `due ${due}, met ${at}`);
        assert.deepEqual(
          met.map(([, at]) => at),
          met.map(([, at]) => at).toSorted((a, b) => a - b),
        );
      },
    ),
  );
});

test('what is removed or moved before its time does not ring at the old time', () => {
  const rang: string[] = [];
  const wheel = new Wheel(0);
  const [a, b, c] = [alarm('a', rang), alarm('b', rang), alarm('c', rang)];
  for (const entry of [a, b, c]) wheel.set(entry, 100);
  wheel.remove(a);
  wheel.remove(a);
  wheel.set(b, 500);
  wheel.set(c, Number.POSITIVE_INFINITY);
  assert.equal(wheel.size, 1);
  wheel.advance(499);
  assert.deepEqual(rang, []);
  wheel.advance(500);
  assert.deepEqual(rang, ['b']);
  assert.equal(wheel.nextAt(), Number.POSITIVE_INFINITY);
});

test('one alarm may remove another that is due in the same tick', () => {
  const rang: string[] = [];
  const wheel = new Wheel(0);
  const others = ['b', 'c'].map((name) => alarm(name, rang));
  const first = alarm('a', rang, () => {
    for (const other of others) wheel.remove(other);
  });
  for (const entry of [first, ...others]) wheel.set(entry, 100);
  wheel.advance(100);
  assert.deepEqual(rang, ['a']);
  assert.equal(wheel.size, 0);
});

test('one alarm may put off another that is due in the same tick, and nothing else is disturbed', () => {
  const rang: string[] = [];
  const wheel = new Wheel(0);
  const [b, c, far] = [alarm('b', rang), alarm('c', rang), alarm('far', rang)];
  const a = alarm('a', rang, () => wheel.set(b, 5_000));
  wheel.set(far, 5_000);
  for (const entry of [a, b, c]) wheel.set(entry, 100);
  wheel.advance(100);
  assert.deepEqual(rang, ['a', 'c']);
  wheel.advance(4_990);
  assert.deepEqual(rang, ['a', 'c']);
  wheel.advance(5_000);
  assert.deepEqual(rang.toSorted(), ['a', 'b', 'c', 'far']);
  assert.equal(wheel.size, 0);
});

test('an alarm may set itself again, for a time that has passed too, without holding up the rest', () => {
  const rang: string[] = [];
  const wheel = new Wheel(0);
  const again = alarm('again', rang, (now) => wheel.set(again, now - 50));
  wheel.set(again, 100);
  wheel.advance(100);
  assert.deepEqual(rang, ['again']);
  assert.equal(wheel.nextAt(), 110);
  wheel.advance(110);
  assert.deepEqual(rang, ['again', 'again']);
});

test('a clock that was late by many turns of the wheel finds everything that is due, each once', () => {
  const rang: string[] = [];
  const wheel = new Wheel(0, 10, 16);
  for (const [name, at] of [
    ['a', 50],
    ['b', 170],
    ['c', 1_000],
    ['d', 9_000],
  ] as const)
    wheel.set(alarm(name, rang), at);
  wheel.advance(5_000);
  assert.deepEqual(rang.toSorted(), ['a', 'b', 'c']);
  assert.equal(wheel.size, 1);
});

test('an alarm that throws leaves the others of its tick to the next call', () => {
  const rang: string[] = [];
  const wheel = new Wheel(0);
  const bad = alarm('bad', rang, () => {
    throw new Error('a bug');
  });
  const entries = [alarm('a', rang), bad, alarm('b', rang)];
  for (const entry of entries) wheel.set(entry, 100);
  assert.throws(() => wheel.advance(100), /a bug/);
  assert.ok(wheel.nextAt() <= 100, 'there is something left to do now');
  wheel.advance(100);
  assert.deepEqual(rang.toSorted(), ['a', 'b', 'bad']);
});
