import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chanceOf, orderSrv } from './srv-order.ts';

const record = (priority: number, weight: number, target: string) => ({ priority, weight, port: 5060, target });
const names = (records: readonly { readonly target: string }[]): string => records.map(({ target }) => target).join('');

test('priorities are tried from the lowest up, whatever the weights (RFC 2782)', () => {
  const records = [record(20, 9, 'c'), record(10, 0, 'a'), record(15, 1, 'b')];
  assert.equal(names(orderSrv(records, () => 0)), 'abc');
  assert.equal(names(orderSrv(records, (below) => below - 1)), 'abc');
});

test('the first whose running sum reaches the drawn number is next; weight 0 stands in front (RFC 2782, Weight)', () => {
  const records = [record(0, 1, 'a'), record(0, 3, 'b'), record(0, 0, 'z')];
  const drawn = (numbers: number[]) => names(orderSrv(records, () => numbers.shift() ?? 0));
  assert.equal(drawn([0, 0, 0]), 'zab');
  assert.equal(drawn([1, 0, 0]), 'azb');
  assert.equal(drawn([2, 0, 0]), 'bza');
  assert.equal(drawn([4, 1, 0]), 'baz');
});

test('the numbers are drawn from 0 to the sum of what is left, the sum included (RFC 2782, Weight)', () => {
  const asked: number[] = [];
  orderSrv([record(0, 1, 'a'), record(0, 3, 'b')], (below) => {
    asked.push(below);
    return below - 1;
  });
  assert.deepEqual(asked, [5, 2]);
});

test('a server of three times the weight is first about three times as often (the example of RFC 2782)', () => {
  const records = [record(0, 1, 'a'), record(0, 3, 'b')];
  let firstB = 0;
  for (let drawn = 0; drawn < 5; drawn += 1)
    if (orderSrv(records, (below) => drawn % below)[0]?.target === 'b') firstB += 1;
  assert.equal(firstB, 3, 'between 3/5 and 4/5, as erratum 8120 says');
});

test('without chance the order is the same however the records came (RFC 3263 §4.4)', () => {
  const records = [record(0, 1000, 'b'), record(0, 1001, 'c'), record(0, 1000, 'a'), record(1, 5000, 'd')];
  assert.equal(names(orderSrv(records, undefined)), 'cabd');
  assert.equal(names(orderSrv(records.toReversed(), undefined)), 'cabd');
});

test('whatever is drawn, each server comes once and priorities do not mix', () => {
  const any = fc.array(
    fc.record({ priority: fc.nat(3), weight: fc.nat(65_535), port: fc.nat(65_535), target: fc.string() }),
  );
  fc.assert(
    fc.property(any, fc.infiniteStream(fc.nat(2 ** 31)), (records, numbers) => {
      const ordered = orderSrv(records, (below) => (numbers.next().value ?? 0) % below);
      assert.equal(ordered.length, records.length);
      assert.deepEqual(new Set(ordered), new Set(records));
      assert.ok(ordered.every((one, i) => i === 0 || (ordered[i - 1]?.priority ?? 0) <= one.priority));
    }),
  );
});

test('numbers of 32 bits become numbers below any bound, the first and the last included', () => {
  const drawn = (uint32: number, below: number) => chanceOf({ uint32: () => uint32 })(below);
  assert.deepEqual([drawn(0, 6), drawn(2 ** 32 - 1, 6), drawn(2 ** 31, 6), drawn(2 ** 32 - 1, 1)], [0, 5, 3, 0]);
});
