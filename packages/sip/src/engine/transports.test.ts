import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProtocol } from '../uri/transport.ts';
import type { Transport } from './ports.ts';
import { Transports } from './transports.ts';

/** A transport written as `udp 10.0.0.1`. */
function transport(text: string, flushed: string[] = []): Transport {
  const [protocol = '', host = ''] = text.split(' ');
  assert.ok(isProtocol(protocol));
  return {
    local: { protocol, host, port: 5060 },
    reusesBuffers: false,
    send: () => undefined,
    flush: () => void flushed.push(text),
    disconnect: () => undefined,
    close: async () => undefined,
  };
}

const ALL = ['udp 127.0.0.1', 'udp 10.0.0.1', 'udp 10.0.0.2', 'udp ::1', 'udp 2001:db8::1', 'tcp 10.0.0.1'].map(
  (text) => transport(text),
);

function toward(protocol: 'udp' | 'tcp' | 'ws', host: string, cameIn?: number): string {
  const transports = new Transports();
  for (const one of ALL) transports.add(one);
  const found = transports.toward(protocol, host, cameIn === undefined ? undefined : ALL[cameIn]);
  return found === undefined ? 'none' : `${found.local.protocol} ${found.local.host}`;
}

test('a request leaves by the address of the family and protocol, loopback for loopback', () => {
  assert.equal(toward('udp', '192.0.2.9'), 'udp 10.0.0.1');
  assert.equal(toward('udp', '127.0.0.5'), 'udp 127.0.0.1');
  assert.equal(toward('udp', '2001:db8::9'), 'udp 2001:db8::1');
  assert.equal(toward('udp', '::1'), 'udp ::1');
  assert.equal(toward('tcp', '192.0.2.9'), 'tcp 10.0.0.1');
});

test('a request leaves where it came in if that fits, so that replies come back the way they went', () => {
  assert.equal(toward('udp', '192.0.2.9', 2), 'udp 10.0.0.2');
  assert.equal(toward('udp', '127.0.0.5', 2), 'udp 127.0.0.1');
  assert.equal(toward('tcp', '192.0.2.9', 2), 'tcp 10.0.0.1');
  assert.equal(toward('udp', '2001:db8::9', 2), 'udp 2001:db8::1');
});

test('where only an address of the other scope is left, that is tried; without any of the family there is none', () => {
  assert.equal(toward('tcp', '127.0.0.5'), 'tcp 10.0.0.1');
  assert.equal(toward('tcp', '2001:db8::9'), 'none');
  assert.equal(toward('ws', '192.0.2.9'), 'none');
});

test('an address is found by protocol, host and port', () => {
  const transports = new Transports();
  for (const one of ALL) transports.add(one);
  assert.equal(transports.at('udp', '10.0.0.2', 5060), ALL[2]);
  assert.equal(transports.at('udp', '10.0.0.2', 5061), undefined);
  assert.equal(transports.at('tcp', '10.0.0.2', 5060), undefined);
});

test('a flush reaches every address', () => {
  const flushed: string[] = [];
  const transports = new Transports();
  for (const text of ['udp 10.0.0.1', 'tcp 10.0.0.1']) transports.add(transport(text, flushed));
  transports.flush();
  assert.deepEqual(flushed, ['udp 10.0.0.1', 'tcp 10.0.0.1']);
});
