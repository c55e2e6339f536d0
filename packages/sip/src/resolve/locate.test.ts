import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchFor, sip, targetsOf, waysOf } from '../../test/search.ts';
import type { Zone } from '../../test/zone.ts';
import { goalOf, goalOfVia } from './goal.ts';
import type { TraceLine } from './inquiry.ts';

test('the example of RFC 3263 §4.1: the zone prefers TLS to TCP to UDP, and who speaks no TLS gets TCP', () => {
  const zone: Zone = {
    'NAPTR example.com': [
      '100 50 "s" "SIP+D2U" "" _sip._udp.example.com.',
      '50 50 "s" "SIPS+D2T" "" _sips._tcp.example.com.',
      '90 50 "s" "SIP+D2T" "" _sip._tcp.example.com.',
    ],
    'SRV _sips._tcp.example.com': ['0 1 5061 server1.example.com.'],
    'SRV _sip._tcp.example.com': ['0 1 5060 server1.example.com.', '0 2 5060 server2.example.com.'],
    'SRV _sip._udp.example.com': ['0 1 5060 server1.example.com.'],
    'A server1.example.com': ['192.0.2.1'],
    'A server2.example.com': ['192.0.2.2'],
  };
  assert.deepEqual(targetsOf('sip:user@example.com', zone).targets, [
    'tls 192.0.2.1:5061',
    'tcp 192.0.2.2:5060',
    'tcp 192.0.2.1:5060',
    'udp 192.0.2.1:5060',
  ]);
  assert.deepEqual(targetsOf('sip:user@example.com', zone, { ways: waysOf(['udp', 'tcp']) }).targets, [
    'tcp 192.0.2.2:5060',
    'tcp 192.0.2.1:5060',
    'udp 192.0.2.1:5060',
  ]);
});

test('a sips: URI passes by every service that is not SIPS (RFC 3263 §4.1)', () => {
  const zone: Zone = {
    'NAPTR example.com': [
      '10 1 "s" "SIP+D2U" "" _sip._udp.example.com.',
      '20 1 "s" "SIPS+D2T" "" _sips._tcp.b.example.',
    ],
    'SRV _sips._tcp.b.example': ['0 1 5061 b.example.'],
    'A b.example': ['192.0.2.1'],
  };
  assert.deepEqual(targetsOf('sips:a@example.com', zone).targets, ['tls 192.0.2.1:5061']);
  const unsafe: Zone = {
    'NAPTR example.com': ['10 1 "s" "SIP+D2U" "" _sip._udp.example.com.'],
    'A example.com': ['192.0.2.9'],
  };
  const { targets, asked } = targetsOf('sips:a@example.com', unsafe);
  assert.deepEqual(
    [targets, asked],
    [['tls 192.0.2.9:5061'], ['NAPTR example.com', 'SRV _sips._tcp.example.com', 'AAAA example.com', 'A example.com']],
  );
});

test('services of WebSocket lead to ws and wss (RFC 7118 §5.5)', () => {
  const zone: Zone = {
    'NAPTR example.com': ['1 1 "S" "sips+d2w" "" _sips._ws.example.com.', '1 2 "s" "SIP+D2W" "" _sip._ws.example.com.'],
    'SRV _sips._ws.example.com': ['0 0 8443 w.example.com.'],
    'SRV _sip._ws.example.com': ['0 0 8080 w.example.com.'],
    'A w.example.com': ['192.0.2.1'],
  };
  assert.deepEqual(targetsOf('sip:example.com', zone, { ways: waysOf(['ws', 'wss']) }).targets, [
    'wss 192.0.2.1:8443',
    'ws 192.0.2.1:8080',
  ]);
  assert.deepEqual(targetsOf('sips:example.com', zone, { ways: waysOf(['ws', 'wss']) }).targets, [
    'wss 192.0.2.1:8443',
  ]);
  assert.deepEqual(targetsOf('sip:192.0.2.5;transport=ws', {}, { ways: waysOf(['ws']) }).targets, ['ws 192.0.2.5:80']);
  assert.deepEqual(targetsOf('sips:192.0.2.5;transport=ws', {}, { ways: waysOf(['wss']) }).targets, [
    'wss 192.0.2.5:443',
  ]);
});

test('NAPTR records that do not serve are passed over, each with its reason, as if there were none', () => {
  const trace: TraceLine[] = [];
  const { targets, asked } = targetsOf(
    'sip:example.com',
    {
      'NAPTR example.com': [
        '1 1 "u" "E2U+sip" "!^.*$!sip:a@b.example!" .',
        '2 1 "s" "SIP+D2S" "" _sip._sctp.example.com.',
        '3 1 "a" "SIP+D2U" "" host.example.com.',
        '4 1 "s" "SIP+D2U" "!a!b!" _sip._udp.example.com.',
        '5 1 "s" "SIP+D2T" "" .',
      ],
      'SRV _sip._udp.example.com': ['0 0 5070 a.example.'],
      'A a.example': ['192.0.2.1'],
    },
    { trace },
  );
  assert.deepEqual(targets, ['udp 192.0.2.1:5070']);
  assert.deepEqual(asked.slice(0, 3), ['NAPTR example.com', 'SRV _sip._udp.example.com', 'SRV _sip._tcp.example.com']);
  const notes = trace.flatMap((line) => (line.type === 'note' ? [line.text] : []));
  assert.deepEqual(notes, [
    '"E2U+sip" is passed over: "E2U+sip" is no service of SIP that is known here',
    '"SIP+D2S" is passed over: "SIP+D2S" is no service of SIP that is known here',
    '"SIP+D2U" is passed over: the flags "a" do not lead to SRV',
    '"SIP+D2U" is passed over: it names no SRV record',
    '"SIP+D2T" is passed over: it names no SRV record',
    'no NAPTR record leads anywhere: SRV of each protocol that is spoken here',
  ]);
});

test('without NAPTR the SRV records of the protocols that we speak are asked for, in our order (RFC 3263 §4.1)', () => {
  const zone: Zone = {
    'SRV _sip._tcp.example.com': ['0 0 5060 a.example.'],
    'SRV _sip._udp.example.com': ['0 0 5060 a.example.'],
    'A a.example': ['192.0.2.1'],
  };
  assert.deepEqual(targetsOf('sip:example.com', zone).targets, ['udp 192.0.2.1:5060', 'tcp 192.0.2.1:5060']);
  assert.deepEqual(targetsOf('sip:example.com', zone, { ways: waysOf(['tcp', 'udp']) }).targets, [
    'tcp 192.0.2.1:5060',
    'udp 192.0.2.1:5060',
  ]);
});

test('without any SRV the addresses of the name are used, with UDP, for sips: with TLS (RFC 3263 §4.2)', () => {
  const zone: Zone = { 'A example.com': ['192.0.2.1', '192.0.2.2'], 'AAAA example.com': ['2001:db8::1'] };
  assert.deepEqual(targetsOf('sip:example.com', zone).targets, [
    'udp 2001:db8::1:5060',
    'udp 192.0.2.1:5060',
    'udp 192.0.2.2:5060',
  ]);
  assert.deepEqual(targetsOf('sips:example.com', zone, { ways: waysOf(['tls'], ['ipv4']) }).targets, [
    'tls 192.0.2.1:5061',
    'tls 192.0.2.2:5061',
  ]);
  assert.deepEqual(
    targetsOf('sip:example.com', zone, { ways: waysOf(['tls', 'tcp'], ['ipv4']) }).targets[0],
    'tcp 192.0.2.1:5060',
  );
});

test('where the servers of a NAPTR record cannot be found, its protocol stays (RFC 3263 §4.2)', () => {
  const zone: Zone = {
    'NAPTR example.com': ['1 1 "s" "SIP+D2T" "" _sip._tcp.example.com.'],
    'A example.com': ['192.0.2.1'],
  };
  assert.deepEqual(targetsOf('sip:example.com', zone).targets, ['tcp 192.0.2.1:5060']);
});

test('a transport in the URI leaves NAPTR out, a port leaves SRV out too (RFC 3263 §4.1, §4.2)', () => {
  const zone: Zone = {
    'SRV _sip._tcp.example.com': ['0 0 5070 a.example.'],
    'SRV _sips._tcp.example.com': ['0 0 5071 a.example.'],
    'A a.example': ['192.0.2.1'],
    'A example.com': ['192.0.2.9'],
  };
  for (const [uri, target, asked] of [
    ['sip:example.com;transport=tcp', 'tcp 192.0.2.1:5070', 'SRV _sip._tcp.example.com'],
    ['sip:example.com;transport=TLS', 'tls 192.0.2.1:5071', 'SRV _sips._tcp.example.com'],
    ['sips:example.com;transport=tcp', 'tls 192.0.2.1:5071', 'SRV _sips._tcp.example.com'],
    ['sip:example.com:5060', 'udp 192.0.2.9:5060', 'AAAA example.com'],
    ['sips:example.com:5099', 'tls 192.0.2.9:5099', 'AAAA example.com'],
    ['sip:example.com:5099;transport=tcp', 'tcp 192.0.2.9:5099', 'AAAA example.com'],
  ] as const) {
    const found = targetsOf(uri, zone);
    assert.deepEqual([found.targets, found.asked[0]], [[target], asked], uri);
  }
});

test('an address needs no question: UDP, for sips: TLS, the default port where none is named (RFC 3263 §4.1, §4.2)', () => {
  for (const [uri, target] of [
    ['sip:192.0.2.7', 'udp 192.0.2.7:5060'],
    ['sips:192.0.2.7', 'tls 192.0.2.7:5061'],
    ['sip:[2001:DB8::0:7]:5070;transport=tcp', 'tcp 2001:db8::7:5070'],
    ['sip:[::ffff:192.0.2.7]', 'udp 192.0.2.7:5060'],
    ['sip:a@example.com:5080;maddr=192.0.2.9', 'udp 192.0.2.9:5080'],
  ] as const)
    assert.deepEqual(targetsOf(uri, {}), { targets: [target], asked: [], why: '' }, uri);
});

test('maddr is looked for in place of the host (RFC 3263 §4), the certificate is for the host (RFC 5922 §7.3)', () => {
  const { goal, search } = searchFor('sips:a@Example.com;maddr=Proxy.Example.', { 'A proxy.example': ['192.0.2.1'] });
  assert.deepEqual(goal, {
    host: 'proxy.example',
    port: undefined,
    protocol: undefined,
    security: 'required',
    identity: 'example.com',
  });
  const found = search.next(0);
  assert.ok('type' in found && found.type === 'target');
  assert.equal(found.target.identity, 'example.com');
});

test('transports that cannot be had are said in a sentence (RFC 5630 §3.1.3)', () => {
  assert.equal(goalOf(sip('sip:a.example;transport=pigeon')), 'nobody knows the transport pigeon');
  assert.equal(goalOf(sip('sips:a.example;transport=udp')), 'sips: is not spoken over udp');
  const ways = waysOf(['udp'], ['ipv4']);
  assert.deepEqual(targetsOf('sip:192.0.2.1;transport=tls', {}, { ways }).why, 'tls is not spoken here');
  assert.deepEqual(targetsOf('sips:a.example', {}, { ways }).why, 'no protocol that would do is spoken here');
  assert.deepEqual(targetsOf('sip:[2001:db8::1]', {}, { ways }).why, 'there is no udp over ipv6 here');
});

test('the addresses of two SRV targets are never mixed; in one, the better family goes first (RFC 7984 §4)', () => {
  const zone: Zone = {
    'SRV _sip._tcp.example.com': ['10 1 5060 sip-1.example.com.', '20 1 5060 sip-2.example.com.'],
    'AAAA sip-1.example.com': ['2001:0db8:58:c02::face', '2001:0db8:c:a06::2:cafe', '2001:0db8:44:204::d1ce'],
    'A sip-1.example.com': ['192.0.2.45', '203.0.113.109', '198.51.100.24'],
    'AAAA sip-2.example.com': ['2001:0db8:58:c02::dead', '2001:0db8:c:a06::2:beef', '2001:0db8:44:204::c0de'],
    'A sip-2.example.com': ['192.0.2.75', '203.0.113.38', '198.51.100.140'],
  };
  const hosts = targetsOf('sip:example.com;transport=tcp', zone).targets.map((text) => text.slice(4, -5));
  assert.deepEqual(hosts, [
    ...['2001:db8:58:c02::face', '2001:db8:c:a06::2:cafe', '2001:db8:44:204::d1ce'],
    ...['192.0.2.45', '203.0.113.109', '198.51.100.24'],
    ...['2001:db8:58:c02::dead', '2001:db8:c:a06::2:beef', '2001:db8:44:204::c0de'],
    ...['192.0.2.75', '203.0.113.38', '198.51.100.140'],
  ]);
  const only4 = targetsOf('sip:example.com;transport=tcp', zone, { ways: waysOf(['tcp'], ['ipv4']) });
  assert.equal(only4.targets.length, 6);
  assert.ok(
    !only4.asked.some((question) => question.startsWith('AAAA')),
    'a family that we do not have is not asked for',
  );
});

test('a target of "." says that the service is not offered, and no address is tried instead (RFC 2782)', () => {
  const zone: Zone = { 'SRV _sip._tcp.example.com': ['0 0 0 .'], 'A example.com': ['192.0.2.1'] };
  const { targets, why } = targetsOf('sip:example.com;transport=tcp', zone);
  assert.deepEqual([targets, why], [[], 'SRV _sip._tcp.example.com: the zone says that this service is not offered']);
  const other: Zone = { ...zone, 'SRV _sip._udp.example.com': ['0 0 5060 a.example.'], 'A a.example': ['192.0.2.2'] };
  assert.deepEqual(targetsOf('sip:example.com', other).targets, ['udp 192.0.2.2:5060']);
});

test('a response whose connection is gone follows the sent-by: address, name with port, name alone (RFC 3263 §5)', () => {
  const zone: Zone = {
    'SRV _sip._tcp.client.example': ['0 0 5080 b.example.'],
    'SRV _sips._tcp.client.example': ['0 0 5081 b.example.'],
    'A b.example': ['192.0.2.2'],
    'A client.example': ['192.0.2.1', '192.0.2.3'],
  };
  for (const [via, targets] of [
    [{ transport: 'UDP', host: '192.0.2.9', port: undefined }, ['udp 192.0.2.9:5060']],
    [{ transport: 'TLS', host: '[2001:db8::9]', port: 5099 }, ['tls 2001:db8::9:5099']],
    [{ transport: 'TCP', host: 'client.example', port: 5070 }, ['tcp 192.0.2.1:5070', 'tcp 192.0.2.3:5070']],
    [{ transport: 'TCP', host: 'client.example', port: undefined }, ['tcp 192.0.2.2:5080']],
    [{ transport: 'TLS', host: 'client.example', port: undefined }, ['tls 192.0.2.2:5081']],
    [{ transport: 'UDP', host: 'client.example', port: undefined }, ['udp 192.0.2.1:5060', 'udp 192.0.2.3:5060']],
  ] as const) {
    const goal = goalOfVia(via);
    assert.ok(goal !== undefined);
    assert.deepEqual(targetsOf(goal, zone).targets, targets, JSON.stringify(via));
  }
  assert.equal(goalOfVia({ transport: 'SCTP', host: 'a.example', port: undefined }), undefined);
});
