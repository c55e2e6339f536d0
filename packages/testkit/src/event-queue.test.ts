import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventQueue, type PlannedEvent } from './event-queue.ts';

/** Takes everything out. */
function drain(queue: EventQueue): void {
  for (let action = queue.take(); action !== undefined; action = queue.take()) action();
}

test('events come out by time, those of one instant in the order of planning, without the cancelled ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.integer({ min: 0, max: 20 }), isCancelled: fc.boolean() }), { maxLength: 300 }),
      (plans) => {
        const queue = new EventQueue();
        const seen: number[] = [];
        const events = plans.map(({ at }, i) => queue.add(at, () => seen.push(i)));
        for (const [i, event] of events.entries()) if (plans[i]?.isCancelled) queue.cancel(event);
        drain(queue);
        const expected = plans.map((plan, i) => ({ ...plan, i })).filter((plan) => !plan.isCancelled);
        assert.deepEqual(
          seen,
          expected.sort((a, b) => a.at - b.at || a.i - b.i).map(({ i }) => i),
        );
      },
    ),
  );
});

test('an alarm put off ten thousand times leaves one event, which still fires', () => {
  const queue = new EventQueue();
  let fired = 0;
  let event: PlannedEvent | undefined;
  for (let i = 0; i < 10_000; i += 1) {
    if (event) queue.cancel(event);
    event = queue.add(1_000 + i, () => {
      fired += 1;
    });
  }
  assert.equal(queue.nextAt(), 10_999);
  drain(queue);
  assert.equal(fired, 1);
});

test('cancelling twice, or what has happened already, does nothing', () => {
  const queue = new EventQueue();
  let fired = 0;
  const plan = (at: number): PlannedEvent =>
    queue.add(at, () => {
      fired += 1;
    });
  const [first, second] = [plan(1), plan(2)];
  plan(3);
  queue.take()?.();
  queue.cancel(first);
  queue.cancel(second);
  queue.cancel(second);
  drain(queue);
  assert.equal(fired, 2);
});
