import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contact, readAll } from '@strowger/sip/message';
import type { Outcome } from '@strowger/testkit';
import { headerOf, linesOf } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

/** The contacts of a 200, as `sip:… expires`. */
const contactsOf = ({ response }: Outcome): string[] =>
  response === undefined
    ? []
    : readAll(response, contact).map((value) =>
        value === '*' ? '*' : `${value.uriText} ${value.params.get('expires')}`,
      );

const registered = async (site: Site): Promise<readonly string[]> =>
  (await site.server.locations.lookup('sip:alice@example.com', site.world.unix)).map((binding) => binding.contact);

test('a phone is asked for its password once and then told its binding and the date (RFC 3261 §10.3)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  const outcome = await site.play(() => alice.register({ expires: 600 }));
  assert.equal(outcome.status, 200);
  assert.deepEqual(contactsOf(outcome), ['sip:alice@10.0.0.11:5060 600']);
  assert.deepEqual(alice.peer.labels, ['401 REGISTER', '200 REGISTER']);
  assert.equal(headerOf(outcome.response, 'Date'), 'Thu, 01 Jan 2026 00:00:00 GMT');
  await site.settle();
});

test('the challenge offers the algorithms of the configuration in their order, for the domain (RFC 8760 §2.3)', async () => {
  const site = await createSite({ config: `${USUAL}digest: [SHA-512-256, SHA-256, MD5]\n` });
  const alice = site.phone('alice', { proves: 'never' });
  const { status, response } = await site.play(() => alice.register());
  assert.equal(status, 401);
  const text = linesOf(response, 'WWW-Authenticate');
  assert.deepEqual(
    text.map((value) => /algorithm=([\w-]+)/.exec(value)?.[1]),
    ['SHA-512-256', 'SHA-256', 'MD5'],
  );
  assert.ok(text.every((value) => value.includes('realm="example.com"') && value.includes('qop="auth"')));
});

test('a phone that knows SHA-512-256 proves itself with it (RFC 8760 §2.4)', async () => {
  const site = await createSite({ config: `${USUAL}digest: [SHA-512-256, MD5]\n` });
  const alice = site.phone('alice');
  assert.equal((await site.play(() => alice.register())).status, 200);
  const sent = alice.transactions.asked.at(-1)?.request;
  assert.ok(linesOf(sent, 'Authorization').some((value) => value.includes('SHA-512-256')));
});

test('a wrong password and an unknown user are asked again and again, in the same words (RFC 3261 §22)', async () => {
  const site = await createSite();
  const phones = [site.phone('alice', { password: 'wrong' }), site.phone('mallory')];
  for (const phone of phones) assert.equal((await site.play(() => phone.register())).status, 401);
  assert.deepEqual(phones[0]?.peer.labels, phones[1]?.peer.labels);
  assert.deepEqual(await registered(site), []);
});

test('a phone that is wrong again and again has to wait, and nobody else at another address', async () => {
  const site = await createSite({ config: `${USUAL}login: { attempts: 3, lockout: 30 }\n` });
  const guesser = site.phone('alice', { password: 'wrong', name: 'guesser' });
  const outcomes: Outcome[] = [];
  for (let i = 0; i < 4; i += 1) outcomes.push(await site.play(() => guesser.register()));
  assert.equal(outcomes[0]?.status, 401);
  assert.equal(outcomes.at(-1)?.status, 403);
  assert.equal(headerOf(outcomes.at(-1)?.response, 'Retry-After'), '30');
  assert.equal((await site.play(() => site.phone('alice').register())).status, 200);
  await site.world.runFor(30_000);
  assert.equal((await site.play(() => guesser.register())).status, 401);
});

test('nobody registers for another user, however well he proves who he is (RFC 3261 §10.3 step 4)', async () => {
  const site = await createSite();
  const bob = site.phone('bob');
  assert.equal((await site.play(() => bob.register({ aor: 'sip:alice@example.com' }))).status, 403);
  assert.equal((await site.play(() => bob.register({ aor: 'sip:alice@elsewhere.example' }))).status, 403);
  assert.deepEqual(await registered(site), []);
});

test('an address that is not of our domains is not registered here: 404 (RFC 3261 §10.3 step 5)', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const alice = site.phone('alice');
  assert.equal((await site.play(() => alice.register({ aor: 'sip:alice@elsewhere.example' }))).status, 404);
});

test('an interval that is too brief is refused with the shortest that is not: 423 (RFC 3261 §10.3 step 7)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  const { status, response } = await site.play(() => alice.register({ expires: 30 }));
  assert.equal(status, 423);
  assert.equal(headerOf(response, 'Min-Expires'), '60');
  assert.deepEqual(await registered(site), []);
});

test('an interval that is too long is shortened, and who says nothing gets the longest (RFC 3261 §10.3 step 7)', async () => {
  const site = await createSite({ config: `${USUAL}registrar: { maxExpires: 900 }\n` });
  const alice = site.phone('alice');
  assert.deepEqual(contactsOf(await site.play(() => alice.register({ expires: 7200 }))), [
    'sip:alice@10.0.0.11:5060 900',
  ]);
  assert.deepEqual(contactsOf(await site.play(() => alice.register())), ['sip:alice@10.0.0.11:5060 900']);
});

test('a REGISTER without Contact fetches every binding with the time that is left (RFC 3261 §10.2.3)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  await site.play(async () => {
    await alice.register({ contacts: ['<sip:alice@10.0.0.50>;expires=600', '<sip:alice@10.0.0.51>;expires=120'] });
    await site.world.sleep(60_000);
    const fetched = contactsOf(await alice.register({ contacts: [] }));
    assert.deepEqual(fetched, ['sip:alice@10.0.0.50 540', 'sip:alice@10.0.0.51 60']);
  });
});

test('a binding that is not refreshed ends by itself and is gone from the store (RFC 3261 §10.2.4)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  await site.play(() => alice.register({ expires: 60 }));
  await site.world.runFor(70_000);
  assert.deepEqual(contactsOf(await site.play(() => alice.register({ contacts: [] }))), []);
  const kept = [];
  for await (const located of site.server.locations.entries(0)) kept.push(located);
  assert.deepEqual(kept, []);
});

test('several contacts keep their q, and a refresh of one leaves the others alone (RFC 3261 §10.2.1)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  await site.play(async () => {
    await alice.register({ contacts: ['<sip:alice@10.0.0.50>;q=0.2', '<sip:alice@10.0.0.51>;q=0.9'], expires: 600 });
    await site.world.sleep(100_000);
    const { response } = await alice.register({ contacts: ['<sip:alice@10.0.0.50>;q=0.5'], expires: 300 });
    const lines = linesOf(response, 'Contact');
    assert.deepEqual(lines, ['<sip:alice@10.0.0.50>;q=0.5;expires=300', '<sip:alice@10.0.0.51>;q=0.9;expires=500']);
  });
});

test('Contact * with Expires 0 removes everything; with anything else it is a mistake (RFC 3261 §10.2.2)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  await site.play(async () => {
    await alice.register({ contacts: ['<sip:alice@10.0.0.50>', '<sip:alice@10.0.0.51>'] });
    assert.equal((await alice.register({ contacts: ['*'] })).status, 400);
    assert.equal((await alice.register({ contacts: ['*'], expires: 60 })).status, 400);
    assert.equal((await registered(site)).length, 2);
    const outcome = await alice.register({ contacts: ['*'], expires: 0 });
    assert.equal(outcome.status, 200);
    assert.deepEqual(contactsOf(outcome), []);
  });
});

test('a phone that unregisters takes only its own contact back (RFC 3261 §10.2.2)', async () => {
  const site = await createSite();
  const [desk, mobile] = [site.phone('alice', { name: 'desk' }), site.phone('alice', { name: 'mobile' })];
  await site.play(async () => {
    await desk.register();
    await mobile.register();
    assert.deepEqual(await registered(site), [desk.contact, mobile.contact]);
    assert.equal((await desk.unregister()).status, 200);
    assert.deepEqual(await registered(site), [mobile.contact]);
  });
});

test('an address may have so many contacts and no more (registrar.maxBindings)', async () => {
  const site = await createSite({ config: `${USUAL}registrar: { maxBindings: 2 }\n` });
  const alice = site.phone('alice');
  await site.play(async () => {
    assert.equal((await alice.register({ contacts: ['<sip:a@10.0.0.50>', '<sip:b@10.0.0.50>'] })).status, 200);
    assert.equal((await alice.register({ contacts: ['<sip:c@10.0.0.50>'] })).status, 403);
    assert.equal((await alice.register({ contacts: ['<sip:b@10.0.0.50>'] })).status, 200);
  });
});

test('a Path is kept, told to the phone, and gone through by calls (RFC 3327 §5.3)', async () => {
  const site = await createSite();
  const [alice, bob] = [site.phone('alice'), site.phone('bob')];
  const edge = site.peer('edge', { at: '10.0.0.70' });
  await site.play(async () => {
    const headers = { Path: '<sip:10.0.0.70;lr>', Supported: 'path' };
    const { response } = await alice.register({ headers });
    assert.equal(headerOf(response, 'Path'), '<sip:10.0.0.70;lr>');
    const call = bob.call('sip:alice@example.com');
    const { message } = await edge.next('INVITE');
    assert.ok(message.kind === 'request');
    assert.equal(message.uri, alice.contact);
    assert.deepEqual(linesOf(message, 'Route'), ['<sip:10.0.0.70;lr>']);
    call.cancel();
  });
});

test('a Path from a phone that does not know what it is is refused: 420 (RFC 3327 §5.3)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  const { status, response } = await site.play(() => alice.register({ headers: { Path: '<sip:10.0.0.70;lr>' } }));
  assert.equal(status, 420);
  assert.equal(headerOf(response, 'Unsupported'), 'path');
});

test('a REGISTER that is older than what is known changes nothing (RFC 3261 §10.3 step 7)', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const peer = site.peer('old');
  const send = (seq: number, expires: number): void =>
    peer.send(registerText(peer.local.host, seq, expires), site.place);
  await site.play(async () => {
    send(5, 600);
    assert.equal((await peer.next()).label, '200 REGISTER');
    send(4, 0);
    assert.equal((await peer.next()).label, '500 REGISTER');
    assert.deepEqual(await registered(site), ['sip:alice@10.0.0.11']);
    send(6, 0);
    assert.equal((await peer.next()).label, '200 REGISTER');
    assert.deepEqual(await registered(site), []);
  });
});

test('a retransmitted REGISTER gets the same answer and binds once (RFC 3261 §17.2.2)', async () => {
  const site = await createSite();
  const alice = site.phone('alice');
  site.world.host('10.0.0.11');
  site.world.path('server', 'alice').dropNext(2, (label) => label === '200 REGISTER');
  const outcome = await site.play(() => alice.register({ expires: 600 }));
  assert.equal(outcome.status, 200);
  const sent = site.world.traffic.filter(({ label }) => label === '200 REGISTER');
  assert.equal(sent.length, 3);
  assert.equal(new Set(sent.map(({ bytes }) => new TextDecoder().decode(bytes))).size, 1);
  await site.settle();
});

test('a REGISTER needs no hop more: at Max-Forwards 0 it is still ours to answer (RFC 3261 §16.3 step 3)', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const peer = site.peer('last');
  peer.send(registerText(peer.local.host, 1, 600).replace('Max-Forwards: 70', 'Max-Forwards: 0'), site.place);
  assert.equal((await site.play(() => peer.next())).label, '200 REGISTER');
});

function registerText(host: string, seq: number, expires: number): string {
  return [
    'REGISTER sip:example.com SIP/2.0',
    `Via: SIP/2.0/UDP ${host}:5060;branch=z9hG4bKr${seq}`,
    'Max-Forwards: 70',
    'From: <sip:alice@example.com>;tag=1',
    'To: <sip:alice@example.com>',
    'Call-ID: one-phone',
    `CSeq: ${seq} REGISTER`,
    `Contact: <sip:alice@${host}>;expires=${expires}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

test('Service-Route comes with every 200 as it is configured (RFC 3608 §6.2)', async () => {
  const site = await createSite({
    config: `${USUAL}registrar: { serviceRoute: ["sip:10.0.0.1;lr", "sip:edge.example.com;lr"] }\n`,
  });
  const alice = site.phone('alice');
  const { response } = await site.play(() => alice.register());
  assert.deepEqual(linesOf(response, 'Service-Route'), ['<sip:10.0.0.1;lr>', '<sip:edge.example.com;lr>']);
});
