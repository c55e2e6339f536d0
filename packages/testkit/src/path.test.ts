import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Conditions, Path, PERFECT } from './path.ts';
import { createSeededRandom } from './seeded-random.ts';

const pathWith = (conditions: Partial<Conditions>): Path =>
  new Path({ ...PERFECT, ...conditions }, createSeededRandom(1, 'path'));
const fates = (path: Path, count: number): string[] =>
  Array.from({ length: count }, () => {
    const fate = path.fateOf(500, 'OPTIONS');
    return 'loss' in fate ? fate.loss : fate.delays.join('+');
  });

test('a perfect path delivers everything once, after its delay', () => {
  assert.deepEqual(new Set(fates(pathWith({ delayMs: 25 }), 100)), new Set(['25']));
});

test('loss, duplication and reordering happen as often as their likelihood says', () => {
  const share = (conditions: Partial<Conditions>, is: (fate: string) => boolean): number =>
    fates(pathWith(conditions), 10_000).filter(is).length / 10_000;
  assert.ok(Math.abs(share({ loss: 0.3 }, (fate) => fate === 'lost') - 0.3) < 0.02);
  assert.ok(Math.abs(share({ duplicate: 0.1 }, (fate) => fate === '10+10') - 0.1) < 0.02);
  assert.ok(Math.abs(share({ reorder: 0.2, reorderMs: 7 }, (fate) => fate === '17') - 0.2) < 0.02);
});

test('jitter adds whole milliseconds from none up to its limit', () => {
  const seen = new Set(fates(pathWith({ delayMs: 10, jitterMs: 3 }), 1_000));
  assert.deepEqual([...seen].sort(), ['10', '11', '12', '13']);
});

test('a partition loses everything, and what is larger than the path carries is lost', () => {
  const path = pathWith({ mtuBytes: 499 });
  assert.deepEqual(fates(path, 2), ['too large', 'too large']);
  path.isPartitioned = true;
  assert.deepEqual(fates(path, 2), ['partition', 'partition']);
});

test('exactly the next datagrams that match are dropped', () => {
  const path = pathWith({});
  path.dropNext(2, (label) => label === 'ACK');
  path.dropNext(1, () => true);
  const labels = ['ACK', 'OPTIONS', 'OPTIONS', 'ACK', 'ACK'];
  const dropped = labels.map((label) => 'loss' in path.fateOf(500, label));
  assert.deepEqual(dropped, [true, true, false, true, false]);
});

test('one drop more does not change the fate of the datagrams behind it', () => {
  const [undisturbed, disturbed] = [pathWith({ loss: 0.5, jitterMs: 40 }), pathWith({ loss: 0.5, jitterMs: 40 })];
  disturbed.dropNext(1, () => true);
  const [a, b] = [fates(undisturbed, 50), fates(disturbed, 50)];
  assert.equal(b[0], 'dropped');
  assert.deepEqual(a.slice(1), b.slice(1));
});

test('a stream loses nothing but time: each try that is lost waits twice as long as the one before', () => {
  const delays = Array.from(
    { length: 1_000 },
    (
      (path) => () =>
        path.streamDelayMs()
    )(pathWith({ loss: 0.5 })),
  );
  const seen = new Set(delays);
  assert.ok(seen.has(10) && seen.has(210) && seen.has(610) && seen.has(1_410));
  assert.ok(Math.max(...delays) < 30_000, 'even where everything is lost the stream goes on');
});
