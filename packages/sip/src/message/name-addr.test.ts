import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SyntaxFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { decodeNameAddr, encodeNameAddr, NameAddr } from './name-addr.ts';

const parts = (text: string) => {
  const { display, uriText, params } = decodeNameAddr(text);
  return [display, uriText, params.text];
};

test('an address has a display name, a URI in brackets and parameters (RFC 3261 §20.10)', () => {
  assert.deepEqual(parts('"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600'), [
    'Mr. Watson',
    'sip:watson@worcester.bell-telephone.com',
    ';q=0.7; expires=3600',
  ]);
  assert.deepEqual(parts('Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8'), [
    'Anonymous',
    'sip:c8oqz84zk7z@privacy.org',
    ';tag=hyh8',
  ]);
  assert.deepEqual(parts('<sip:a@b.c>'), ['', 'sip:a@b.c', '']);
});

test('without brackets all parameters are those of the header field (RFC 3261 §20)', () => {
  assert.deepEqual(parts('sip:+12125551212@server.phone2net.com;tag=887s'), [
    '',
    'sip:+12125551212@server.phone2net.com',
    ';tag=887s',
  ]);
  assert.deepEqual(parts('sip:a@b.c ;lr'), ['', 'sip:a@b.c', ';lr']);
});

test('without brackets a URI has no comma and no question mark (RFC 3261 §20.10)', () => {
  for (const [text, at] of [
    ['sip:a,b@c.d', 5],
    ['sip:a@b.c?x=y', 9],
    ['sip:a@b.c>', 9],
    ['sip:"a"@b.c', 4],
  ] as const)
    assert.throws(() => decodeNameAddr(text), faultAt(at), text);
});

test('there may be no blank between the name and the bracket (RFC 3261 §20.10)', () => {
  assert.deepEqual(parts('caller<sip:caller@example.com>'), ['caller', 'sip:caller@example.com', '']);
  assert.deepEqual(parts('"Quoted string \\"\\""<sip:jdrosen@example.com>'), [
    'Quoted string ""',
    'sip:jdrosen@example.com',
    '',
  ]);
});

test('display names that phones send unquoted are read, those that hold a separator are not (RFC 4475 §3.1.2.6)', () => {
  assert.deepEqual(parts('Jürgen [Büro] <sip:j@b.c>'), ['Jürgen [Büro]', 'sip:j@b.c', '']);
  assert.throws(() => decodeNameAddr('Bell, Alexander <sip:a.g.bell@example.com>;tag=43'), faultAt(4));
});

test('what is no address is a fault with its offset', () => {
  for (const [text, at] of [
    ['', 0],
    ['alice', 0],
    ['"alice" sip:a@b.c', 8],
    ['"alice <sip:a@b.c>', 18],
    ['<sip:a@b.c', 10],
    ['<>', 1],
    ['< >', 1],
    ['<sip:a@b.c>x', 11],
    ['<sip:a@b.c>;', 12],
    ['<sip:a@b.c>;tag=', 16],
  ] as const)
    assert.throws(() => decodeNameAddr(text), faultAt(at), text);
});

test('the URI is read when it is asked for, once, and may be a fault then', () => {
  const value = decodeNameAddr('<sip:alice@atlanta.com>;tag=1');
  assert.equal(value.uri.type, 'sip');
  assert.equal(value.uri, value.uri);
  assert.equal(value.tag, '1');
  const broken = decodeNameAddr('<sip:a@b@c>');
  assert.throws(() => broken.uri, SyntaxFault);
});

test('other parameters make another address', () => {
  const value = decodeNameAddr('"A" <sip:a@b.c>;tag=1').withParams(NO_PARAMS);
  assert.equal(encodeNameAddr(value), '"A" <sip:a@b.c>');
});

test('every address survives printing and reading', () => {
  const display = fc.string({ unit: 'grapheme' }).map((text) => text.trim());
  fc.assert(
    fc.property(
      display,
      fc.constantFrom('sip:a@b.c;x=y?z=1', 'tel:+1', 'http://a/?b,c'),
      fc.stringMatching(/^[a-z0-9]*$/),
      (name, uri, tag) => {
        const value = new NameAddr(name, uri, tag === '' ? NO_PARAMS : new Params(`;tag=${tag}`));
        assert.deepEqual(parts(encodeNameAddr(value)), [value.display, value.uriText, value.params.text]);
      },
    ),
  );
});

const faultAt = (at: number) => (fault: unknown) => fault instanceof SyntaxFault && fault.at === at;
