import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIp4, parseIp6 } from '../config/address.ts';
import { isRefusal, parseNetwork } from '../config/index.ts';
import { IP4, Source } from './source.ts';

const partsOf = (host: string): readonly [number, number] | undefined => {
  const source = new Source();
  return source.read(host) ? [source.high, source.low] : undefined;
};

test('an IPv4 address is a source of its own, and so is the same inside of IPv6 (RFC 4291 §2.5.5.2)', () => {
  const expected = [IP4, parseIp4('203.0.113.250', 0) | 0];
  assert.deepEqual(partsOf('203.0.113.250'), expected);
  assert.deepEqual(partsOf('::ffff:203.0.113.250'), expected);
});

test('all addresses of a /64 are one source, whatever their text and zone', () => {
  const [one, two] = [partsOf('2001:db8:1:2::1'), partsOf('2001:0DB8:1:2:ffff:ffff:ffff:ffff')];
  assert.deepEqual(one, two);
  assert.notDeepEqual(one, partsOf('2001:db8:1:3::1'));
  assert.deepEqual(partsOf('fe80::1%eth0'), partsOf('fe80::2'));
  assert.deepEqual(partsOf('::1'), [0, 0]);
});

test('every IPv6 address has the first 64 bits that its reader gives it (property)', () => {
  fc.assert(
    fc.property(fc.ipV6(), (host) => {
      const words = parseIp6(host);
      if (words === undefined || (words[0] === 0 && words[1] === 0 && words[2] === 0xffff)) return;
      assert.deepEqual(partsOf(host), [words[0] | 0, words[1] | 0], host);
    }),
  );
});

test('what is no address is nobody', () => {
  for (const text of ['', 'example.com', '1.2.3', '1.2.3.4.5', '1.2.3.256', 'x::1', '12345::1'])
    assert.equal(partsOf(text), undefined, text);
});

test('a source lies in a network by its leading bits; of a long IPv6 prefix the /64 counts', () => {
  const isIn = (host: string, text: string): boolean => {
    const network = parseNetwork(text);
    assert.ok(!isRefusal(network));
    const source = new Source();
    assert.ok(source.read(host));
    return source.isIn(network.value);
  };
  assert.equal(isIn('10.1.2.3', '10.0.0.0/8'), true);
  assert.equal(isIn('11.1.2.3', '10.0.0.0/8'), false);
  assert.equal(isIn('192.168.255.1', '192.168.0.0/16'), true);
  assert.equal(isIn('2001:db8::1', '10.0.0.0/8'), false);
  assert.equal(isIn('10.1.2.3', '2001:db8::/32'), false);
  assert.equal(isIn('2001:db8:ffff::1', '2001:db8::/32'), true);
  assert.equal(isIn('2001:db9::1', '2001:db8::/32'), false);
  assert.equal(isIn('2001:db8::7', '2001:db8::5'), true);
  assert.equal(isIn('::1', '::1'), true);
});
