import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchFor, targetsOf, waysOf } from '../../test/search.ts';
import type { Zone } from '../../test/zone.ts';
import type { TraceLine } from './inquiry.ts';
import { LOCATING_LIMITS } from './locate.ts';

test('a server that fails on SRV does not make us call the web server of the domain; one that knows no SRV does', () => {
  const zone: Zone = { 'A example.com': ['192.0.2.1'] };
  const failing = targetsOf('sip:example.com;transport=udp', { ...zone, 'SRV _sip._udp.example.com': 'SERVFAIL' });
  assert.deepEqual(failing, {
    targets: [],
    asked: ['SRV _sip._udp.example.com'],
    why: 'SRV _sip._udp.example.com: SERVFAIL from 192.0.2.53:53',
  });
  const ignorant = targetsOf('sip:example.com;transport=udp', { ...zone, 'SRV _sip._udp.example.com': 'NOTIMP' });
  assert.deepEqual(ignorant.targets, ['udp 192.0.2.1:5060']);
});

test('a fault on NAPTR is followed by SRV, and is told when that finds nothing either', () => {
  const { targets, why } = targetsOf(
    'sip:example.com',
    { 'NAPTR example.com': 'timeout', 'A example.com': 'nodata' },
    { ways: waysOf(['udp'], ['ipv4']) },
  );
  assert.deepEqual(
    [targets, why],
    [[], 'NAPTR example.com: timeout from 192.0.2.53:53; A example.com: no such record'],
  );
});

test('the story of a search says why NAPTR led no further: none that serves, none at all, no such name, nobody knows', () => {
  const useless = ['1 1 "s" "SIP+D2S" "" _sip._sctp.example.com.'];
  for (const [answer, note] of [
    [useless, 'no NAPTR record leads anywhere'],
    ['nodata', 'there is no NAPTR record'],
    [undefined, 'the name itself does not exist'],
    ['SERVFAIL', 'whether there is a NAPTR record cannot be learned'],
  ] as const) {
    const trace: TraceLine[] = [];
    const zone: Zone = answer === undefined ? {} : { 'NAPTR example.com': answer };
    const { asked } = targetsOf('sip:example.com', zone, { ways: waysOf(['udp'], ['ipv4']), trace });
    const notes = trace.flatMap((line) => (line.type === 'note' ? [line.text] : []));
    assert.ok(notes.includes(`${note}: SRV of each protocol that is spoken here`), notes.join('\n'));
    assert.deepEqual(asked, ['NAPTR example.com', 'SRV _sip._udp.example.com', 'A example.com']);
  }
});

test('one family that cannot be learned is forgiven when the other has addresses', () => {
  const { targets, why } = targetsOf('sip:example.com:5060', {
    'AAAA example.com': 'SERVFAIL',
    'A example.com': ['192.0.2.1'],
  });
  assert.deepEqual([targets, why], [['udp 192.0.2.1:5060'], '']);
});

test('records that name no host are passed by: addresses of nobody or everybody, names that are none, port 0', () => {
  const { targets } = targetsOf('sip:example.com;transport=udp', {
    'SRV _sip._udp.example.com': [
      '1 0 0 a.example.',
      '2 0 5060 a\u0000b.example.',
      '3 0 5060 192.0.2.7.',
      '4 0 5060 a.example.',
    ],
    'A a.example': ['0.0.0.0', '224.0.0.1', '255.255.255.255', '192.0.2.1'],
    'AAAA a.example': ['::', 'ff02::1', '::ffff:127.0.0.1', 'nonsense', '2001:db8::1'],
  });
  assert.deepEqual(targets, ['udp 192.0.2.7:5060', 'udp 2001:db8::1:5060', 'udp 192.0.2.1:5060']);
});

test('a zone cannot make us ask or try without end', () => {
  const servers = Array.from({ length: 200 }, (_, i) => `${i} 0 5060 h${i}.example.`);
  const addresses = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`);
  const zone: Record<string, readonly string[]> = { 'SRV _sip._udp.example.com': servers };
  for (let i = 0; i < 200; i += 1) zone[`A h${i}.example`] = addresses.map((text) => text.replace('0.2', `0.${i}`));
  const { targets, asked } = targetsOf('sip:example.com;transport=udp', zone, { ways: waysOf(['udp'], ['ipv4']) });
  assert.equal(targets.length, LOCATING_LIMITS.targets);
  assert.equal(asked.length, 1 + LOCATING_LIMITS.targets / LOCATING_LIMITS.addresses);
  const empty = targetsOf('sip:example.com;transport=udp', { 'SRV _sip._udp.example.com': servers });
  assert.equal(empty.asked.length, 40);
  assert.match(empty.why, /more than 40 questions/);
});

test('of many services the best eight are looked for', () => {
  const zone: Record<string, readonly string[]> = {
    'NAPTR example.com': Array.from({ length: 12 }, (_, i) => `${i} 1 "s" "SIP+D2U" "" s${i}.example.`),
  };
  const { asked } = targetsOf('sip:example.com', zone, { ways: waysOf(['udp'], ['ipv4']) });
  assert.equal(asked.filter((question) => question.startsWith('SRV')).length, LOCATING_LIMITS.services);
});

test('who is content with the first place does not ask for the others', () => {
  const zone: Zone = {
    'SRV _sip._udp.example.com': ['1 0 5060 a.example.', '2 0 5060 b.example.'],
    'A a.example': ['192.0.2.1'],
    'A b.example': ['192.0.2.2'],
  };
  const { search, resolver } = searchFor('sip:example.com;transport=udp', zone, { ways: waysOf(['udp'], ['ipv4']) });
  search.next(0);
  assert.deepEqual(resolver.asked, ['SRV _sip._udp.example.com', 'A a.example']);
  search.next(0);
  assert.deepEqual(resolver.asked.slice(2), ['A b.example']);
});
