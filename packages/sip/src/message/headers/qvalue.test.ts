import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseQvalue, printQvalue } from './qvalue.ts';

test('a preference has at most three decimals and is at most 1 (RFC 3261 §25.1 qvalue)', () => {
  for (const [text, thousandths] of [
    ['0', 0],
    ['0.', 0],
    ['0.5', 500],
    ['0.07', 70],
    ['0.001', 1],
    ['0.999', 999],
    ['1', 1000],
    ['1.', 1000],
    ['1.000', 1000],
  ] as const)
    assert.equal(parseQvalue(text), thousandths, text);
  for (const bad of ['', '.5', '2', '1.1', '1.001', '0.1234', '00', '0,5', '-0', '0.x', '1e0'])
    assert.equal(parseQvalue(bad), undefined, bad);
});

test('every preference survives printing and parsing', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), (q) => assert.equal(parseQvalue(printQvalue(q)), q)));
  assert.deepEqual([0, 70, 500, 1000, 2000, -1].map(printQvalue), ['0', '0.07', '0.5', '1', '1', '0']);
});
