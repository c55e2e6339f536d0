import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { headerOf, linesOf, written } from '../sim/heard.ts';
import { createSite, type Site } from '../sim/site.ts';

test('a sips: request to who registered with sip: is answered 480 with warning 380 (RFC 5630 §5.3)', async () => {
  const { site, alice, bob } = await siteWith('', { contact: 'sip:bob@10.0.0.12' });
  const answer = await ask(site, alice, 'sips:bob@example.com');
  assert.deepEqual([answer.label, answer.warning], ['480 MESSAGE', '380 example.com "SIPS Not Allowed"']);
  assert.deepEqual(bob.labels, ['200 REGISTER']);
});

test('a sip: request to a sips: Contact that no TLS leads to is answered 480 with warning 381 (RFC 5630 §5.3)', async () => {
  const params = ';+sip.instance="<urn:uuid:1>";reg-id=1';
  const { site, alice, bob } = await siteWith('', { contact: 'sips:bob@10.0.0.12', params, uri: 'sips:example.com' });
  const answer = await ask(site, alice, 'sip:bob@example.com');
  assert.deepEqual([answer.label, answer.warning], ['480 MESSAGE', '381 example.com "SIPS Required"']);
  assert.deepEqual(bob.labels, ['200 REGISTER']);
});

test('a sips: Contact in a REGISTER to sip: is answered 400 and not bound (RFC 5630 §5.2)', async () => {
  const { site, bob } = await siteWith('', { contact: 'sips:bob@10.0.0.12' });
  assert.deepEqual(bob.labels, ['400 REGISTER']);
  assert.deepEqual(await site.server.locations.lookup('sip:bob@example.com', site.server.engine.core.unix), []);
});

test('a Contact that forwards to another user does so for its own scheme (RFC 5630 §5.3)', async () => {
  const { site, alice, bob } = await siteWith('', { contact: 'sips:carol@example.com', uri: 'sips:example.com' });
  bob.send(registration(bob, { user: 'carol', contact: 'sip:carol@10.0.0.12' }), site.place);
  await site.world.runFor(1_000);
  assert.equal((await ask(site, alice, 'sips:bob@example.com')).label, '480 MESSAGE', 'carol has no sips: Contact');
  await ask(site, alice, 'sip:bob@example.com');
  assert.equal(bob.labels.at(-1), 'MESSAGE');
});

for (const [contact, uri] of [
  ['sip:bob@10.0.0.12', 'sip:example.com'],
  ['sips:bob@10.0.0.12', 'sips:example.com'],
] as const)
  test(`a redirect server names ${contact} as it was registered, to who asks for sip: and for sips: (RFC 5630 §5.4)`, async () => {
    const { site, alice } = await siteWith('redirect: true', { contact, uri });
    for (const asked of ['sip:bob@example.com', 'sips:bob@example.com']) {
      const answer = await ask(site, alice, asked);
      assert.deepEqual([answer.label, answer.contacts], ['302 MESSAGE', [`<${contact}>`]]);
    }
  });

interface Registering {
  readonly contact: string;
  /** Behind the Contact URI. */
  readonly params?: string;
  readonly uri?: string;
  readonly user?: string;
}

async function siteWith(rest: string, registering: Registering): Promise<{ site: Site; alice: Peer; bob: Peer }> {
  const users = ['alice', 'bob', 'carol'].map((name) => `{ name: ${name}, password: x }`).join(', ');
  const trusted = 'trusted: [10.0.0.0/8]';
  const site = await createSite({
    config: `domains: [example.com]\nauth: none\nusers: [${users}]\n${trusted}\n${rest}`,
  });
  const [alice, bob] = [site.peer('alice', { at: '10.0.0.11' }), site.peer('bob', { at: '10.0.0.12' })];
  bob.send(registration(bob, registering), site.place);
  await site.world.runFor(1_000);
  return { site, alice, bob };
}

function registration(
  peer: Peer,
  { contact, params = '', uri = 'sip:example.com', user = 'bob' }: Registering,
): string {
  const address = `<sip:${user}@example.com>`;
  const headers = { Contact: `<${contact}>${params}` };
  return written(peer, { method: 'REGISTER', uri, from: `${address};tag=1`, to: address, callId: user, headers });
}

async function ask(site: Site, peer: Peer, uri: string) {
  const callId = `m${peer.heard.length}`;
  peer.send(written(peer, { method: 'MESSAGE', uri, from: '<sip:alice@example.com>;tag=1', callId }), site.place);
  await site.world.runFor(1_000);
  const heard = peer.heard.at(-1);
  return {
    label: heard?.label,
    warning: headerOf(heard?.message, 'Warning'),
    contacts: linesOf(heard?.message, 'Contact'),
  };
}
