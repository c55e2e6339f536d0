import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, NaptrRecord, RecordType, Resolver } from '@strowger/sip/resolve';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { heardRequest } from '../sim/heard.ts';
import { createSite, type Site } from '../sim/site.ts';

const NUMBER = '+442079460148';
const NAME = '8.4.1.0.6.4.9.7.0.2.4.4.e164.arpa';

test('a number that no user has leads where ENUM says, whether it is written as tel: or at our domain (RFC 6116 §3)', async () => {
  const { site, caller } = await siteWith({ [NAME]: [naptr(10, 'sip:info@10.0.0.60')] });
  const far = site.phone('far', { at: '10.0.0.60' });
  for (const uri of [`tel:${NUMBER}`, `sip:${NUMBER}@example.com`, `sip:${NUMBER}@example.com;user=phone`])
    assert.deepEqual(await answersTo(site, caller, { method: 'MESSAGE', uri }), ['200 MESSAGE'], uri);
  assert.equal(heardRequest(far, 'MESSAGE').uri, 'sip:info@10.0.0.60');
  assert.equal(far.peer.labels.filter((label) => label === 'MESSAGE').length, 3);
});

test('the URIs of a number are tried in their order, the next one when one has failed (RFC 6116 §3.4.1)', async () => {
  const records = [naptr(20, 'sip:second@10.0.0.61'), naptr(10, 'sip:first@10.0.0.60')];
  const { site, caller } = await siteWith({ [NAME]: records });
  site.world.host('10.0.0.60');
  const second = site.phone('second', { at: '10.0.0.61' });
  const uri = `tel:${NUMBER}`;
  assert.deepEqual(await answersTo(site, caller, { method: 'INVITE', uri }, 5_000), []);
  assert.deepEqual(second.peer.labels, [], 'the first one is given its time');
  await site.world.runFor(35_000);
  assert.equal(heardRequest(second, 'INVITE').uri, 'sip:second@10.0.0.61');
});

test('a user of ours who has the number is asked, and no name server', async () => {
  const { site, caller, asked } = await siteWith({ [NAME]: [naptr(10, 'sip:info@10.0.0.60')] }, [NUMBER]);
  const bob = site.phone('bob', { at: '10.0.0.12', aor: `sip:${NUMBER}@example.com`, password: 'secret' });
  assert.equal((await site.play(() => bob.register())).status, 200);
  assert.deepEqual(await answersTo(site, caller, { method: 'MESSAGE', uri: `tel:${NUMBER}` }), ['200 MESSAGE']);
  assert.equal(bob.peer.labels.at(-1), 'MESSAGE');
  assert.deepEqual(asked, []);
});

test('a number that ENUM gives to a user of ours leads to his phones; one that leads to itself leads nowhere', async () => {
  const other = '9.4.1.0.6.4.9.7.0.2.4.4.e164.arpa';
  const { site, caller } = await siteWith({
    [NAME]: [naptr(10, 'sip:bob@example.com')],
    [other]: [naptr(10, 'sip:+442079460149@example.com')],
  });
  const [bob] = await site.registered('bob');
  assert.deepEqual(await answersTo(site, caller, { method: 'MESSAGE', uri: `tel:${NUMBER}` }), ['200 MESSAGE']);
  assert.ok(bob?.peer.labels.includes('MESSAGE'));
  assert.deepEqual(await answersTo(site, caller, { method: 'MESSAGE', uri: 'tel:+442079460149' }), ['404 MESSAGE']);
});

test('nobody has the number: 404; nobody could say: 480, and what the name server said is told', async () => {
  const { site, caller } = await siteWith({ '9.4.1.0.6.4.9.7.0.2.4.4.e164.arpa': 'SERVFAIL from 192.0.2.53:53' });
  const told: string[] = [];
  site.server.observe((event) => event.type === 'target.unknown' && told.push(`${event.host}: ${event.reason}`));
  assert.deepEqual(await answersTo(site, caller, { method: 'MESSAGE', uri: `tel:${NUMBER}` }), ['404 MESSAGE']);
  assert.deepEqual(told, []);
  assert.deepEqual(await answersTo(site, caller, { method: 'MESSAGE', uri: 'tel:+442079460149' }), ['480 MESSAGE']);
  assert.match(told.join(), /^9\.4\.1\.\S+e164\.arpa: NAPTR 9\S+: SERVFAIL from 192\.0\.2\.53:53$/);
});

test('no number is looked up for a request that needs TLS all the way: nobody has proved what ENUM says (RFC 5630 §5.3)', async () => {
  const { site, caller, asked } = await siteWith({ [NAME]: [naptr(10, 'sip:info@10.0.0.60')] });
  const request = { method: 'MESSAGE', uri: `sips:${NUMBER}@example.com` };
  assert.deepEqual(await answersTo(site, caller, request), ['404 MESSAGE']);
  assert.deepEqual(asked, []);
});

test('for strangers no number is looked up: they reach our users alone', async () => {
  const { site, asked } = await siteWith({ [NAME]: [naptr(10, 'sip:info@10.0.0.60')] });
  const [stranger, far] = [site.peer('stranger', { at: '192.0.2.66' }), site.peer('far', { at: '10.0.0.60' })];
  for (const uri of [`tel:${NUMBER}`, `sip:${NUMBER}@example.com`]) {
    const [answer = ''] = await answersTo(site, stranger, { method: 'MESSAGE', uri });
    assert.match(answer, /^4(?:03|16|80) MESSAGE$/);
  }
  assert.deepEqual([asked, far.labels], [[], []]);
});

type Zone = Readonly<Record<string, readonly NaptrRecord[] | string>>;

/** A server that looks numbers up in a zone of these, where a text is the fault of the name server; and a trusted caller. */
async function siteWith(
  zone: Zone,
  numbers: readonly string[] = [],
): Promise<{ site: Site; caller: Peer; asked: string[] }> {
  const asked: string[] = [];
  const answerTo = (type: RecordType, name: string): Answer => {
    if (type === 'NAPTR') asked.push(name);
    const found = type === 'NAPTR' ? zone[name] : undefined;
    if (typeof found === 'string') return { type: 'fault', code: 'SERVFAIL', text: found };
    return found === undefined ? { type: 'none', why: 'nxdomain' } : { type: 'records', records: found };
  };
  const resolver: Resolver = { ask: (type, name) => answerTo(type, name) as Answer<typeof type> };
  const users = ['bob', ...numbers].map(
    (name) => `{ name: "${name}", password: ${name === 'bob' ? 'bob' : 'secret'} }`,
  );
  const config = `domains: [example.com]\nusers: [${users}]\ntrusted: [10.0.0.50/32]\nenum: { suffix: e164.arpa }\n`;
  const site = await createSite({ config, resolver });
  return { site, caller: site.peer('caller', { at: '10.0.0.50' }), asked };
}

const naptr = (preference: number, uri: string): NaptrRecord => ({
  order: 100,
  preference,
  flags: 'u',
  services: 'E2U+sip',
  regexp: `!^.*$!${uri}!`,
  replacement: '.',
});
