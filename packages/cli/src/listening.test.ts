import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '@strowger/sip/engine';
import { printEndpoint, proxiesOf } from './listening.ts';

const at = (protocol: 'udp' | 'tcp' | 'tls' | 'wss', host: string, port = 5060): Endpoint => ({ protocol, host, port });

test('an address is printed as it is written in the configuration', () => {
  assert.equal(printEndpoint(at('udp', '192.0.2.1')), 'udp:192.0.2.1:5060');
  assert.equal(printEndpoint(at('tcp', '::1', 5070)), 'tcp:[::1]:5070');
});

test('phones are sent to the network rather than to the loopback, and to IPv4 before IPv6', () => {
  const all = [at('tcp', '127.0.0.1'), at('udp', '::1'), at('udp', '2001:db8::1'), at('udp', '192.0.2.1')];
  assert.deepEqual(proxiesOf(all, []), ['sip:192.0.2.1:5060', 'sip:127.0.0.1:5060;transport=tcp']);
  assert.deepEqual(proxiesOf([at('udp', '::1', 5070)], []), ['sip:[::1]:5070']);
});

test('what is advertised is what phones are told', () => {
  const advertise = [{ host: 'sip.a.test', kind: 'name', port: 5080 }] as const;
  assert.deepEqual(proxiesOf([at('udp', '192.0.2.1')], advertise), ['sip:sip.a.test:5080']);
});

test('phones are told of TLS too, browsers find their way by the page that they load', () => {
  const all = [at('tls', '192.0.2.1', 5061), at('wss', '192.0.2.1', 8443)];
  assert.deepEqual(proxiesOf(all, []), ['sip:192.0.2.1:5061;transport=tls']);
});
