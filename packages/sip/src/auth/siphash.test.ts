import assert from 'node:assert/strict';
import { test } from 'node:test';
import { siphashHex } from './siphash.ts';

const KEY = [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c] as const;
const upTo = (n: number): string => Array.from({ length: n }, (_, i) => String.fromCharCode(i)).join('');

test('SipHash-2-4 gives the values of its authors’ reference vectors', () => {
  assert.equal(siphashHex(KEY, ''), '726fdb47dd0e0e31');
  assert.equal(siphashHex(KEY, upTo(1)), '74f839c593dc67fd');
  assert.equal(siphashHex(KEY, upTo(8)), '93f5f5799a932462');
  assert.equal(siphashHex(KEY, upTo(15)), 'a129ca6149be45e5');
});

test('another key gives another hash', () => {
  assert.notEqual(siphashHex([1, 2, 3, 4], 'call'), siphashHex([1, 2, 3, 5], 'call'));
});
