import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockFindings } from './clock.ts';
import { createFakeMachine } from './machine-fake.ts';

const SOURCE = '/sys/devices/system/clocksource/clocksource0/current_clocksource';

test('a clock that can be right is told with its time', async () => {
  assert.deepEqual(await clockFindings(createFakeMachine({}, { [SOURCE]: 'tsc\n' })), [
    { name: 'clock', state: 'ok', found: '2026-12-01T12:00Z; the monotonic clock is in order' },
    { name: 'clock source', state: 'ok', found: 'tsc' },
  ]);
});

test('a time before this program was made is noted', async () => {
  const [finding] = await clockFindings(createFakeMachine({ unix: () => 0 }));
  assert.deepEqual([finding?.state, finding?.found], ['note', '1970-01-01T00:00Z cannot be']);
  assert.match(finding?.advice ?? '', /NTP/);
});

test('a monotonic clock that goes backwards is noted', async () => {
  let at = 0;
  const monotonicMs = (): number => {
    at -= 1;
    return at;
  };
  const [finding] = await clockFindings(createFakeMachine({ monotonicMs }));
  assert.deepEqual([finding?.state, finding?.found.endsWith('goes backwards')], ['note', true]);
});

test('a source that costs a system call is noted; without one, and on other systems, nothing is said', async () => {
  const [, slow] = await clockFindings(createFakeMachine({}, { [SOURCE]: 'hpet\n' }));
  assert.deepEqual([slow?.state, slow?.found], ['note', 'hpet']);
  assert.equal((await clockFindings(createFakeMachine())).length, 1);
  assert.equal((await clockFindings(createFakeMachine({ platform: 'win32' }, { [SOURCE]: 'hpet' }))).length, 1);
});
