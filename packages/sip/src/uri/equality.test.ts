import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameUri } from './equality.ts';
import { parseUri } from './uri.ts';

const same = (a: string, b: string): boolean => {
  const [x, y] = [parseUri(a), parseUri(b)];
  const verdict = sameUri(x, y);
  assert.equal(sameUri(y, x), verdict, 'equality is symmetric');
  return verdict;
};

test('the URIs of each set of RFC 3261 §19.1.4 are equivalent', () => {
  for (const [a, b] of [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
  ] as const)
    assert.ok(same(a, b), `${a} = ${b}`);
});

test('the URIs of each set that RFC 3261 §19.1.4 tells apart are not', () => {
  for (const [a, b] of [
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
  ] as const)
    assert.ok(!same(a, b), `${a} ≠ ${b}`);
});

test('equality is not transitive (RFC 3261 §19.1.4)', () => {
  assert.ok(same('sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'));
  assert.ok(same('sip:carol@chicago.com', 'sip:carol@chicago.com;security=off'));
  assert.ok(!same('sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'));
});

test('sip: and sips: are never equivalent', () => {
  assert.ok(!same('sip:a@b.c', 'sips:a@b.c'));
  assert.ok(same('SIPS:a@b.c', 'sips:a@b.c'));
});

test('a user or a password in one URI only makes it another one', () => {
  assert.ok(!same('sip:a@b.c', 'sip:b.c'));
  assert.ok(!same('sip:a:p@b.c', 'sip:a@b.c'));
  assert.ok(!same('sip:a:p@b.c', 'sip:a:P@b.c'));
});

test('user, ttl, method, maddr and transport in one URI only make it another one, even with their defaults', () => {
  for (const param of ['user=ip', 'ttl=1', 'method=INVITE', 'maddr=239.255.255.1', 'transport=udp'])
    assert.ok(!same('sip:a@b.c', `sip:a@b.c;${param}`), param);
});

test('any other parameter in one URI only is ignored, lr among them; in both it must match', () => {
  assert.ok(same('sip:a@b.c;lr', 'sip:a@b.c'));
  assert.ok(same('sip:a@b.c;x=A', 'sip:a@b.c;X=a'));
  assert.ok(!same('sip:a@b.c;x=1', 'sip:a@b.c;x=2'));
  assert.ok(!same('sip:a@b.c;x', 'sip:a@b.c;x=2'));
});

test('methods are compared with regard to case, hosts in maddr as hosts', () => {
  assert.ok(!same('sip:a@b.c;method=INVITE', 'sip:a@b.c;method=invite'));
  assert.ok(same('sip:a@b.c;maddr=[::1]', 'sip:a@b.c;maddr=[0:0::1]'));
});

test('escapes of unreserved characters are those characters, of reserved ones they are not', () => {
  assert.ok(same('sip:a%2d%62@b.c;x=%61', 'sip:a-b@b.c;x=a'));
  assert.ok(!same('sip:a%3bb@b.c', 'sip:a;b@b.c'));
  assert.ok(same('sip:a%3bb@b.c', 'sip:a%3Bb@b.c'));
});

test('addresses in IPv6 texts of RFC 5954 §4.2 are compared by their bits', () => {
  for (const [a, b] of [
    ['sip:bob@[::ffff:192.0.2.128]', 'sip:bob@[::ffff:c000:280]'],
    ['sip:bob@[2001:db8::9:1]', 'sip:bob@[2001:db8::9:01]'],
    ['sip:bob@[0:0:0:0:0:FFFF:129.144.52.38]', 'sip:bob@[::FFFF:129.144.52.38]'],
  ] as const)
    assert.ok(same(a, b), `${a} = ${b}`);
});

test('telephone numbers are compared without separators, case and order of parameters (RFC 3966 §4)', () => {
  assert.ok(same('tel:+1-201-555-0123', 'tel:+12015550123'));
  assert.ok(same('tel:+358-555-1234567;postd=pp22;isub=1411', 'tel:+358-555-1234567;ISUB=1411;postd=PP22'));
  assert.ok(same('tel:863-1234;phone-context=+1-914-555', 'tel:8631234;phone-context=+1914555'));
  assert.ok(same('tel:7042;phone-context=Example.com', 'tel:7042;phone-context=example.com'));
  assert.ok(!same('tel:+12015550123', 'tel:12015550123'));
  assert.ok(!same('tel:+12015550123', 'tel:+12015550123;ext=1'));
  assert.ok(!same('tel:+12015550123', 'sip:+12015550123@a.b;user=phone'));
});

test('equal telephone numbers may make unequal SIP URIs (RFC 3261 §19.1.6)', () => {
  assert.ok(same('tel:+358-555-1234567;postd=pp22', 'tel:+358-555-1234567;POSTD=PP22'));
  assert.ok(
    !same('sip:+358-555-1234567;postd=pp22@foo.com;user=phone', 'sip:+358-555-1234567;POSTD=PP22@foo.com;user=phone'),
  );
});

test('URNs and other schemes are compared by their own rules', () => {
  assert.ok(same('urn:service:SOS', 'URN:service:sos'));
  assert.ok(same('HTTP://a/', 'http://a/'));
  assert.ok(!same('http://a/', 'http://A/'));
  assert.ok(!same('urn:service:sos', 'http://a/'));
});

test('escapes in the names of parameters mean their characters, once (RFC 3261 §19.1.4, RFC 4475 §3.1.1.3)', () => {
  assert.ok(same('sip:a@b.example;n%61me=v%61lue', 'sip:a@b.example;name=value'));
  assert.ok(!same('sip:a@b.example;n%61me=value', 'sip:a@b.example;name=other'));
  assert.ok(!same('sip:a@b.example;name=value%25%34%31', 'sip:a@b.example;name=valueA'));
  assert.ok(!same('sip:a@b.example;%6Daddr=192.0.2.1', 'sip:a@b.example'));
});
