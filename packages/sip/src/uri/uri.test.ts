import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SyntaxFault } from '../text/faults.ts';
import { parseUri, printUri, schemeOf, tryParseUri, URI_CHARS } from './uri.ts';

test('the scheme decides what a URI is, without regard to case', () => {
  for (const [text, type, scheme] of [
    ['sip:a@b.c', 'sip', 'sip'],
    ['SIPS:a@b.c', 'sip', 'sips'],
    ['Tel:+1', 'tel', 'tel'],
    ['urn:service:sos', 'urn', 'urn'],
    ['http://example.com/', 'other', 'http'],
    ['Im:fred@example.com', 'other', 'im'],
  ] as const) {
    const uri = parseUri(text);
    assert.deepEqual([uri.type, schemeOf(uri), printUri(uri)], [type, scheme, text]);
  }
});

test('unknown schemes are kept as text (RFC 4475 §3.3.2, §3.3.3)', () => {
  for (const text of [
    'nobodyKnowsThisScheme:totallyopaquecontent',
    'soap.beep://192.0.2.103:3002',
    'cid:1.a@b',
    'data:',
  ])
    assert.equal(parseUri(text).text, text);
});

test('what has no scheme, or has blanks or delimiters, is no URI', () => {
  for (const [text, at] of [
    ['', 0],
    ['alice', 5],
    [':x', 0],
    ['1x:y', 0],
    ['a_b:c', 1],
    ['http:a b', 6],
    ['http:a"', 6],
    ['http:<a>', 5],
  ] as const)
    assert.throws(
      () => parseUri(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      text,
    );
  assert.equal(tryParseUri('alice'), undefined);
});

test('a URI has a greatest length', () => {
  const text = `sip:${'a'.repeat(URI_CHARS - 9)}@host`;
  assert.equal(text.length, URI_CHARS);
  assert.equal(parseUri(text).text, text);
  assert.throws(() => parseUri(`${text}s`), SyntaxFault);
});

test('no text makes the parser fail in another way than with the offset of a fault', () => {
  const near = fc.string({ unit: fc.constantFrom(...'siptelurn:@;=?&%[]12.-+a"< ') });
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), near),
      fc.constantFrom('', 'sip:', 'sips:', 'tel:', 'urn:', 'urn:service:'),
      (text, scheme) => {
        try {
          assert.equal(parseUri(scheme + text).text, scheme + text);
        } catch (fault) {
          assert.ok(fault instanceof SyntaxFault);
          assert.ok(fault.at >= 0 && fault.at <= scheme.length + text.length);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
