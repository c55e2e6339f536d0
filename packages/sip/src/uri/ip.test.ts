import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIpv4, parseIpv6, printIpv4, printIpv6 } from './ip.ts';

test('four octets without leading zeros are an IPv4 address (RFC 3986 §3.2.2)', () => {
  assert.equal(parseIpv4('192.0.2.1'), 0xc0000201);
  assert.equal(parseIpv4('0.0.0.0'), 0);
  assert.equal(parseIpv4('255.255.255.255'), 2 ** 32 - 1);
  for (const bad of ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4x', '444.555.666.777', '1..2.3'])
    assert.equal(parseIpv4(bad), undefined, bad);
});

test('an IPv6 address has eight groups, one run of zeros left out, and may end in IPv4 (RFC 5954 §4.1)', () => {
  for (const [text, canonical] of [
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8::9:01', '2001:db8::9:1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['::ffff:c000:280', '::ffff:192.0.2.128'],
    ['2001:db8::192.0.2.1', '2001:db8::c000:201'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ] as const) {
    const groups = parseIpv6(text);
    assert.ok(groups, text);
    assert.equal(printIpv6(groups), canonical);
  }
});

test('what breaks the grammar of IPv6 addresses is none', () => {
  for (const bad of [
    '',
    ':',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    '12345::',
    'g::',
    ':::',
    '1:::2',
    '192.0.2.1::',
    '::192.0.2.1:5',
    '::192.0.2.256',
    '1:',
    ':1',
  ])
    assert.equal(parseIpv6(bad), undefined, bad);
});

test('a third colon before an IPv4 tail is forgiven (RFC 5118 §4.10)', () => {
  assert.deepEqual(parseIpv6('2001:db8:::192.0.2.1'), parseIpv6('2001:db8::192.0.2.1'));
});

test('every address survives printing and parsing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 1, 0xffff, 0xdb8), { minLength: 8, maxLength: 8 }), (groups) => {
      assert.deepEqual(parseIpv6(printIpv6(groups)), groups);
    }),
  );
  fc.assert(fc.property(fc.nat(2 ** 32 - 1), (n) => assert.equal(parseIpv4(printIpv4(n)), n)));
});
