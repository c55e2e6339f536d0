import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { test } from 'node:test';
import { openNameServer } from './name-server.ts';

test('the records of a zone are what the resolver of the system library reads', async (t) => {
  const server = await openNameServer({
    'A a.example': ['192.0.2.1', '192.0.2.2'],
    'AAAA a.example': ['2001:db8::1', '1:2:3:4:5:6:7:8'],
    'SRV _sip._udp.a.example': ['1 2 5060 a.example.'],
    'NAPTR a.example': ['1 2 "u" "E2U+sip" "!^.*$!sip:a b!" .'],
    'CNAME alias.example': ['a.example'],
    'A broken.example': 'SERVFAIL',
    'A long.example': (how) => (how === 'udp' ? 'truncated' : ['192.0.2.3']),
  });
  t.after(() => server.close());
  const dns = new Resolver();
  dns.setServers([server.address]);
  assert.deepEqual(await dns.resolve4('a.example'), ['192.0.2.1', '192.0.2.2']);
  assert.deepEqual(await dns.resolve6('a.example'), ['2001:db8::1', '1:2:3:4:5:6:7:8']);
  assert.deepEqual(await dns.resolveSrv('_sip._udp.a.example'), [
    { type: 'SRV', priority: 1, weight: 2, port: 5060, name: 'a.example' },
  ]);
  const naptr = {
    order: 1,
    preference: 2,
    flags: 'u',
    service: 'E2U+sip',
    regexp: '!^.*$!sip:a b!',
    replacement: '',
  };
  assert.partialDeepStrictEqual(await dns.resolveNaptr('a.example'), [naptr]);
  assert.deepEqual(await dns.resolve4('alias.example'), ['192.0.2.1', '192.0.2.2']);
  assert.deepEqual(await dns.resolve4('long.example'), ['192.0.2.3']);
  await assert.rejects(dns.resolve4('nobody.example'), { code: 'ENOTFOUND' });
  await assert.rejects(dns.resolve4('broken.example'), { code: 'ESERVFAIL' });
  assert.ok(server.asked.includes('tcp A long.example'));
});
