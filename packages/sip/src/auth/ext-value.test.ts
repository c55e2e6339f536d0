import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isToken } from '../text/chars.ts';
import { parseExtValue, printExtValue } from './ext-value.ts';

test('the name of RFC 7616 §3.9.2 is printed and read as there', () => {
  assert.equal(printExtValue('Jäsøn Doe'), "UTF-8''J%C3%A4s%C3%B8n%20Doe");
  assert.equal(parseExtValue("UTF-8''J%C3%A4s%C3%B8n%20Doe"), 'Jäsøn Doe');
});

test('a language may stand between the apostrophes, and the charset in any case of letters (RFC 5987 §3.2)', () => {
  assert.equal(parseExtValue("utf-8'en'%C2%A3%20rates"), '£ rates');
  assert.equal(parseExtValue("UTF-8''it's"), "it's");
});

test('another charset, a broken escape and what is not UTF-8 are no value (RFC 7616 §4)', () => {
  for (const text of ["iso-8859-1'en'%A3", "UTF-8''%C3", "UTF-8''%zz", "UTF-8''%", "UTF-8'x", 'UTF-8', '', "''x"])
    assert.equal(parseExtValue(text), undefined, text);
});

test('what is printed is a token of SIP, so that it stands unquoted, and is read again (property)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(isToken(printExtValue(text)), true);
      assert.equal(parseExtValue(printExtValue(text)), text);
    }),
  );
});

test('half a surrogate pair becomes a replacement character instead of a throw', () => {
  assert.equal(printExtValue('a\ud800'), "UTF-8''a%EF%BF%BD");
});
