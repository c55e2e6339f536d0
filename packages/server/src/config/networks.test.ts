import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyContains, contains, type Network, parseNetwork } from './networks.ts';
import { isRefusal } from './reading.ts';

function network(text: string): Network {
  const read = parseNetwork(text);
  assert.ok(!isRefusal(read), `${text} is refused`);
  return read.value;
}

function refusal(text: string): { expected: string; hint: string | undefined } {
  const read = parseNetwork(text);
  assert.ok(isRefusal(read), `${text} is accepted`);
  return read;
}

test('a network holds the addresses that share its leading bits', () => {
  assert.ok(contains(network('127.0.0.0/8'), '127.255.255.255'));
  assert.ok(!contains(network('127.0.0.0/8'), '128.0.0.0'));
  assert.ok(contains(network('192.168.4.0/23'), '192.168.5.9'));
  assert.ok(!contains(network('192.168.4.0/23'), '192.168.6.0'));
  assert.ok(contains(network('2001:db8::/32'), '2001:db8:ffff::1'));
  assert.ok(!contains(network('2001:db8::/32'), '2001:db9::'));
  assert.ok(contains(network('2001:db8::8000:0:0:0/65'), '2001:db8::8000:0:0:1'));
  assert.ok(!contains(network('2001:db8::8000:0:0:0/65'), '2001:db8::1'));
});

test('a plain address is a network of one', () => {
  assert.ok(contains(network('10.0.0.1'), '10.0.0.1'));
  assert.ok(!contains(network('10.0.0.1'), '10.0.0.2'));
  assert.ok(contains(network('::1'), '0:0:0:0:0:0:0:1'));
  assert.ok(!contains(network('::1'), '::2'));
});

test('a prefix of zero is the whole family and not the other one', () => {
  assert.ok(contains(network('0.0.0.0/0'), '255.255.255.255'));
  assert.ok(!contains(network('0.0.0.0/0'), '2001:db8::1'));
  assert.ok(contains(network('::/0'), 'ffff::1'));
  assert.ok(!contains(network('::/0'), '10.0.0.1'));
});

test('an IPv4-mapped address is the IPv4 address inside it, as a source and as a network (RFC 4291 §2.5.5.2)', () => {
  assert.ok(contains(network('10.0.0.0/8'), '::ffff:10.1.2.3'));
  assert.ok(contains(network('::ffff:10.0.0.0/104'), '10.1.2.3'));
  assert.ok(contains(network('::ffff:10.0.0.1'), '::ffff:a00:1'));
  assert.ok(!contains(network('::/0'), '::ffff:10.1.2.3'));
  assert.equal(network('::ffff:10.0.0.0/104').prefix, 8);
});

test('the zone of a link-local source does not matter (RFC 4007 §11)', () => {
  assert.ok(contains(network('fe80::/10'), 'fe80::1%eth0'));
});

test('what is no address lies in no network', () => {
  for (const text of ['', 'localhost', '1.2.3', '999.1.1.1', '1:2', '%eth0', '::1::']) {
    assert.ok(!contains(network('0.0.0.0/0'), text), text);
    assert.ok(!contains(network('::/0'), text), text);
  }
});

test('a network with bits after the prefix is refused and the likely one is named', () => {
  assert.equal(refusal('10.0.0.1/8').hint, 'did you mean 10.0.0.0/8?');
  assert.equal(refusal('2001:db8::1/32').hint, 'did you mean 2001:db8::/32?');
  assert.equal(refusal('1:2:3:4:5:6:7:9/127').hint, 'did you mean 1:2:3:4:5:6:7:8/127?');
});

test('a prefix longer than the address, a missing one and other texts are refused', () => {
  for (const text of [
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0',
    '/8',
    '',
    'fe80::1%eth0',
  ]) {
    refusal(text);
  }
  assert.match(refusal('localhost').hint ?? '', /127\.0\.0\.0\/8/);
  assert.match(refusal('[::1]').hint ?? '', /brackets/);
});

test('membership agrees with the block list of the system for any network and address', () => {
  const words = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
  const ip6 = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':');
  fc.assert(
    fc.property(words, words, fc.nat(128), (base, other, prefix) => {
      const masked = base.map(
        (group, i) => group & (0xffff << Math.min(16, Math.max(0, 16 * (i + 1) - prefix))) & 0xffff,
      );
      // Near misses: the first half of the source is the network's own.
      const source = other.map((group, i) => (i < 4 ? (base[i] ?? 0) : group));
      fc.pre(!ip6(masked).startsWith('0:0:0:0:0:ffff:'));
      const blocks = new BlockList();
      blocks.addSubnet(ip6(masked), prefix, 'ipv6');
      for (const address of [ip6(base), ip6(other), ip6(source)]) {
        assert.equal(contains(network(`${ip6(masked)}/${prefix}`), address), blocks.check(address, 'ipv6'));
      }
    }),
  );
  const number = fc.nat(0xffffffff);
  const ip4 = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
  fc.assert(
    fc.property(number, number, fc.nat(32), (base, other, prefix) => {
      const masked = prefix === 0 ? 0 : (base & (0xffffffff << (32 - prefix))) >>> 0;
      const blocks = new BlockList();
      blocks.addSubnet(ip4(masked), prefix, 'ipv4');
      for (const address of [ip4(base), ip4(other), ip4((base ^ 1) >>> 0)]) {
        const inside = contains(network(`${ip4(masked)}/${prefix}`), address);
        assert.equal(inside, blocks.check(address, 'ipv4'));
        assert.equal(contains(network(`${ip4(masked)}/${prefix}`), `::ffff:${address}`), inside);
      }
    }),
  );
});

test('a list of networks holds what one of them holds', () => {
  const list = [network('10.0.0.0/8'), network('2001:db8::/32')];
  assert.ok(anyContains(list, '10.9.9.9'));
  assert.ok(anyContains(list, '2001:db8::9'));
  assert.ok(!anyContains(list, '11.0.0.0'));
  assert.ok(!anyContains(list, 'x'));
  assert.ok(!anyContains([], '10.9.9.9'));
});

test('reading any text as a network gives a value or a refusal, never a throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = parseNetwork(text);
      assert.ok('value' in read || read.expected.length > 0);
    }),
  );
});
