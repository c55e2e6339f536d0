import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { expandWildcard, isWildcard } from './addresses.ts';

const v4 = (address: string): NetworkInterfaceInfo => {
  return {
    address,
    family: 'IPv4',
    netmask: '255.255.255.0',
    mac: '02:00:00:00:00:01',
    internal: false,
    cidr: `${address}/24`,
  };
};
const v6 = (address: string, scopeid: number): NetworkInterfaceInfo => {
  return {
    address,
    family: 'IPv6',
    netmask: 'ffff::',
    mac: '02:00:00:00:00:01',
    internal: false,
    cidr: `${address}/64`,
    scopeid,
  };
};
const interfaces = {
  lo: [v4('127.0.0.1'), v6('::1', 0)],
  eth0: [v4('192.0.2.1'), v4('192.0.2.2'), v6('2001:db8::1', 0), v6('fe80::1', 4)],
  eth1: [v4('192.0.2.1')],
  gone: undefined,
};

test('0.0.0.0 stands for every IPv4 address of the machine, each once', () => {
  assert.deepEqual(expandWildcard('0.0.0.0', interfaces), ['127.0.0.1', '192.0.2.1', '192.0.2.2']);
});

test(':: stands for every IPv6 address but those of one link, which a SIP message cannot name (RFC 4007 §11)', () => {
  assert.deepEqual(expandWildcard('::', interfaces), ['::1', '2001:db8::1']);
});

test('an address that is not a wildcard stands for itself, whether this machine has it or not', () => {
  assert.deepEqual(expandWildcard('198.51.100.7', interfaces), ['198.51.100.7']);
});

test('this machine has a loopback address', () => {
  assert.ok(expandWildcard('0.0.0.0').includes('127.0.0.1'));
});

test('every way to write the IPv6 wildcard is known', () => {
  assert.deepEqual(['::', '0::0', '0:0:0:0:0:0:0:0', '::0.0.0.0', '0.0.0.0'].map(isWildcard), [
    true,
    true,
    true,
    true,
    true,
  ]);
  assert.deepEqual(['::1', '0.0.0.1', '', 'host', '10.0.0.0'].map(isWildcard), [false, false, false, false, false]);
});
