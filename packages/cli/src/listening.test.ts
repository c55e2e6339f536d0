import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import type { Endpoint, TransportListener } from '@strowger/sip/engine';
import { openListen, printEndpoint, proxiesOf } from './listening.ts';

const nobody: TransportListener = {
  onDatagrams: () => {},
  onData: () => {},
  onConnected: () => {},
  onClosed: () => {},
  onFailed: () => {},
};

const at = (protocol: 'udp' | 'tcp', host: string, port = 5060): Endpoint => ({ protocol, host, port });

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

test('an address is opened for its protocol with the port that the system chose', async () => {
  for (const protocol of ['udp', 'tcp'] as const) {
    const [transport, ...more] = await openListen({ protocol, host: '127.0.0.1', port: 0 }, nobody);
    assert.equal(more.length, 0);
    assert.equal(transport?.local.protocol, protocol);
    assert.notEqual(transport?.local.port, 0);
    await transport?.close();
  }
});

test('when one address of a wildcard is taken, none stays open', async (t) => {
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  await new Promise<void>((resolve) => socket.bind({ address: '127.0.0.1', port: 0, exclusive: true }, resolve));
  const { port } = socket.address();
  for (let i = 0; i < 2; i += 1)
    await assert.rejects(openListen({ protocol: 'udp', host: '0.0.0.0', port }, nobody), {
      name: 'ListenFault',
      code: 'NODE_E_TAKEN',
      host: '127.0.0.1',
    });
});
