import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../text/faults.ts';
import type { SipUri } from './sip.ts';
import { canonicalTel, sipOfTel, type TelUri, telOf } from './tel.ts';
import { parseUri } from './uri.ts';

test('the examples of RFC 3966 §6 are telephone numbers', () => {
  const global = tel('tel:+1-201-555-0123');
  assert.deepEqual([global.global, global.number, global.digits], [true, '+1-201-555-0123', '+12015550123']);
  const local = tel('tel:7042;phone-context=example.com');
  assert.deepEqual([local.global, local.digits, local.params.get('phone-context')], [false, '7042', 'example.com']);
  assert.equal(tel('tel:863-1234;phone-context=+1-914-555').params.get('phone-context'), '+1-914-555');
});

test('local numbers may have hexadecimal digits, star and hash (RFC 3966 §5.1.3)', () => {
  assert.equal(tel('tel:*21#;phone-context=example.com').digits, '*21#');
  assert.equal(tel('TEL:(0A)f.b').digits, '0afb');
});

test('what breaks the grammar of RFC 3966 §3 is refused with its offset', () => {
  for (const [text, at] of [
    ['tel:', 4],
    ['tel:+', 4],
    ['tel:+1a', 6],
    ['tel:+1#', 6],
    ['tel:-.-', 4],
    ['tel:1 2', 5],
    ['tel:+1;', 7],
    ['tel:+1;ext', 10],
    ['tel:+1;ext=', 11],
    ['tel:+1;ext=a', 11],
    ['tel:+1;a=%4', 9],
    ['tel:+1;a=b"', 10],
    ['tel:+1;a=1;A=2', 11],
    ['tel:+1;phone-context=a_%20', 21],
    ['tel:+1;isub=1;ext=2', 6],
  ] as const)
    assert.throws(
      () => parseUri(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      text,
    );
});

test('a subaddress may hold reserved characters', () => {
  assert.equal(tel('tel:+1;isub=a/b?c@d').params.get('isub'), 'a/b?c@d');
});

test('the canonical form drops separators, folds case and orders parameters (RFC 3966 §3, §4)', () => {
  assert.equal(
    canonicalTel(tel('tel:86-3.(1234);TSP=A.B;phone-context=+1-914-555;ext=1-2')),
    'tel:8631234;ext=12;phone-context=+1914555;tsp=a.b',
  );
});

test('a SIP URI with user=phone holds a telephone number, without it none is read (RFC 3261 §19.1.1)', () => {
  assert.equal(telOf(sip('sip:+1-212-555-1212:1234@gateway.com;user=phone'))?.digits, '+12125551212');
  assert.equal(
    telOf(sip('sip:7042;phone-context=example.com@gw.com;user=Phone'))?.params.get('phone-context'),
    'example.com',
  );
  assert.equal(telOf(sip('sip:%2321%23@gw.com;user=phone'))?.digits, '#21#');
  assert.equal(telOf(sip('sip:+12125551212@gateway.com')), undefined);
  assert.equal(telOf(sip('sip:alice@gateway.com;user=phone')), undefined);
  assert.equal(telOf(sip('sip:gateway.com;user=phone')), undefined);
});

test('a tel: URI becomes the user of a SIP URI, parameters included (RFC 3261 §19.1.6)', () => {
  const convert = (text: string): string => sipOfTel(tel(text), 'foo.com').text;
  assert.equal(convert('tel:+358-555-1234567;postd=pp22'), 'sip:+358-555-1234567;postd=pp22@foo.com;user=phone');
  assert.equal(convert('tel:+358-555-1234567;POSTD=PP22'), 'sip:+358-555-1234567;postd=pp22@foo.com;user=phone');
  for (const text of ['tel:+358-555-1234567;tsp=a.b;phone-context=5', 'tel:+358-555-1234567;phone-context=5;tsp=a.b'])
    assert.equal(
      convert(text.replace('=5', '=+5')),
      'sip:+358-555-1234567;phone-context=+5;tsp=a.b@foo.com;user=phone',
    );
  assert.equal(convert('tel:*21#;isub=a:b%20'), 'sip:*21%23;isub=a%3Ab%20@foo.com;user=phone');
  assert.equal(
    convert('tel:+358-555-1234567;isub=1411;postd=pp22'),
    convert('tel:+358-555-1234567;postd=pp22;isub=1411'),
  );
});

function tel(text: string): TelUri {
  const uri = parseUri(text);
  assert.equal(uri.type, 'tel');
  return uri as TelUri;
}

function sip(text: string): SipUri {
  const uri = parseUri(text);
  assert.equal(uri.type, 'sip');
  return uri as SipUri;
}
