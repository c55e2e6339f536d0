import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, responseOf } from '@strowger/testkit/messages';
import { via } from '../message/headers/index.ts';
import { readAll } from '../message/read.ts';
import type { Protocol } from '../uri/transport.ts';
import type { Transport } from './ports.ts';
import { responseRouteOf, withKeep, withReceived } from './response-route.ts';

const printed = (text: string, host: string, port: number): string =>
  via.encode(withReceived(via.decode(text), host, port));

for (const [what, text, expected] of [
  ['the address that it came from, as it is', 'SIP/2.0/UDP 10.0.0.9;branch=1', 'SIP/2.0/UDP 10.0.0.9;branch=1'],
  ['another address', 'SIP/2.0/UDP 10.0.0.8;branch=1', 'SIP/2.0/UDP 10.0.0.8;branch=1;received=10.0.0.9'],
  ['a name', 'SIP/2.0/UDP pc.example.com;branch=1', 'SIP/2.0/UDP pc.example.com;branch=1;received=10.0.0.9'],
  ['a lie', 'SIP/2.0/UDP 10.0.0.9;received=1.2.3.4;branch=1', 'SIP/2.0/UDP 10.0.0.9;received=10.0.0.9;branch=1'],
] as const) {
  test(`a sent-by with ${what} (RFC 3261 §18.2.1)`, () => assert.equal(printed(text, '10.0.0.9', 4242), expected));
}

test('rport is filled in with the source port, and received comes with it (RFC 3581 §4)', () => {
  assert.equal(
    printed('SIP/2.0/UDP 10.0.0.9:5060;rport;branch=1', '10.0.0.9', 4242),
    'SIP/2.0/UDP 10.0.0.9:5060;rport=4242;received=10.0.0.9;branch=1',
  );
  assert.equal(
    printed('SIP/2.0/UDP 10.0.0.9:5060;rport=1;branch=1', '10.0.0.9', 4242),
    'SIP/2.0/UDP 10.0.0.9:5060;rport=4242;received=10.0.0.9;branch=1',
  );
});

test('an IPv6 sent-by is compared without its brackets (RFC 3261 §20.42)', () => {
  const text = 'SIP/2.0/UDP [2001:db8::9]:5060;branch=1';
  assert.equal(printed(text, '2001:db8::9', 5060), text);
});

const transportOf = (protocol: Protocol): Transport => ({
  local: { protocol, host: '10.0.0.1', port: 5060 },
  reusesBuffers: false,
  send: () => undefined,
  flush: () => undefined,
  disconnect: () => undefined,
  close: async () => undefined,
});

function wayBack(text: string, protocol: Protocol, connection = 0): string {
  const transport = transportOf(protocol);
  const flow = { local: transport.local, host: '10.0.0.9', port: 4242, connection };
  const route = responseRouteOf(withReceived(via.decode(text), flow.host, flow.port), transport, flow);
  return `${route.host}:${route.port} on ${route.connection}, else ${route.viaHost}:${route.viaPort}`;
}

for (const [what, text, protocol, connection, expected] of [
  [
    'the source address and the sent-by port',
    'UDP 10.0.0.8:5080;branch=1',
    'udp',
    0,
    '10.0.0.9:5080 on 0, else 10.0.0.9:5080',
  ],
  [
    'port 5060 where the sent-by has none',
    'UDP pc.example.com;branch=1',
    'udp',
    0,
    '10.0.0.9:5060 on 0, else 10.0.0.9:5060',
  ],
  [
    'the source port where the Via has rport',
    'UDP 10.0.0.8:5080;rport;branch=1',
    'udp',
    0,
    '10.0.0.9:4242 on 0, else 10.0.0.9:4242',
  ],
  ['maddr', 'UDP 10.0.0.8:5080;maddr=224.0.1.75;branch=1', 'udp', 0, '224.0.1.75:5080 on 0, else 224.0.1.75:5080'],
  [
    'the connection, and the sent-by port on a new one',
    'TCP 10.0.0.8:5080;branch=1',
    'tcp',
    7,
    '10.0.0.9:4242 on 7, else 10.0.0.9:5080',
  ],
  ['port 5061 of a new TLS connection', 'TLS 10.0.0.8;branch=1', 'tls', 7, '10.0.0.9:4242 on 7, else 10.0.0.9:5061'],
] as const) {
  test(`a response goes to ${what} (RFC 3261 §18.2.2)`, () =>
    assert.equal(wayBack(`SIP/2.0/${text}`, protocol, connection), expected));
}

test('keep of the top Via is answered, that of the others emptied, and a Via without it stays as it is (RFC 6223 §4.4, §10)', () => {
  const answer = (vias: string, seconds: number | undefined): string =>
    readAll(withKeep(responseOf(messageText(['SIP/2.0 200 OK', `Via: ${vias}`])), seconds), via)
      .map(({ params }) => params.text)
      .join(' ');
  const [top, low] = ['SIP/2.0/UDP a;KEEP=7;branch=1', 'SIP/2.0/UDP b;branch=2;keep=9'];
  assert.equal(answer(`${top}, ${low}`, 0), ';keep=0;branch=1 ;branch=2;keep');
  assert.equal(answer(`${top}, ${low}`, 30), ';keep=30;branch=1 ;branch=2;keep');
  assert.equal(answer(`${top}, ${low}`, undefined), ';keep;branch=1 ;branch=2;keep');
  assert.equal(answer(`SIP/2.0/UDP a;branch=1, ${low}`, 30), ';branch=1 ;branch=2;keep');
  const plain = responseOf(messageText(['SIP/2.0 200 OK', 'Via: SIP/2.0/UDP a;branch=1']));
  assert.equal(withKeep(plain, 30), plain, 'nothing is made anew');
});
