import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Attempt, LoginGuard } from './login-guard.ts';

const policy = { attempts: 5, windowMs: 600_000, lockoutMs: 60_000 };
const HOUR = 3_600_000;
const attempt = (source: string, account: string): Attempt => ({ source, account });

/** Guesses until something stops it; how often it could. */
function guess(guard: LoginGuard, who: (i: number) => Attempt, now = 0, most = 1_000): number {
  for (let i = 0; i < most; i += 1) {
    if (guard.check(who(i), now) !== undefined) return i;
    guard.failed(who(i), now);
  }
  return most;
}

test('one source at one account may be wrong so many times, and then has to wait', () => {
  const guard = new LoginGuard(policy);
  assert.equal(
    guess(guard, () => attempt('s', 'alice')),
    5,
  );
  assert.deepEqual(guard.check(attempt('s', 'alice'), 0), { scope: 'account at source', waitMs: 60_000 });
  assert.equal(guard.check(attempt('s', 'alice'), 60_000), undefined);
  assert.equal(guard.check(attempt('s', 'bob'), 0), undefined, 'other phones at this address go on');
  assert.equal(guard.check(attempt('t', 'alice'), 0), undefined, 'and so does alice elsewhere');
});

test('guessing on and on is a guess an hour in the end', () => {
  const guard = new LoginGuard(policy);
  let guesses = 0;
  for (let now = 0; now < 24 * HOUR; now += 1_000) guesses += guess(guard, () => attempt('s', 'alice'), now);
  assert.ok(guesses <= 5 + 6 + 24, `${guesses} guesses in a day`);
});

test('a source that tries account after account has to wait with all of them', () => {
  const guard = new LoginGuard(policy);
  assert.equal(
    guess(guard, (i) => attempt('s', `user ${i}`)),
    25,
  );
  assert.deepEqual(guard.check(attempt('s', 'another'), 0), { scope: 'source', waitMs: 60_000 });
});

test('phones that were proved at an address go on there while strangers at it are locked', () => {
  const guard = new LoginGuard(policy);
  for (let i = 0; i < 500; i += 1) guard.proved(attempt('office', `phone ${i}`), 0);
  guess(guard, (i) => attempt('office', `user ${i}`), 1_000);
  assert.equal(guard.check(attempt('office', 'newcomer'), 1_000)?.scope, 'source');
  for (let i = 0; i < 500; i += 1) assert.equal(guard.check(attempt('office', `phone ${i}`), 1_000), undefined);
});

test('one phone with an old password never locks the others at its address, however long it goes on', () => {
  const guard = new LoginGuard({ ...policy, attempts: 10 });
  for (let now = 0; now < 24 * HOUR; now += 30_000) {
    guess(guard, () => attempt('office', 'old'), now, 1);
    assert.equal(guard.check(attempt('office', 'another'), now), undefined);
  }
});

test('a search by many machines slows strangers to the account down and leaves its owner alone', () => {
  const guard = new LoginGuard(policy);
  guard.proved(attempt('home', 'alice'), 0);
  assert.equal(
    guess(guard, (i) => attempt(`zombie ${i}`, 'alice'), 1_000),
    50,
  );
  assert.deepEqual(guard.check(attempt('fresh', 'alice'), 1_000), { scope: 'account', waitMs: 1_000 });
  assert.equal(guard.check(attempt('home', 'alice'), 1_000), undefined);
  let now = 1_000;
  for (let i = 0; i < 100; i += 1) {
    now += guard.check(attempt(`late ${i}`, 'alice'), now)?.waitMs ?? 0;
    guard.failed(attempt(`late ${i}`, 'alice'), now);
  }
  assert.equal(guard.check(attempt('fresh', 'alice'), now)?.waitMs, 60_000, 'nobody waits longer than the first lock');
  assert.equal(guard.check(attempt('fresh', 'bob'), now), undefined);
});

test('whoever guesses behind the address of an owner holds him up for the first wait at most', () => {
  const guard = new LoginGuard(policy);
  guard.proved(attempt('home', 'alice'), 0);
  let now = 0;
  for (let i = 0; i < 50; i += 1) {
    now += guard.check(attempt('home', 'alice'), now)?.waitMs ?? 0;
    guard.failed(attempt('home', 'alice'), now);
    assert.ok((guard.check(attempt('home', 'alice'), now)?.waitMs ?? 0) <= 60_000);
  }
});

test('the right password ends the counting for this account at this source', () => {
  const guard = new LoginGuard(policy);
  for (let i = 0; i < 4; i += 1) guard.failed(attempt('s', 'alice'), 0);
  guard.proved(attempt('s', 'alice'), 0);
  assert.equal(
    guess(guard, () => attempt('s', 'alice')),
    5,
  );
});

test('an account is at home where it was proved for a day', () => {
  const guard = new LoginGuard(policy);
  guard.proved(attempt('home', 'alice'), 0);
  const later = 24 * HOUR;
  guess(guard, (i) => attempt(`zombie ${i}`, 'alice'), later - 1);
  assert.equal(guard.check(attempt('home', 'alice'), later - 1), undefined);
  assert.equal(guard.check(attempt('home', 'alice'), later)?.scope, 'account');
});

test('the failure that locks says so, and what it locks', () => {
  const guard = new LoginGuard({ ...policy, attempts: 1 });
  assert.deepEqual(guard.failed(attempt('s', 'alice'), 0), { scope: 'account at source', waitMs: 60_000 });
  for (let i = 0; i < 3; i += 1) guard.failed(attempt('s', `user ${i}`), 0);
  assert.deepEqual(guard.failed(attempt('s', 'user 3'), 0), { scope: 'source', waitMs: 60_000 });
});

test('memory stays within its bounds whatever comes (property)', () => {
  const happenings = fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.boolean(), fc.nat(100_000)), { maxLength: 300 });
  fc.assert(
    fc.property(happenings, (list) => {
      const guard = new LoginGuard(policy, 10);
      let now = 0;
      for (const [source, account, isRight, passed] of list) {
        now += passed;
        if (isRight) guard.proved(attempt(`s${source}`, `a${account}`), now);
        else guard.failed(attempt(`s${source}`, `a${account}`), now);
        assert.ok(guard.size <= 40);
      }
    }),
  );
});
