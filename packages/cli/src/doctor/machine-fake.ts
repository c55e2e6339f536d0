import type { Machine } from './machine.ts';

/** A machine for tests, on which nothing is wrong but what the test says. It has no files, no data and no running server. */
export function createFakeMachine(
  differing: Partial<Machine> = {},
  files: Readonly<Record<string, string>> = {},
): Machine {
  return {
    platform: 'linux',
    versions: { node: '24.21.0', v8: '13.6', uv: '1.52.1', openssl: '3.5.8', sqlite: '3.53.4' },
    program: '/usr/bin/node',
    cores: 4,
    memoryBytes: 8 * 2 ** 30,
    allowedBytes: 0,
    heapBytes: 4 * 2 ** 30,
    openFiles: 1_048_576,
    interfaces: { lo: [inet('127.0.0.1'), inet6('::1')], eth0: [inet('192.0.2.2'), inet6('2001:db8::2')] },
    nameServers: ['192.0.2.53'],
    unix: () => Date.UTC(2026, 11, 1, 12),
    monotonicMs: () => 5,
    datagrams: async () => ({ type: 'single', why: 'the test has no socket.' }),
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: ${path}`);
      return text;
    },
    folderState: () => 'writable',
    hasStore: () => false,
    openStore: () => Promise.reject(new Error('the test has no store')),
    askServer: async () => undefined,
    open: async () => [],
    ...differing,
  };
}

const inet = (address: string) => ({
  address,
  netmask: '255.255.255.0',
  family: 'IPv4' as const,
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr: `${address}/24`,
});

const inet6 = (address: string) => ({
  address,
  netmask: 'ffff:ffff:ffff:ffff::',
  family: 'IPv6' as const,
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr: `${address}/64`,
  scopeid: 0,
});
