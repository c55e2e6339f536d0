import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlpha, isBlank, isDigit, isHex, isToken, isTokenChar, sameIgnoringCase, spells } from './chars.ts';

/** The characters from 0 to 127 that the predicate holds for, and the first beyond it should it hold there. */
const membersOf = (holds: (code: number) => boolean): string =>
  Array.from({ length: 300 }, (_, code) => code)
    .filter(holds)
    .map((code) => String.fromCharCode(code))
    .join('');

test('character classes hold what RFC 3261 §25.1 names and nothing else', () => {
  assert.equal(membersOf(isDigit), '0123456789');
  assert.equal(membersOf(isAlpha), 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  assert.equal(membersOf(isHex), '0123456789ABCDEFabcdef');
  assert.equal(membersOf(isBlank), '\t ');
  assert.equal(membersOf(isTokenChar), "!%'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz~");
});

test('no class holds what comes behind the end of a text', () => {
  for (const holds of [isDigit, isAlpha, isHex, isBlank, isTokenChar]) assert.equal(holds(Number.NaN), false);
});

test('a token has at least one character, all of them of the class', () => {
  assert.ok(isToken("-.!%*_+`'~"));
  for (const bad of ['', 'a b', 'a;b', '"a"', 'a/b', 'ä', 'a@b']) assert.ok(!isToken(bad), bad);
});

test('names are spelled without regard to the case of letters, and of letters only', () => {
  assert.ok(spells('x;TransPort=udp', 2, 'transport'));
  assert.ok(!spells('transpor', 0, 'transport'));
  assert.ok(!spells('\u000d', 0, '-'));
  assert.ok(spells('a', 1, ''));
  assert.ok(!spells('@', 0, '`'));
  assert.ok(sameIgnoringCase('Digest', 'DIGEST'));
  assert.ok(!sameIgnoringCase('a', 'ab'));
});
