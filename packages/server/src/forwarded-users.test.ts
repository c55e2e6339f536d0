import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersTo } from '../sim/answers.ts';
import { heardRequest, linesOf } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

/** A site of phones, and a table of who forwards to whom: user and the users at his contacts; his own name is his phone. */
async function siteWhere(forwards: Readonly<Record<string, readonly string[]>>, options: { storeMs?: number } = {}) {
  const users = ['dave', 'erin', 'fay'].map((name) => `  - { name: ${name}, password: ${name} }\n`).join('');
  const site = await createSite({ config: `${USUAL}${users}`, ...options });
  const phones = Object.keys(forwards).map((user) => {
    const phone = site.phone(user);
    const contacts = (forwards[user] ?? []).map((to, i) =>
      to === user ? `<${phone.contact}>` : `<sip:${to}@example.com>;q=0.${9 - i}`,
    );
    return { user, phone, contacts };
  });
  await site.play(async () => {
    for (const { phone, contacts } of phones)
      if (contacts.length > 0) assert.equal((await phone.register({ contacts })).status, 200);
  });
  const phoneOf = (user: string) => phones.find((one) => one.user === user)?.phone ?? assert.fail(user);
  return { site, phoneOf };
}

const callFrom = (site: Site, phone: ReturnType<Site['phone']>, user: string): Promise<number> =>
  site.play(async () => (await phone.call(`sip:${user}@example.com`).answered).status);

for (const storeMs of [0, 20])
  test(`calls to a user whose contact is another user of ours ring there, store of ${storeMs} ms (RFC 3261 §16.5)`, async () => {
    const { site, phoneOf } = await siteWhere(
      { alice: ['alice'], bob: ['bob'], carol: ['dave'], dave: ['bob'] },
      { storeMs },
    );
    assert.equal(await callFrom(site, phoneOf('alice'), 'carol'), 200);
    const invite = heardRequest(phoneOf('bob'), 'INVITE');
    assert.equal(invite.uri, phoneOf('bob').contact);
    assert.equal(linesOf(invite, 'Via').length, 2, 'it went out once, to bob');
  });

test('a user has his own phone and, when nobody takes the call there, those of another user', async () => {
  const { site, phoneOf } = await siteWhere({ alice: ['alice'], bob: ['bob'], carol: ['carol', 'bob'] });
  phoneOf('carol').onInvite = (call) => call.reject(486);
  assert.equal(await callFrom(site, phoneOf('alice'), 'carol'), 200);
  assert.deepEqual([phoneOf('carol').incoming.length, phoneOf('bob').incoming.length], [1, 1]);
});

test('a user to whom several forward rings once', async () => {
  const { site, phoneOf } = await siteWhere({
    alice: ['alice'],
    bob: ['bob'],
    carol: ['dave', 'erin', 'bob'],
    dave: ['bob'],
    erin: ['bob', 'dave'],
  });
  phoneOf('bob').onInvite = (call) => call.reject(486);
  assert.equal(await callFrom(site, phoneOf('alice'), 'carol'), 486);
  assert.equal(phoneOf('bob').incoming.length, 1);
});

for (const [what, forwards, status] of [
  ['each other', { alice: ['alice'], carol: ['dave'], dave: ['carol'] }, 482],
  ['each other, of whom one has a phone', { alice: ['alice'], carol: ['carol', 'dave'], dave: ['carol'] }, 200],
  ['somebody who is not there', { alice: ['alice'], carol: ['erin'], erin: [] }, 480],
] as const)
  test(`a call to users who forward to ${what} ends in ${status}, without a storm (RFC 3261 §16.3 step 4)`, async () => {
    const { site, phoneOf } = await siteWhere(forwards);
    const before = site.world.traffic.length;
    assert.equal(await callFrom(site, phoneOf('alice'), 'carol'), status);
    assert.ok(site.world.traffic.length - before < 12);
    await site.settle();
  });

test('a user whose only connection is gone is not there: 480, and nothing is kept for a stranger (RFC 5626 §7)', async () => {
  const site = await createSite();
  const bob = site.phone('bob', { protocol: 'tcp' });
  const contact = `<${bob.contact}>;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"`;
  await site.play(() => bob.register({ contacts: [contact], headers: { Supported: 'outbound, path' } }));
  await site.play(() => site.restart());
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const call = { method: 'INVITE', uri: 'sip:bob@example.com' };
  assert.deepEqual(await answersTo(site, peer, call, 1_000), ['480 INVITE']);
  assert.equal(site.server.engine.core.servers.size, 0);
});

test('an ACK that leads in circles goes nowhere and is not answered (RFC 3261 §17.1.1.3)', async () => {
  const { site } = await siteWhere({ carol: ['dave'], dave: ['carol'] });
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const before = site.world.traffic.length;
  const lines = [
    'Via: SIP/2.0/UDP 10.0.0.66;branch=z9hG4bKa',
    'From: <sip:x@y>;tag=1',
    'To: <sip:carol@example.com>;tag=2',
  ];
  const rest = ['Call-ID: a', 'CSeq: 1 ACK', 'Max-Forwards: 70', 'Content-Length: 0', '', ''];
  peer.send(['ACK sip:carol@example.com SIP/2.0', ...lines, ...rest].join('\r\n'), site.place);
  await site.world.runFor(1_000);
  assert.equal(site.world.traffic.length - before, 1);
});

test('a chain of forwards is followed for twenty users, and no further', async () => {
  const names = Array.from({ length: 25 }, (_, i) => `u${i}`);
  const users = names.map((name) => `  - { name: ${name}, password: ${name} }\n`).join('');
  const site = await createSite({ config: `${USUAL}${users}` });
  const [alice, last] = [site.phone('alice'), site.phone('u24')];
  await site.play(async () => {
    await last.register();
    for (const [i, name] of names.slice(0, -1).entries())
      await site.phone(name, { name: `p${i}` }).register({ contacts: [`<sip:u${i + 1}@example.com>`] });
  });
  assert.equal(await callFrom(site, alice, 'u5'), 200, 'u5 to u24 are twenty');
  assert.equal(await callFrom(site, alice, 'u4'), 480);
});
