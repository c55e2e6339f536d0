import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codesOf } from '../text/byte-scanners.ts';
import { canonicalEscapes, canonicalUser, escapePart, scanPartIn, type UriPart, unescapePart } from './escape.ts';

test('reserved characters of a part are escaped, the others stand (RFC 3261 §19.1.2)', () => {
  assert.equal(escapePart('j@s0n', 'user'), 'j%40s0n');
  assert.equal(escapePart('alice;day=tuesday', 'user'), 'alice;day=tuesday');
  assert.equal(escapePart('a;b', 'password'), 'a%3Bb');
  assert.equal(escapePart('a=b;c', 'param'), 'a%3Db%3Bc');
  assert.equal(escapePart('project x', 'header'), 'project%20x');
  assert.equal(escapePart('100%', 'user'), '100%25');
  assert.equal(escapePart('Jürgen', 'user'), 'J%C3%BCrgen');
});

test('escapes are undone as UTF-8, and as ISO 8859-1 where they are none', () => {
  assert.equal(unescapePart('j%40s0n'), 'j@s0n');
  assert.equal(unescapePart('J%c3%BCrgen'), 'Jürgen');
  assert.equal(unescapePart('J%FCrgen'), 'Jürgen');
  assert.equal(unescapePart('null-%00-null'), 'null-\0-null');
  assert.equal(unescapePart('100%'), '100%');
});

test('unreserved characters equal their escapes, reserved ones do not (RFC 3261 §19.1.4)', () => {
  assert.equal(canonicalEscapes('%61lice'), 'alice');
  assert.equal(canonicalEscapes('a%3bb'), 'a%3Bb');
  assert.notEqual(canonicalEscapes('a%3Bb'), canonicalEscapes('a;b'));
  assert.equal(canonicalEscapes('#21'), canonicalEscapes('%2321'));
});

test('two users that no text tells apart stay two in the canonical form', () => {
  assert.equal(canonicalUser('a%2Cb'), 'a,b');
  assert.equal(canonicalUser('a%40b'), 'a%40b');
  assert.notEqual(canonicalUser('%FF'), canonicalUser('%C3%BF'));
});

test('a percent sign wants two hexadecimal digits', () => {
  for (const bad of ['%', '%4', '%4g', 'ab%zz'])
    assert.throws(() => scanPartIn(codesOf(bad), 0, bad.length, 'user'), bad);
});

test('what is escaped for a part is read as that part and is the same text again', () => {
  const parts: readonly UriPart[] = ['user', 'password', 'param', 'header'];
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...parts), (text, part) => {
      const escaped = escapePart(text, part);
      assert.equal(scanPartIn(codesOf(escaped), 0, escaped.length, part), escaped.length);
      assert.equal(unescapePart(escaped), text);
    }),
  );
});
