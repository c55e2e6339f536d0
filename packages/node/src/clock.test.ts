import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { createClock, type NodeClock } from './clock.ts';

const woken = (clock: NodeClock, at: number): Promise<number> =>
  new Promise((resolve) => clock.wakeAt(at, () => resolve(clock.now())));

test('the alarm is never early, not by a fraction of a millisecond', async () => {
  const clock = createClock();
  for (const ms of [0, 0.1, 1.9, 3.3, 7.7]) {
    const at = clock.now() + ms;
    assert.ok((await woken(clock, at)) >= at);
  }
});

test('an instant that has passed wakes soon, but not from inside the call', async () => {
  const clock = createClock();
  let isInside = true;
  const wake = new Promise<boolean>((resolve) => clock.wakeAt(clock.now() - 1_000, () => resolve(isInside)));
  isInside = false;
  assert.equal(await wake, false);
});

test('there is one alarm: a second call replaces the first, and sleep cancels it', async () => {
  const clock = createClock();
  const rang: string[] = [];
  const now = clock.now();
  clock.wakeAt(now + 1, () => rang.push('replaced'));
  clock.wakeAt(now + 2, () => rang.push('cancelled'));
  clock.sleep();
  await woken(createClock(), now + 5);
  assert.deepEqual(rang, []);
});

test('clocks have alarms of their own', async () => {
  const [a, b] = [createClock(), createClock()];
  await Promise.all([woken(a, a.now() + 1), woken(b, b.now() + 1)]);
});

test('a wait longer than the system can count is waited out', async () => {
  const clock = createClock();
  let isEarly = false;
  clock.wakeAt(clock.now() + 2 ** 33, () => {
    isEarly = true;
  });
  const other = createClock();
  await woken(other, other.now() + 5);
  clock.sleep();
  assert.equal(isEarly, false);
});

test('the wall clock is the wall clock', () => {
  const before = Date.now();
  const unix = createClock().unix();
  assert.ok(before <= unix && unix <= Date.now());
});

test('an alarm of an unreferenced clock does not keep the process', async () => {
  const source = new URL('./clock.ts', import.meta.url).href;
  const script = `const { createClock } = await import(${JSON.stringify(source)});
    const early = createClock(); early.unref(); early.wakeAt(early.now() + 3_600_000, () => {});
    const late = createClock(); late.wakeAt(late.now() + 3_600_000, () => {}); late.unref();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  assert.deepEqual(await once(child, 'exit', { signal: AbortSignal.timeout(10_000) }), [0, null]);
});
