import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../text/faults.ts';
import { SipUri } from './sip.ts';
import { parseUri, tryParseUri } from './uri.ts';

test('a SIP URI falls into its parts (RFC 3261 §19.1.1)', () => {
  const uri = sip('sips:alice:secret@[2001:db8::1]:5061;transport=tcp;lr?subject=project%20x&priority=urgent');
  assert.deepEqual(
    [uri.secure, uri.user, uri.password, uri.host, uri.port, uri.params.text, uri.headers],
    [true, 'alice', 'secret', '[2001:db8::1]', 5061, ';transport=tcp;lr', 'subject=project%20x&priority=urgent'],
  );
});

test('every example of RFC 3261 §19.1.3 is a SIP URI', () => {
  for (const text of [
    'sip:alice@atlanta.com',
    'sip:alice:secretword@atlanta.com;transport=tcp',
    'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
    'sip:+1-212-555-1212:1234@gateway.com;user=phone',
    'sips:1212@gateway.com',
    'sip:alice@192.0.2.4',
    'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
    'sip:alice;day=tuesday@atlanta.com',
  ])
    assert.equal(sip(text).text, text);
  assert.equal(sip('sip:alice;day=tuesday@atlanta.com').user, 'alice;day=tuesday');
  assert.equal(sip('sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com').user, undefined);
});

test('the strangest user of RFC 4475 §3.1.1.2 is one', () => {
  const uri = sip(
    "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
  );
  assert.equal(uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  assert.equal(uri.password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
  assert.equal(uri.host, 'example.com');
});

test('escapes and semicolons of the user stay (RFC 4475 §3.1.1.3, §3.1.1.4, §3.1.1.9)', () => {
  assert.equal(sip('sip:sips%3Auser%40example.com@example.net').user, 'sips%3Auser%40example.com');
  assert.equal(sip('sip:null-%00-null@example.com').user, 'null-%00-null');
  assert.equal(sip('sip:user;par=u%40example.net@example.com').user, 'user;par=u%40example.net');
});

test('a reserved character where it may not stand is refused with its offset', () => {
  for (const [text, at] of [
    ['sip:@example.com', 4],
    ['sip:a b@example.com', 5],
    ['sip:a%4@example.com', 5],
    ['sip:al"ice@example.com', 6],
    ['sip:a:b;c@example.com', 7],
    ['sip:a@b@example.com', 7],
    ['sip:a@', 6],
    ['sip:', 4],
    ['sip:a@exam%70le.com', 10],
    ['sip:a@example.com:', 18],
    ['sip:a@example.com:99999', 18],
    ['sip:a@example.com:5060x', 22],
    ['sip:a@example.com;', 18],
    ['sip:a@example.com;;lr', 18],
    ['sip:a@example.com;x=', 20],
    ['sip:a@example.com;x=a"b', 21],
    ['sip:a@example.com;ttl=256', 22],
    ['sip:a@example.com;ttl=x', 22],
    ['sip:a@example.com;maddr=a..b', 24],
    ['sip:a@example.com;Transport=a/b', 28],
    ['sip:a@example.com?', 18],
    ['sip:a@example.com?subject', 25],
    ['sip:a@example.com?a=b&', 22],
    ['sip:a@example.com?a="b"', 20],
    ['sip:a@example.com lr', 17],
    ['sip:2001:db8::10', 4],
  ] as const)
    assert.throws(
      () => parseUri(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      text,
    );
});

test('without brackets an IPv6 address is none (RFC 5118 §4.2); behind it a number is a port or a group (§4.3)', () => {
  assert.throws(() => parseUri('sip:user@2001:db8::10'), SyntaxFault);
  assert.equal(sip('sip:[2001:db8::10]:5070').port, 5070);
  assert.equal(sip('sip:[2001:db8::10:5070]').port, undefined);
});

test('service codes and UTF-8 users of real phones are read', () => {
  assert.equal(sip('sip:*21#@example.com').user, '*21#');
  assert.equal(sip('sip:jürgen@example.com').user, 'jürgen');
});

test('an unescaped Replaces value in a URI of Refer-To is read', () => {
  const uri = sip('sip:a@example.com?Replaces=1@2;to-tag=3;from-tag=4&x=y');
  assert.equal(uri.headers, 'Replaces=1@2;to-tag=3;from-tag=4&x=y');
});

test('a URI put together from its parts prints as it is parsed', () => {
  const text = 'sip:alice:pw@atlanta.com:5070;lr?a=b';
  const { secure, user, password, host, port, params, headers } = sip(text);
  assert.equal(new SipUri({ secure, user, password, host, port, params, headers }).text, text);
});

function sip(text: string): SipUri {
  const uri = parseUri(text);
  assert.equal(uri.type, 'sip');
  return uri as SipUri;
}

test('an escape that the end cuts off is a fault, whatever longer URI was read before (RFC 3261 §25.1)', () => {
  for (const text of ['sip:a@b;x=%', 'sip:a@b;x=%4', 'sip:a@b?x=%4', 'sip:a%4@b']) {
    tryParseUri(`sip:${'4'.repeat(60)}`);
    assert.equal(tryParseUri(text), undefined, text);
  }
});
