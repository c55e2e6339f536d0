import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageFault } from '../text/faults.ts';
import { createNonceCounts } from './nonce-counts.ts';

const since = 1_000_000;
const options = { capacity: 3, lifetimeSeconds: 10, since };

test('a nonce count is accepted once (RFC 7616 §3.4)', () => {
  const counts = createNonceCounts(options);
  assert.equal(counts.spend('a', since, 1, since), 'new');
  assert.equal(counts.spend('a', since, 1, since), 'replayed');
  assert.equal(counts.spend('a', since, 2, since), 'new');
  assert.equal(counts.spend('a', since, 1, since), 'replayed');
  assert.equal(counts.spend('b', since, 1, since), 'new');
});

test('counts that overtake each other are accepted within 64 of the highest', () => {
  const counts = createNonceCounts(options);
  assert.equal(counts.spend('a', since, 100, since), 'new');
  assert.equal(counts.spend('a', since, 37, since), 'new', '63 behind');
  assert.equal(counts.spend('a', since, 36, since), 'replayed', '64 behind: cannot be told from a replay');
  assert.equal(counts.spend('a', since, 37, since), 'replayed');
});

test('a jump of any length forgets what falls out of the window and nothing else', () => {
  for (const jump of [1, 31, 32, 33, 63, 64, 65, 2 ** 31]) {
    const counts = createNonceCounts(options);
    counts.spend('a', since, 5, since);
    assert.equal(counts.spend('a', since, 5 + jump, since), 'new', String(jump));
    assert.equal(counts.spend('a', since, 5, since), 'replayed', String(jump));
    assert.equal(counts.spend('a', since, 5 + jump, since), 'replayed', String(jump));
    assert.equal(counts.spend('a', since, 4 + jump, since), jump === 1 ? 'replayed' : 'new', String(jump));
  }
  const counts = createNonceCounts(options);
  assert.equal(counts.spend('a', since, 0xffffffff, since), 'new');
  assert.equal(counts.spend('a', since, 0xffffffff, since), 'replayed');
});

test('what was used stays used while the window moves over it, and what was left out stays new', () => {
  const counts = createNonceCounts(options);
  for (let count = 1; count <= 129; count += 2) assert.equal(counts.spend('a', since, count, since), 'new');
  for (let count = 66; count <= 129; count += 1)
    assert.equal(counts.spend('a', since, count, since), count % 2 === 0 ? 'new' : 'replayed', String(count));
  for (let count = 1; count <= 129; count += 1) assert.equal(counts.spend('a', since, count, since), 'replayed');
});

test('no count of one nonce is ever accepted twice, in whatever order they come (property)', () => {
  const lists = fc.array(fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 400 })), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(lists, (list) => {
      const counts = createNonceCounts(options);
      const accepted = new Set<number>();
      let highest = 0;
      for (const count of list) {
        const expected = !accepted.has(count) && count > highest - 64 ? 'new' : 'replayed';
        assert.equal(counts.spend('a', since, count, since), expected);
        accepted.add(count);
        highest = Math.max(highest, count);
      }
    }),
  );
});

test('a full table lets the nonce go that entered first, which is forgotten from then on and never new', () => {
  const counts = createNonceCounts(options);
  for (const [i, nonce] of ['a', 'b', 'c', 'd'].entries()) counts.spend(nonce, since + i, 1, since + i);
  assert.equal(counts.size, 3);
  assert.equal(counts.knows('a'), false);
  assert.equal(counts.spend('a', since, 1, since), 'forgotten');
  assert.equal(counts.spend('a', since, 2, since), 'forgotten');
  assert.equal(counts.spend('b', since + 1, 2, since), 'new', 'those in the table stay good');
});

test('an unknown nonce that is older than a forgotten one is forgotten too, a younger one is new', () => {
  const counts = createNonceCounts({ ...options, capacity: 1 });
  counts.spend('a', since + 5, 1, since + 5);
  counts.spend('b', since + 6, 1, since + 6);
  assert.equal(counts.spend('c', since + 4, 1, since + 6), 'forgotten');
  assert.equal(counts.spend('d', since + 5, 1, since + 6), 'forgotten');
  assert.equal(counts.spend('e', since + 7, 1, since + 7), 'new');
});

test('expired nonces leave first and make room', () => {
  const counts = createNonceCounts(options);
  for (const nonce of ['a', 'b', 'c']) counts.spend(nonce, since, 1, since);
  const later = since + 10_001;
  assert.equal(counts.spend('d', later, 1, later), 'new');
  assert.equal(counts.size, 1);
});

test('an expired nonce stays forgotten when the clock is set back', () => {
  const counts = createNonceCounts(options);
  counts.spend('a', since, 1, since);
  counts.spend('b', since + 10_001, 1, since + 10_001);
  assert.equal(counts.spend('a', since, 1, since), 'forgotten');
});

test('nonces made before the table was empty are forgotten: an earlier process may have seen them used', () => {
  const counts = createNonceCounts(options);
  assert.equal(counts.spend('a', since - 1, 1, since), 'forgotten');
  assert.equal(counts.spend('b', since, 1, since), 'new');
});

test('the table never holds more than its capacity and never accepts a pair twice (property)', () => {
  const uses = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 4 }), fc.nat(4_000)), { maxLength: 120 });
  fc.assert(
    fc.property(uses, (list) => {
      const counts = createNonceCounts(options);
      const accepted = new Set<string>();
      let now = since;
      for (const [nonce, count, step] of list) {
        now += step;
        const madeAt = since + nonce * 3_000;
        const outcome = counts.spend(`n${nonce}`, madeAt, count, now);
        if (outcome === 'new') {
          assert.equal(accepted.has(`${nonce} ${count}`), false);
          accepted.add(`${nonce} ${count}`);
        }
        assert.ok(counts.size <= 3);
      }
    }),
  );
});

test('a table without room is a bug of the caller', () => {
  assert.throws(() => createNonceCounts({ ...options, capacity: 0 }), UsageFault);
  assert.throws(() => createNonceCounts({ ...options, capacity: Number.NaN }), UsageFault);
});
