import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceNameOf } from './source-name.ts';

test('an IPv4 address is a source by itself', () => {
  assert.notEqual(sourceNameOf('192.0.2.7'), sourceNameOf('192.0.2.8'));
});

test('all addresses of one /64 are one source, which is what one subscriber has (RFC 6177 §2)', () => {
  assert.equal(sourceNameOf('2001:db8:1:2::1'), sourceNameOf('2001:db8:1:2:ffff:1:2:3'));
  assert.notEqual(sourceNameOf('2001:db8:1:2::1'), sourceNameOf('2001:db8:1:3::1'));
});
