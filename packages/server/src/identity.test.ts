import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUri, type SipUri } from '@strowger/sip/uri';
import { createSite } from '../sim/site.ts';
import { Identity } from './identity.ts';

function uri(text: string): SipUri {
  const parsed = parseUri(text);
  assert.ok(parsed.type === 'sip');
  return parsed;
}

test('a domain that is an IPv6 address matches every text of that address, in brackets as URIs write it (RFC 5954 §4.2)', () => {
  const identity = new Identity(['[2001:DB8::1]', 'example.com']);
  for (const host of ['[2001:db8::1]', '[2001:DB8:0:0:0:0:0:1]', '[2001:db8::0001]']) {
    assert.equal(identity.domainOf(uri(`sip:bob@${host}`)), '[2001:db8::1]', host);
    assert.equal(identity.domainOfSender(uri(`sip:bob@${host}:9999`)), '[2001:db8::1]', host);
  }
  assert.equal(identity.domainOf(uri('sip:bob@[2001:db8::2]')), undefined);
  assert.equal(identity.domainOf(uri('sip:bob@[2001:db8::1]:9999')), undefined, 'a port that is not ours');
});

test('an IPv6 address that we listen on or advertise stands for the first domain, however it is written', () => {
  const identity = new Identity(['example.com']);
  identity.listensOn({ protocol: 'udp', host: '2001:db8::1', port: 5060 });
  identity.isAdvertisedAs({ host: '2001:db8:0:0::2', kind: 'ip6', port: undefined }, 5070);
  assert.equal(identity.domainOf(uri('sip:bob@[2001:DB8:0::1]')), 'example.com');
  assert.equal(identity.domainOf(uri('sip:bob@[2001:db8::2]:5070')), 'example.com');
  assert.equal(identity.domainOf(uri('sip:bob@[2001:db8::2]')), undefined);
});

test('a domain is ours in capitals and as an absolute name too (RFC 3261 §19.1.4, RFC 1034 §3.1)', () => {
  const identity = new Identity(['Example.COM']);
  for (const host of ['EXAMPLE.com', 'example.com.'])
    assert.equal(identity.domainOf(uri(`sip:${host}`)), 'example.com');
  assert.equal(identity.domainOf(uri('sip:example.org')), undefined);
});

test('a server whose domain is an IPv6 address takes registrations and calls for it', async () => {
  const users = 'users: [{ name: alice, password: alice }, { name: bob, password: bob }]';
  const site = await createSite({ config: `domains: ["[2001:db8::99]"]\n${users}\n` });
  const [alice, bob] = ['alice', 'bob'].map((name) => site.phone(name, { aor: `sip:${name}@[2001:db8::99]` }));
  await site.play(async () => {
    assert.equal((await alice?.register())?.status, 200);
    assert.equal((await bob?.register())?.status, 200);
    assert.equal((await alice?.call('sip:bob@[2001:DB8::0:99]').answered)?.status, 200);
  });
});
