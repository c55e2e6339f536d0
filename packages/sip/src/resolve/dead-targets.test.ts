import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolverOf } from '../../test/zone.ts';
import { DEAD_TARGET_LIMITS, DeadTargets, type Place } from './dead-targets.ts';
import type { Goal } from './goal.ts';
import { type Found, TargetSearch } from './target-search.ts';

const { firstRestMs, longestRestMs, longestRetryAfterMs, targets, trialMs } = DEAD_TARGET_LIMITS;
const place = (host: string): Place => ({ protocol: 'udp', host, port: 5060 });
const A = place('192.0.2.1');

test('a place that failed rests, then one request tries it while the others still pass it by', () => {
  const dead = new DeadTargets();
  assert.equal(dead.isResting(A, 0), false);
  dead.failed(A, 0);
  assert.equal(dead.isResting(A, firstRestMs - 1), true);
  assert.equal(dead.isResting({ ...A, protocol: 'tcp' }, 1), false, 'another protocol is another place');
  assert.equal(dead.isResting(A, firstRestMs), false, 'the trial');
  assert.equal(dead.isResting(A, firstRestMs), true);
  assert.equal(
    dead.isResting(A, firstRestMs + trialMs),
    false,
    'a trial of which nothing was heard is followed by another',
  );
});

test('each failed trial doubles the rest, up to ten minutes', () => {
  const dead = new DeadTargets();
  let now = 0;
  let restMs: number = firstRestMs;
  for (let i = 0; i < 10; i += 1) {
    dead.failed(A, now);
    assert.equal(dead.isResting(A, now + restMs - 1), true);
    now += restMs;
    assert.equal(dead.isResting(A, now), false);
    restMs = Math.min(restMs * 2, longestRestMs);
  }
  assert.equal(restMs, longestRestMs);
});

test('requests that were under way together and fail one after the other count as one failure', () => {
  const dead = new DeadTargets();
  dead.failed(A, 0);
  dead.failed(A, 10);
  dead.failed(A, 20);
  assert.equal(dead.isResting(A, firstRestMs), false);
});

test('an answer ends the rest, and a failure long after is a first one again', () => {
  const dead = new DeadTargets();
  dead.failed(A, 0);
  dead.answered(A);
  assert.deepEqual([dead.isResting(A, 1), dead.size], [false, 0]);
  dead.failed(A, 0);
  const late = firstRestMs + longestRestMs + 1;
  dead.failed(A, late);
  assert.equal(dead.isResting(A, late + firstRestMs), false);
});

test('a 503 with Retry-After rests for so long, but not for ever (RFC 3261 §21.5.4)', () => {
  const dead = new DeadTargets();
  dead.failed(A, 0, 120_000);
  assert.deepEqual([dead.isResting(A, 119_999), dead.isResting(A, 120_000)], [true, false]);
  const forever = new DeadTargets();
  forever.failed(A, 0, 1e12);
  assert.deepEqual(
    [forever.isResting(A, longestRetryAfterMs - 1), forever.isResting(A, longestRetryAfterMs)],
    [true, false],
  );
});

test('the memory is bounded: the place that failed longest ago is forgotten', () => {
  const dead = new DeadTargets();
  for (let i = 0; i <= targets; i += 1) dead.failed(place(`h${i}`), 0);
  assert.equal(dead.size, targets);
  assert.deepEqual([dead.isResting(place('h0'), 1), dead.isResting(place('h1'), 1)], [false, true]);
});

test('resting places come last, none is left out (RFC 3263 §4.3)', async () => {
  const goal: Goal = { host: 'a.example', port: 5060, protocol: 'udp', security: 'open', identity: 'a.example' };
  const dead = new DeadTargets();
  dead.failed(A, 0);
  dead.failed(place('192.0.2.2'), 0);
  for (const when of ['at once', 'later'] as const) {
    const resolver = resolverOf({ 'A a.example': ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }, when);
    const ways = [{ protocol: 'udp', families: ['ipv4'] }] as const;
    const search = new TargetSearch(goal, { ways, chance: undefined, resolver, dead });
    const hosts: string[] = [];
    for (let found: Found = await search.next(1); found.type === 'target'; found = await search.next(1))
      hosts.push(found.target.host);
    assert.deepEqual(hosts, ['192.0.2.3', '192.0.2.1', '192.0.2.2']);
    assert.deepEqual(await search.next(1), { type: 'none', reasons: [] });
  }
});

test('a resolver that breaks is a fault like another', async () => {
  const goal: Goal = { host: 'a.example', port: 5060, protocol: 'udp', security: 'open', identity: 'a.example' };
  const resolver = { ask: () => Promise.reject(new Error('no socket')) };
  const ways = [{ protocol: 'udp', families: ['ipv4'] }] as const;
  const search = new TargetSearch(goal, { ways, chance: undefined, resolver, dead: new DeadTargets() });
  const question = { type: 'A', name: 'a.example' };
  const fault = { type: 'fault', code: 'other', text: 'Error: no socket' };
  assert.deepEqual(await search.next(1), { type: 'none', reasons: [{ type: 'fault', question, fault }] });
});
