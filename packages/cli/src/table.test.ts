import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable, printSeconds, printTable } from './table.ts';

test('columns are as wide as their widest cell, and lines end with their last letter', () => {
  assert.deepEqual(printTable(['A', 'LONG', 'C'], [['aaa', 'é', '']]), ['A    LONG  C', 'aaa  é']);
  assert.deepEqual(printTable(['A', 'B'], []), ['A  B']);
});

test('what strangers send cannot move the cursor', () => {
  assert.deepEqual(printTable(['A'], [['\u001b[2J\u202ex\n']]), ['A', '\\u001b[2J\\u202ex\\u000a']);
  assert.equal(printable('plain é'), 'plain é');
});

test('a time has two units at most, the smaller ones cut off', () => {
  for (const [seconds, text] of [
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [61, '1 min 1 s'],
    [3_599, '59 min 59 s'],
    [3_600, '1 h'],
    [3_661, '1 h 1 min'],
    [86_400, '1 d'],
    [90_061, '1 d 1 h'],
    [4_294_967_295, '49710 d 6 h'],
  ] as const)
    assert.equal(printSeconds(seconds), text);
});
