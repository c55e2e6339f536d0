import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageFault } from '../../text/faults.ts';
import { type Binding, outboundKeyOf, requireStorable } from './binding.ts';

test('an instance and a reg-id make one key, whatever the Contact URI (RFC 5626 §6)', () => {
  const urn = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
  assert.equal(outboundKeyOf(urn, 1), outboundKeyOf(`<${urn}>`, 1));
  assert.notEqual(outboundKeyOf(urn, 1), outboundKeyOf(urn, 2));
  assert.notEqual(outboundKeyOf(urn, 1), outboundKeyOf(urn.replace('f81d', 'f81e'), 1));
  assert.doesNotMatch(outboundKeyOf(urn, 1), /^[a-z]/, 'a URI could look the same');
});

test('UUIDs are compared without regard to case, other URNs in their prefix only (RFC 4122 §3, RFC 2141 §5)', () => {
  assert.equal(outboundKeyOf('URN:UUID:F81D4FAE', 1), outboundKeyOf('urn:uuid:f81d4fae', 1));
  assert.equal(outboundKeyOf('URN:GSMA:imei:Ab', 1), outboundKeyOf('urn:gsma:imei:Ab', 1));
  assert.notEqual(outboundKeyOf('urn:gsma:imei:Ab', 1), outboundKeyOf('urn:gsma:imei:ab', 1));
  assert.notEqual(outboundKeyOf('Odd', 1), outboundKeyOf('odd', 1));
});

test('a set with one key twice, or with a number that is none, is the bug of its caller', () => {
  requireStorable([]);
  requireStorable([binding('a'), binding('b')]);
  assert.throws(() => requireStorable([binding('a'), binding('b'), binding('a')]), UsageFault);
  assert.throws(() => requireStorable([{ ...binding('a'), expiresAt: Number.NaN }]), UsageFault);
  assert.throws(() => requireStorable([{ ...binding('a'), expiresAt: 1.5 }]), UsageFault);
  assert.throws(() => requireStorable([{ ...binding('a'), cseq: Number.POSITIVE_INFINITY }]), UsageFault);
});

const binding = (key: string): Binding => ({
  key,
  contact: `sip:${key}`,
  params: '',
  q: undefined,
  callId: 'call',
  cseq: 1,
  expiresAt: 1_764_000_000_000,
  registeredAt: 1_764_000_000_000,
  updatedAt: 1_764_000_000_000,
  path: [],
  flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '198.51.100.7', port: 5062, connection: 0 },
  reach: 'contact',
  instance: undefined,
  regId: undefined,
  gruusSince: undefined,
  userAgent: undefined,
});
