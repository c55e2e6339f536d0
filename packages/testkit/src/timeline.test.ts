import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from './timeline.ts';

test('time stands still while promises are ready, however long their chain', async () => {
  const timeline = new Timeline();
  const seen: number[] = [];
  timeline.at(5, async () => {
    for (let i = 0; i < 200; i += 1) await null;
    seen.push(timeline.now);
  });
  timeline.at(6, () => seen.push(timeline.now));
  await timeline.run();
  assert.deepEqual(seen, [5, 6]);
});

test('what a promise plans for the same instant happens before time moves', async () => {
  const timeline = new Timeline();
  const seen: string[] = [];
  timeline.at(5, async () => {
    await null;
    timeline.after(0, () => seen.push(`planned late at ${timeline.now}`));
  });
  timeline.at(6, () => seen.push('later'));
  await timeline.run();
  assert.deepEqual(seen, ['planned late at 5', 'later']);
});

test('an instant in the past means now', async () => {
  const timeline = new Timeline();
  const seen: number[] = [];
  timeline.at(10, () => timeline.at(3, () => seen.push(timeline.now)));
  await timeline.run();
  assert.deepEqual(seen, [10]);
});

test('a run until an instant stops there, with what is planned for it done and the rest left', async () => {
  const timeline = new Timeline();
  const seen: number[] = [];
  for (const at of [10, 20, 30]) timeline.at(at, () => seen.push(at));
  await timeline.run({ until: 20 });
  assert.deepEqual([seen, timeline.now], [[10, 20], 20]);
  await timeline.run({ until: 25 });
  assert.equal(timeline.now, 25);
  await timeline.run();
  assert.deepEqual([seen, timeline.now], [[10, 20, 30], 30]);
});

test('a run until a condition stops as soon as it holds, also when it holds at once', async () => {
  const timeline = new Timeline();
  let count = 0;
  for (const at of [10, 20, 30]) timeline.at(at, () => void count++);
  await timeline.run({ until: () => count === 2 });
  assert.equal(timeline.now, 20);
  await timeline.run({ until: () => true });
  assert.equal(timeline.now, 20);
});

test('a cancelled event does not happen', async () => {
  const timeline = new Timeline();
  let count = 0;
  const cancel = timeline.after(5, () => void count++);
  cancel();
  await timeline.run();
  assert.deepEqual([count, timeline.now], [0, 0]);
});

test('a world that plans for ever is an error that says so', async () => {
  const timeline = new Timeline();
  const again = (): void => void timeline.after(1, again);
  again();
  await assert.rejects(timeline.run({ maxEvents: 1_000 }), /did not come to rest in 1000 events/);
});

test('what an event throws ends the run, and the next run goes on', async () => {
  const timeline = new Timeline();
  let count = 0;
  timeline.at(1, () => assert.fail('on purpose'));
  timeline.at(2, () => void count++);
  await assert.rejects(timeline.run(), /on purpose/);
  await timeline.run();
  assert.equal(count, 1);
});

test('two runs at once are a mistake of the caller', async () => {
  const timeline = new Timeline();
  const first = timeline.run();
  await assert.rejects(timeline.run(), { name: 'UsageFault' });
  await first;
});
