import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeMachine } from './machine-fake.ts';
import { addressFindings, nameServiceFinding } from './network.ts';

test('the addresses of both families are those that a wildcard stands for', () => {
  assert.deepEqual(addressFindings(createFakeMachine()), [
    { name: 'IPv4', state: 'ok', found: '127.0.0.1, 192.0.2.2' },
    { name: 'IPv6', state: 'ok', found: '::1, 2001:db8::2' },
  ]);
});

test('a family with the loopback alone is noted, and one without any address', () => {
  const { lo = [] } = createFakeMachine().interfaces;
  const found = (interfaces: ReturnType<typeof createFakeMachine>['interfaces']) =>
    addressFindings({ interfaces }).map((one) => `${one.state}: ${one.found}`);
  assert.deepEqual(found({ lo }), [
    'note: 127.0.0.1 alone, which no other machine reaches',
    'note: ::1 alone, which no other machine reaches',
  ]);
  assert.deepEqual(found({}), ['note: no address', 'note: no address']);
});

test('the name servers are those of the configuration, else those of the system; none are noted', () => {
  const found = (nameServers: readonly string[], configured: readonly string[]) => {
    const finding = nameServiceFinding({ nameServers }, configured);
    return `${finding.state}: ${finding.found}`;
  };
  assert.equal(found(['192.0.2.53'], ['198.51.100.1']), 'ok: 198.51.100.1, by the configuration');
  assert.equal(found(['192.0.2.53', '192.0.2.54'], []), 'ok: 192.0.2.53, 192.0.2.54, those of the system');
  assert.equal(found([], []), 'note: no name server');
});
