import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalIp, isHostName, isMappedIp4, parseIp, parseIp4, parseIp6 } from './address.ts';

test('an IPv4 address is its 32-bit number', () => {
  assert.equal(parseIp4('0.0.0.0', 0), 0);
  assert.equal(parseIp4('127.0.0.1', 0), 0x7f000001);
  assert.equal(parseIp4('255.255.255.255', 0), 0xffffffff);
});

test('numbers above 255, leading zeros, missing and extra parts are no IPv4 address', () => {
  for (const text of [
    '256.0.0.1',
    '010.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '1..2.3',
    '',
    '.',
    '1.2.3.',
    '-1.2.3.4',
    ' 1.2.3.4',
  ]) {
    assert.equal(parseIp4(text, 0), -1, text);
  }
});

test('an IPv6 address may leave out one run of zeros and end in an IPv4 address (RFC 4291 §2.2)', () => {
  assert.deepEqual(parseIp6('::'), [0, 0, 0, 0]);
  assert.deepEqual(parseIp6('::1'), [0, 0, 0, 1]);
  assert.deepEqual(parseIp6('2001:DB8:0:0:8:800:200C:417A'), [0x20010db8, 0, 0x00080800, 0x200c417a]);
  assert.deepEqual(parseIp6('2001:db8::8:800:200c:417a'), [0x20010db8, 0, 0x00080800, 0x200c417a]);
  assert.deepEqual(parseIp6('::ffff:129.144.52.38'), [0, 0, 0xffff, 0x81903426]);
});

test('two gaps, wide groups, misplaced dots, zones and brackets are no IPv6 address', () => {
  const bad = [
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1.2.3.4::',
    '::1.2.3.4:5',
    'fe80::1%eth0',
    '[::1]',
    'g::',
  ];
  for (const text of [...bad, '1:2:3:4:5:6:7::8', '1:2:3:4:5:6:7:1.2.3.4'])
    assert.equal(parseIp6(text), undefined, text);
});

test('the same texts are addresses as for the system', () => {
  const piece = fc.constantFrom('0', '1', '7f', 'ffff', '10000', '255', '256', '1.2.3.4', '.', ':', '::');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const text = pieces.join('');
      // A gap that stands for no group at all is against RFC 4291 §2.2 ("one or more groups"); some systems take it.
      fc.pre(!(text.includes('::') && text.split(/::?/).filter(Boolean).length > 6));
      assert.equal(parseIp6(text) !== undefined, isIPv6(text), text);
      assert.equal(parseIp4(text, 0) >= 0, isIPv4(text), text);
    }),
  );
});

test('addresses compare equal however they are written', () => {
  const canonical = (text: string): string => {
    const ip = parseIp(text);
    return ip === undefined ? 'none' : canonicalIp(ip);
  };
  assert.equal(canonical('::1'), canonical('0:0:0:0:0:0:0:1'));
  assert.notEqual(canonical('::1'), canonical('::2'));
  assert.notEqual(canonical('0.0.0.1'), canonical('::1'));
  assert.equal(canonical('x'), 'none');
});

test('an IPv4-mapped address is told from one that merely ends in 32 such bits (RFC 4291 §2.5.5.2)', () => {
  assert.equal(isMappedIp4(parseIp6('::ffff:1.2.3.4') ?? [0, 0, 0, 0]), true);
  assert.equal(isMappedIp4(parseIp6('::1.2.3.4') ?? [0, 0, 0, 0]), false);
  assert.equal(isMappedIp4(parseIp6('1::ffff:1.2.3.4') ?? [0, 0, 0, 0]), false);
});

test('a host name has labels of letters, digits and inner hyphens, the last beginning with a letter (RFC 3261 §25.1)', () => {
  for (const name of ['a', 'example.com', 'x-1.example', '1a.b', `${'a'.repeat(63)}.example`])
    assert.ok(isHostName(name), name);
  const bad = ['', '-a', 'a-', 'a..b', '1', 'example.1', 'a_b', 'a b', 'example.com.', `${'a'.repeat(64)}.example`];
  for (const name of [...bad, `${'a.'.repeat(127)}`]) assert.ok(!isHostName(name), name);
  assert.ok(isHostName(`${'a.'.repeat(126)}a`));
  assert.ok(!isHostName(`${'a.'.repeat(127)}a`));
});
