import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../text/faults.ts';
import { canonicalHost, HOST_CHARS, hostTypeOf, isHost, sameHost, scanHost, scanPort } from './host.ts';

test('host names, IPv4 addresses and IPv6 references are hosts (RFC 3261 §25.1)', () => {
  for (const good of [
    'a',
    'atlanta.com',
    'atlanta.com.',
    'chair-dnrc.example.com',
    '3com.com',
    'x--y.example',
    '192.0.2.4',
    '[2001:db8::10]',
    'df7jal23ls0d.invalid',
    'pbx_1.office',
    '4f2ab1',
  ])
    assert.equal(isHost(good), true, good);
});

test('what is no host is refused', () => {
  for (const bad of [
    '',
    '.',
    '.com',
    'a..b',
    '-a.com',
    'a-.com',
    '192.0.2',
    '444.555.666.777',
    '1.2.3.4.',
    '100',
    '[::1',
    '[]',
    '[192.0.2.1]',
    '[2001:db8::g]',
    'a%62.com',
    'exämple.com',
    'a b',
  ])
    assert.equal(isHost(bad), false, bad);
});

test('a host ends where its grammar ends', () => {
  assert.equal(scanHost('sip:a.b:5060', 4), 7);
  assert.equal(scanHost('[::1]:5060', 0), 5);
  assert.equal(scanHost('host;lr', 0), 4);
});

test('the fault names the offset of the host', () => {
  assert.throws(() => scanHost('sip:@', 4), faultAt(4));
  assert.throws(() => scanHost('x@[1:2]', 2), faultAt(2));
  assert.throws(() => scanHost('ok.-no', 0), faultAt(3));
});

test('labels have at most 63 characters and hosts at most 255 (RFC 1035 §2.3.4)', () => {
  const label = 'a'.repeat(63);
  assert.equal(isHost(`${label}.com`), true);
  assert.equal(isHost(`a${label}.com`), false);
  const long = `${label}.${label}.${label}.${label}`;
  assert.equal(long.length, HOST_CHARS);
  assert.equal(isHost(long), true);
  assert.equal(isHost(`${long}.`), false);
});

test('ports go from 1 to 65535', () => {
  assert.equal(scanPort('5060;lr', 0), 4);
  assert.equal(scanPort('65535', 0), 5);
  for (const bad of ['', '0', '65536', '123456', 'x']) assert.throws(() => scanPort(bad, 0), faultAt(0), bad);
});

test('a host is compared without regard to case, an address by its bits (RFC 5954 §4.2)', () => {
  assert.ok(sameHost('AtLanTa.CoM', 'atlanta.com'));
  assert.ok(sameHost('atlanta.com.', 'atlanta.com'));
  assert.ok(sameHost('[2001:db8::9:01]', '[2001:DB8::9:1]'));
  assert.ok(!sameHost('[2001:db8::9:2]', '[2001:db8::9:1]'));
  assert.ok(!sameHost('a.com', 'b.com'));
  assert.equal(canonicalHost('[0:0:0:0:0:FFFF:129.144.52.38]'), '[::ffff:129.144.52.38]');
});

test('the type of a host is seen in its text', () => {
  assert.deepEqual(['a.com', '192.0.2.1', '[::1]'].map(hostTypeOf), ['name', 'ipv4', 'ipv6']);
});

const faultAt = (at: number) => (fault: unknown) => fault instanceof SyntaxFault && fault.at === at;
