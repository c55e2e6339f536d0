import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SyntaxFault } from './faults.ts';
import { NO_PARAMS, Params, quoted, scanParam, scanParams, scanQuoted, skipBlanks, unquoted } from './params.ts';

const params = new Params(';lr;Transport=tcp ; x = "a;\\"b\\"" ;received=[2001:db8::1]');

test('a parameter is found by its lower-case name, whatever case it stands in (RFC 3261 §7.3.1)', () => {
  assert.equal(params.get('transport'), 'tcp');
  assert.equal(params.get('lr'), '');
  assert.equal(params.get('x'), 'a;"b"');
  assert.equal(params.get('received'), '[2001:db8::1]');
  assert.equal(params.get('b'), undefined);
  assert.ok(params.has('lr') && !params.has('l') && !params.has('lrx') && !params.has('tcp'));
  assert.equal(NO_PARAMS.get('lr'), undefined);
});

test('a name inside a quoted string or a value is not found', () => {
  assert.equal(new Params(';a=";lr;b=1";c=d').get('lr'), undefined);
  assert.equal(new Params(';a="x\\";lr"').get('lr'), undefined);
  assert.equal(new Params(';a=lr').get('lr'), undefined);
});

test('parameters are listed in order', () => {
  assert.deepEqual(params.entries(), [
    ['lr', ''],
    ['transport', 'tcp'],
    ['x', 'a;"b"'],
    ['received', '[2001:db8::1]'],
  ]);
  assert.deepEqual(NO_PARAMS.entries(), []);
});

test('a parameter is set at its old place or at the end, quoted where it is no token or host', () => {
  assert.equal(params.set('transport', 'udp').text, ';lr;transport=udp; x = "a;\\"b\\"" ;received=[2001:db8::1]');
  assert.equal(new Params(';a=1').set('b', '').text, ';a=1;b');
  assert.equal(new Params(';a=1').set('a').text, ';a');
  assert.equal(NO_PARAMS.set('a', 'x y').text, ';a="x y"');
  assert.equal(NO_PARAMS.set('a', '[::1]').text, ';a=[::1]');
});

test('a parameter is taken away without a trace, the others stay byte for byte', () => {
  assert.equal(params.delete('x').text, ';lr;Transport=tcp ;received=[2001:db8::1]');
  assert.equal(params.delete('lr').text, ';Transport=tcp ; x = "a;\\"b\\"" ;received=[2001:db8::1]');
  assert.equal(params.delete('nope'), params);
});

test('what is set is read again, whatever it is', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const value = fc.string({ unit: fc.constantFrom(...'aZ1 ;,="\\<>[]:@é') });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (pairs) => {
      const built = pairs.reduce((all, [n, v]) => all.set(n, v), NO_PARAMS);
      for (const [n, v] of new Map(pairs)) assert.equal(built.get(n), v);
      assert.equal(scanParams(built.text, 0), built.text.length);
      assert.deepEqual(new Map(built.entries()), new Map(pairs));
      for (const [n] of pairs) assert.ok(!built.delete(n).has(n));
    }),
  );
});

test('generic parameters end where their grammar ends (RFC 3261 §25.1)', () => {
  for (const [text, end] of [
    ['', 0],
    [';a', 2],
    [' ; a = b ; c ', 13],
    [';a=b, x', 4],
    [';a="b,;" c', 9],
    [';cid=1@b;d=a/b:c', 16],
  ] as const)
    assert.equal(scanParams(text, 0), end, text);
  assert.equal(scanParam('a=b;c', 0), 3);
});

test('a parameter without a name or a value is a fault with its offset', () => {
  for (const [text, at] of [
    [';', 1],
    [';;a', 1],
    [';=b', 1],
    [';a=', 3],
    [';a=;b', 3],
    [';a=<b>', 3],
    [';a="b', 5],
  ] as const)
    assert.throws(
      () => scanParams(text, 0),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      text,
    );
});

test('quoted strings end at the first quotation mark without a backslash', () => {
  assert.equal(scanQuoted('"a\\"b" c', 0), 6);
  assert.throws(() => scanQuoted('"a\\"', 0), SyntaxFault);
  assert.equal(unquoted('"a\\"\\b"'), 'a"b');
  assert.equal(unquoted('plain'), 'plain');
  assert.equal(unquoted('"'), '');
  assert.equal(quoted('a"b\\'), '"a\\"b\\\\"');
  fc.assert(fc.property(fc.string(), (text) => assert.equal(unquoted(quoted(text)), text)));
});

test('blanks are spaces and tabs', () => {
  assert.equal(skipBlanks(' \t x', 0), 3);
  assert.equal(skipBlanks('  ', 0), 2);
  assert.equal(skipBlanks('\nx', 0), 0);
});
