import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AuthParam,
  type AuthValue,
  bareParam,
  paramOf,
  parseAuthParams,
  parseAuthValue,
  printAuthParams,
  printAuthValue,
  quotedParam,
} from './auth-value.ts';
import { UsageFault } from './faults.ts';

const parsed = (text: string): AuthValue => {
  const value = parseAuthValue(text);
  if ('fault' in value) throw value.fault;
  return value;
};
const faultAt = (text: string): number | undefined => {
  const value = parseAuthValue(text);
  return 'fault' in value ? value.fault.at : undefined;
};

test('a challenge is read with every parameter in its order (RFC 3261 §20.44)', () => {
  const value = parsed(
    'Digest realm="atlanta.com", domain="sip:boxesbybob.com", qop="auth", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5',
  );
  assert.equal(value.scheme, 'Digest');
  assert.deepEqual(
    value.params.map((p) => [p.name, p.value, p.quoted]),
    [
      ['realm', 'atlanta.com', true],
      ['domain', 'sip:boxesbybob.com', true],
      ['qop', 'auth', true],
      ['nonce', 'f84f1cec41e6cbe5aea9c8e88d359', true],
      ['opaque', '', true],
      ['stale', 'FALSE', false],
      ['algorithm', 'MD5', false],
    ],
  );
  assert.equal(value.token68, undefined);
});

test('parameter names and the scheme Digest are found in any case of letters (RFC 7235 §2.1)', () => {
  const value = parsed('dIgEsT ReAlM="a",NONCE=b');
  assert.equal(paramOf(value, 'realm'), 'a');
  assert.equal(paramOf(value, 'Nonce'), 'b');
  assert.equal(paramOf(value, 'opaque'), undefined);
});

test('white space stands around commas and equals signs (RFC 3261 §25.1 EQUAL, COMMA)', () => {
  const value = parsed('  Digest\t realm = "a b" ,\tnonce= "c"  ');
  assert.equal(paramOf(value, 'realm'), 'a b');
  assert.equal(paramOf(value, 'nonce'), 'c');
});

test('escapes in a quoted string are undone and made again (RFC 3261 §25.1 quoted-pair)', () => {
  const text = String.raw`Digest realm="say \"hi\" \\ there", nonce="n"`;
  const value = parsed(text);
  assert.equal(paramOf(value, 'realm'), String.raw`say "hi" \ there`);
  assert.equal(printAuthValue(value), text);
  assert.equal(paramOf(parsed(String.raw`Digest realm="\a\,"`), 'realm'), 'a,');
});

test('a comma, an equals sign and UTF-8 may stand in a quoted string (RFC 3261 §25.1)', () => {
  assert.equal(paramOf(parsed('Digest realm="a, b=c", nonce="ä日本"'), 'realm'), 'a, b=c');
  assert.equal(paramOf(parsed('Digest realm="a, b=c", nonce="ä日本"'), 'nonce'), 'ä日本');
});

test('a parameter that stands there twice is a fault at its second name (RFC 7235 §2.1)', () => {
  assert.equal(faultAt('Digest realm="a", nonce="b", Realm="c"'), 29);
});

test('a fault names the offset where the grammar was left (RFC 3261 §25.1)', () => {
  assert.equal(faultAt(''), 0);
  assert.equal(faultAt('   '), 3);
  assert.equal(faultAt('"Digest"'), 0);
  assert.equal(faultAt('Digest'), 6);
  assert.equal(faultAt('Digest ,'), 8);
  assert.equal(faultAt('Digest=x'), 6);
  assert.equal(faultAt('Digest realm'), 12);
  assert.equal(faultAt('Digest realm='), 13);
  assert.equal(faultAt('Digest realm=,'), 13);
  assert.equal(faultAt('Digest realm="a'), 15);
  assert.equal(faultAt('Digest realm="a\\'), 16);
  assert.equal(faultAt('Digest realm="a" nonce="b"'), 17);
  assert.equal(faultAt('Digest realm="a"; nonce="b"'), 16);
  assert.equal(faultAt('Digest realm="a\u0000"'), 15);
  assert.equal(faultAt('Digest realm="a\\\n"'), 16);
});

test('two challenges in one line are a fault, as they must not be combined (RFC 3261 §7.3.1)', () => {
  assert.equal(faultAt('Digest realm="a", nonce="b", Digest realm="c", nonce="d"'), 36);
});

test('commas in a row and at the end are passed over (RFC 7235 §2.1)', () => {
  assert.equal(printAuthValue(parsed('Digest ,realm="a",, nonce="b", ')), 'Digest realm="a", nonce="b"');
});

test('a value without quotation marks runs to the next comma or space, and is printed with them', () => {
  const value = parsed('Digest uri=sip:bob@biloxi.com;lr, nonce=abc/+==, username=a@b');
  assert.equal(paramOf(value, 'uri'), 'sip:bob@biloxi.com;lr');
  assert.equal(paramOf(value, 'nonce'), 'abc/+==');
  assert.equal(printAuthValue(value), 'Digest uri="sip:bob@biloxi.com;lr", nonce="abc/+==", username="a@b"');
});

test('other schemes keep their token68, their parameters or nothing (RFC 7235 §2.1)', () => {
  assert.deepEqual(parsed('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='), {
    scheme: 'Basic',
    params: [],
    token68: 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  });
  assert.equal(parsed('Bearer abc.def-_~+/  ').token68, 'abc.def-_~+/');
  assert.equal(paramOf(parsed('Bearer authz_server="https://a.example", scope=x'), 'scope'), 'x');
  assert.deepEqual(parsed('Negotiate'), { scheme: 'Negotiate', params: [] });
  assert.equal(faultAt('Basic ??'), 6);
});

test('Digest has parameters, never a token68 (RFC 3261 §25.1 challenge)', () => {
  assert.equal(faultAt('Digest abc'), 10);
  assert.equal(faultAt('Digest realm='), 13);
});

test('more than 32 parameters are a fault at the first one too many', () => {
  const text = (count: number): string => `Digest ${Array.from({ length: count }, (_, i) => `p${i}=x`).join(',')}`;
  assert.equal(parsed(text(32)).params.length, 32);
  assert.equal(faultAt(text(33)), text(32).length + 1);
});

test('a sender quotes and leaves bare what RFC 7616 §3.3, §3.4 and §3.5 say, whatever was asked for', () => {
  const wrong: readonly AuthParam[] = [
    ...['realm', 'domain', 'nonce', 'opaque', 'username', 'uri', 'response', 'cnonce', 'nextnonce', 'rspauth'].map(
      (name) => bareParam(name, 'x'),
    ),
    ...['algorithm', 'stale', 'nc'].map((name) => quotedParam(name, 'x')),
  ];
  assert.equal(
    printAuthValue({ scheme: 'Digest', params: wrong }),
    'Digest realm="x", domain="x", nonce="x", opaque="x", username="x", uri="x", response="x", cnonce="x", ' +
      'nextnonce="x", rspauth="x", algorithm=x, stale=x, nc=x',
  );
  assert.equal(printAuthParams([quotedParam('qop', 'auth'), bareParam('qop', 'auth')]), 'qop="auth", qop=auth');
});

test('a printed value cannot end its header line', () => {
  const refused: readonly AuthValue[] = [
    { scheme: 'Digest', params: [quotedParam('realm', 'a\r\nRoute: <sip:evil>')] },
    { scheme: 'Digest', params: [bareParam('realm', 'a\nb')] },
    { scheme: 'Digest', params: [bareParam('a b', 'x')] },
    { scheme: 'Di gest', params: [] },
    { scheme: 'Basic', params: [], token68: 'a b' },
    { scheme: 'Basic', params: [], token68: '' },
    { scheme: 'Basic', params: [bareParam('a', 'b')], token68: 'x' },
  ];
  for (const value of refused) assert.throws(() => printAuthValue(value), UsageFault);
});

test('control characters are printed behind a backslash and read again (RFC 3261 §25.1 quoted-pair)', () => {
  const value = { scheme: 'Digest', params: [quotedParam('realm', 'a\u0000b\u001fc\u007fd\te')] };
  assert.equal(printAuthValue(value), 'Digest realm="a\\\u0000b\\\u001fc\\\u007fd\te"');
  assert.deepEqual(parseAuthValue(printAuthValue(value)), value);
});

test('the parameters of Authentication-Info stand without a scheme (RFC 3261 §20.6)', () => {
  const info = parseAuthParams('nextnonce="47364c23432d2e131a5fb210812c", qop=auth');
  assert.ok(!('fault' in info));
  assert.equal(paramOf(info, 'nextnonce'), '47364c23432d2e131a5fb210812c');
  assert.equal(printAuthParams(info.params), 'nextnonce="47364c23432d2e131a5fb210812c", qop=auth');
  const bad = parseAuthParams('nextnonce');
  assert.ok('fault' in bad);
  assert.equal(bad.fault.at, 9);
});

const tokenText = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,12}$/);
const lineText = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\r\n]/.test(text));
const paramText: fc.Arbitrary<AuthParam> = fc.oneof(
  fc.tuple(tokenText, lineText).map(([name, value]) => quotedParam(name, value)),
  fc.tuple(tokenText, tokenText).map(([name, value]) => bareParam(name, value)),
);
const paramsText = fc.uniqueArray(paramText, {
  selector: (param) => param.name.toLowerCase(),
  minLength: 1,
  maxLength: 12,
});

test('what is printed is read again as the same value, for any scheme (property)', () => {
  fc.assert(
    fc.property(tokenText, paramsText, (scheme, params) => {
      const value = { scheme, params };
      fc.pre(scheme.toLowerCase() !== 'digest');
      assert.deepEqual(parseAuthValue(printAuthValue(value)), value);
    }),
  );
});

test('what is printed is read again with the same names and values, for Digest (property)', () => {
  fc.assert(
    fc.property(paramsText, (params) => {
      const bare = (value: AuthValue): unknown => value.params.map(({ name, value }) => ({ name, value }));
      const value = { scheme: 'Digest', params };
      const text = printAuthValue(value);
      assert.deepEqual(bare(parsed(text)), bare(value));
      assert.equal(printAuthValue(parsed(text)), text);
    }),
  );
});

test('any text at all gives a value or a fault inside the text, never a throw (property)', () => {
  const pieces = fc.constantFrom('Digest', 'Basic', ' ', '\t', 'realm', '=', '"', '\\', ',', 'a', '==', '\u0000', 'ä');
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 20 }).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const value = parseAuthValue(text);
      if ('fault' in value) assert.ok(value.fault.at >= 0 && value.fault.at <= text.length);
      else assert.doesNotThrow(() => parsed(printAuthValue(value)));
    }),
  );
});
