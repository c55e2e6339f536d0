import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint, Protocol } from '@strowger/sip/engine';
import { type Doors, printEndpoint, proxiesOf, webSocketsOf } from './listening.ts';

const at = (protocol: Protocol, host: string, port = 5060): Endpoint => ({ protocol, host, port });
const doors = (listening: readonly Endpoint[], more: Partial<Doors> = {}): Doors => ({
  listening,
  advertise: [],
  domain: 'a.test',
  isCertified: () => true,
  ...more,
});

test('an address is printed as it is written in the configuration', () => {
  assert.equal(printEndpoint(at('udp', '192.0.2.1')), 'udp:192.0.2.1:5060');
  assert.equal(printEndpoint(at('tcp', '::1', 5070)), 'tcp:[::1]:5070');
});

test('phones are sent to the network rather than to the loopback, and to IPv4 before IPv6', () => {
  const all = [at('tcp', '127.0.0.1'), at('udp', '::1'), at('udp', '2001:db8::1'), at('udp', '192.0.2.1')];
  assert.deepEqual(proxiesOf(doors(all)), ['sip:192.0.2.1:5060', 'sip:127.0.0.1:5060;transport=tcp']);
  assert.deepEqual(proxiesOf(doors([at('udp', '::1', 5070)])), ['sip:[::1]:5070']);
});

test('what is advertised is what phones are told', () => {
  const advertise = [{ host: 'sip.a.test', kind: 'name', port: 5080 }] as const;
  assert.deepEqual(proxiesOf(doors([at('udp', '192.0.2.1')], { advertise })), ['sip:sip.a.test:5080']);
  const browsers = doors([at('wss', '192.0.2.1', 8443)], { advertise });
  assert.deepEqual(webSocketsOf(browsers), ['wss://sip.a.test:8443'], 'the advertised port is that of UDP and TCP');
});

test('phones are told of TLS too, and those in browsers of WebSocket, wss before ws (RFC 7118)', () => {
  const all = [at('ws', '127.0.0.1', 8080), at('tls', '192.0.2.1', 5061), at('wss', '2001:db8::1', 8443)];
  assert.deepEqual(proxiesOf(doors(all)), ['sip:192.0.2.1:5061;transport=tls']);
  assert.deepEqual(webSocketsOf(doors(all)), ['wss://[2001:db8::1]:8443', 'ws://127.0.0.1:8080']);
  assert.deepEqual(webSocketsOf(doors([at('udp', '192.0.2.1')])), []);
});

test('where the certificate is for the domain alone, that is what stands before the port', () => {
  const all = [at('udp', '192.0.2.1'), at('tls', '192.0.2.1', 5061), at('wss', '192.0.2.1', 8443), at('ws', '::1', 80)];
  const isCertified = (host: string) => host === 'a.test';
  assert.deepEqual(proxiesOf(doors(all, { isCertified })), ['sip:192.0.2.1:5060', 'sip:a.test:5061;transport=tls']);
  assert.deepEqual(webSocketsOf(doors(all, { isCertified })), ['wss://a.test:8443', 'ws://[::1]:80']);
  const strange = doors(all, { isCertified: () => false });
  assert.deepEqual(webSocketsOf(strange)[0], 'wss://192.0.2.1:8443');
});
