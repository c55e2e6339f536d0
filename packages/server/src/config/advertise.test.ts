import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Advertised, advertisedFor, parseAdvertised } from './advertise.ts';
import { isRefusal } from './reading.ts';

function advertised(text: string): Advertised {
  const read = parseAdvertised(text);
  assert.ok(!isRefusal(read), `${text} is refused`);
  return read.value;
}

test('an advertised address is an IP address or a host name, with or without a port', () => {
  assert.deepEqual(advertised('203.0.113.5'), { host: '203.0.113.5', kind: 'ip4', port: undefined });
  assert.deepEqual(advertised('203.0.113.5:5070'), { host: '203.0.113.5', kind: 'ip4', port: 5070 });
  assert.deepEqual(advertised('2001:DB8::5'), { host: '2001:db8::5', kind: 'ip6', port: undefined });
  assert.deepEqual(advertised('[2001:db8::5]:5070'), { host: '2001:db8::5', kind: 'ip6', port: 5070 });
  assert.deepEqual(advertised('SIP.Example.com'), { host: 'sip.example.com', kind: 'name', port: undefined });
});

test('ports 0 and above 65535, schemes, brackets around other things and empty texts are refused', () => {
  for (const text of ['a.b:0', 'a.b:65536', '[a.b]', '[1.2.3.4]', '', ':5060', 'a b', '1.2.3', 'a.b:']) {
    assert.ok(isRefusal(parseAdvertised(text)), text);
  }
  const read = parseAdvertised('udp:1.2.3.4:5060');
  assert.equal(isRefusal(read) && read.hint, 'leave udp: out; one address serves every protocol');
});

test('a listening address calls itself by the advertised address of its family, else by the name, else by itself', () => {
  const list = [advertised('sip.example.com'), advertised('203.0.113.5:5070')];
  const ip4 = { protocol: 'udp', host: '0.0.0.0', port: 5060 } as const;
  const ip6 = { protocol: 'udp', host: '::', port: 5080 } as const;
  assert.deepEqual(advertisedFor(list, ip4), { host: '203.0.113.5', port: 5070 });
  assert.deepEqual(advertisedFor(list, ip6), { host: 'sip.example.com', port: 5080 });
  assert.equal(advertisedFor([advertised('203.0.113.5')], ip6), undefined);
  assert.equal(advertisedFor([], ip4), undefined);
});

test('an advertised port is for UDP and TCP; TLS and WebSocket keep their own', () => {
  const advertise = [{ host: 'sip.a.test', kind: 'name', port: 5080 }] as const;
  const portOf = (protocol: 'tcp' | 'tls' | 'ws' | 'wss') =>
    advertisedFor(advertise, { protocol, host: '192.0.2.1', port: 5061 })?.port;
  assert.deepEqual([portOf('tcp'), portOf('tls'), portOf('ws'), portOf('wss')], [5080, 5061, 5061, 5061]);
});
