import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { headerOf, heardRequest, incoming, pair, type Written, written } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';
import { WHO_MAY_PASS } from './who-may-pass.ts';

/** What a stranger's request is answered with; 'nothing' where nothing comes within ten seconds. */
async function answerTo(site: Site, peer: Peer, request: Written): Promise<string> {
  const before = peer.heard.length;
  peer.send(
    written(peer, { callId: `call ${before} of ${site.world.now}`.replace(/ /g, '-'), ...request }),
    site.place,
  );
  await site.world.runFor(10_000);
  return peer.labels.slice(before).find((label) => !label.startsWith('1')) ?? 'nothing';
}

interface Call {
  readonly site: Site;
  readonly stranger: Peer;
  readonly victim: Peer;
  /** Our Record-Route of the call, token and all. */
  readonly route: string;
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  /** Bob’s Contact. */
  readonly target: string;
  readonly bob: Peer;
}

/** A call from alice to bob, and two who have no part in it. */
async function callBetweenOthers(): Promise<Call> {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  const call = alice.call('sip:bob@example.com');
  await site.play(() => call.answered);
  await site.world.runFor(1_000);
  const { start } = call.dialog;
  assert.ok(incoming(bob).dialog.acks > 0);
  return {
    site,
    stranger: site.peer('stranger', { at: '10.0.0.66' }),
    victim: site.peer('victim', { at: '10.0.0.77' }),
    route: start.routes[0] ?? '',
    callId: start.callId,
    local: start.local,
    remote: start.remote,
    target: start.target,
    bob: bob.peer,
  };
}

test('the rules stand in their order, each with words for the guide', () => {
  assert.deepEqual(
    WHO_MAY_PASS.map(({ name }) => name),
    ['a', 'b', 'p', 'c', 'r', 'd', 'e', 'f', 'g'],
  );
  for (const { about } of WHO_MAY_PASS) assert.match(about, /^[A-Z].*\.$/);
});

test('(a) an ACK of no call of ours goes nowhere but to our own users, and is never answered (RFC 3261 §17.1.1.3)', async () => {
  const { site, stranger, victim } = await callBetweenOthers();
  const to = '<sip:x@y.example>;tag=2';
  assert.equal(await answerTo(site, stranger, { method: 'ACK', uri: 'sip:x@10.0.0.77', to }), 'nothing');
  assert.deepEqual(victim.labels, []);
  assert.equal(await answerTo(site, stranger, { method: 'ACK', uri: 'sip:bob@example.com', to }), 'nothing');
});

test('(b) a request of the call with the Route that we gave is relayed unasked, to where that Route leads', async () => {
  const { site, stranger, route, callId, local, remote, target, bob } = await callBetweenOthers();
  const headers = { Route: `<${route}>` };
  stranger.send(
    written(stranger, { method: 'INFO', uri: target, from: local, to: remote, callId, cseq: 7, headers }),
    site.place,
  );
  await site.world.runFor(100);
  assert.ok(
    bob.labels.some((label) => label.startsWith('INFO')),
    'whoever knows call and token has a part in the call',
  );
});

test('(b) attack: a REGISTER proves whose address it changes, whatever call it pretends to belong to', async () => {
  const { site, stranger, route, callId, local } = await callBetweenOthers();
  const headers = { Route: `<${route}>`, Contact: '<sip:mallory@10.0.0.66>' };
  const to = '<sip:alice@example.com>;tag=x';
  const request = { method: 'REGISTER', uri: 'sip:example.com', from: local, to, callId, cseq: 9, headers };
  assert.equal(await answerTo(site, stranger, request), '401 REGISTER');
});

for (const [what, change] of [
  ['no token', (c: Call) => ({ headers: { Route: `<${c.route.replace(/;t=.*/, '')}>` } })],
  ['a forged token', (c: Call) => ({ headers: { Route: `<${c.route.slice(0, -4)}0000>` } })],
  ['the token of another call', (c: Call) => ({ headers: { Route: `<${c.route}>` }, callId: 'another' })],
  [
    'the token of another caller',
    (c: Call) => ({ headers: { Route: `<${c.route}>` }, from: '<sip:alice@example.com>;tag=other' }),
  ],
  ['a token that leads elsewhere', (c: Call) => ({ headers: { Route: `<${c.route}>` } })],
  ['a token but no To tag', (c: Call) => ({ headers: { Route: `<${c.route}>` }, to: '<sip:bob@example.com>' })],
  ['our Route behind another one', (c: Call) => ({ headers: { Route: `<sip:10.0.0.77;lr>, <${c.route}>` } })],
] as const) {
  test(`(b) attack: a request within the call with ${what} is not relayed`, async () => {
    const call = await callBetweenOthers();
    const { site, stranger, victim, callId, local, remote } = call;
    const base = { method: 'BYE', uri: 'sip:x@10.0.0.77', from: local, to: remote, callId, cseq: 7 };
    const answer = await answerTo(site, stranger, { ...base, ...change(call) });
    assert.ok(answer === '407 BYE' || answer === '403 BYE', answer);
    assert.deepEqual(victim.labels, []);
  });
}

test('(c) a trusted source passes to anywhere, in anybody’s name', async () => {
  const site = await createSite({ config: `${USUAL}trusted: [10.0.0.66/32]\n` });
  const trunk = site.peer('trunk', { at: '10.0.0.66' });
  const [victim, stranger] = [site.peer('far', { at: '10.0.0.77' }), site.peer('stranger', { at: '10.0.0.67' })];
  const request = { method: 'MESSAGE', uri: 'sip:x@10.0.0.77', from: '<sip:alice@example.com>;tag=1' };
  assert.equal(await answerTo(site, stranger, request), '407 MESSAGE');
  assert.deepEqual(victim.labels, []);
  trunk.send(written(trunk, { ...request, callId: 'trunk' }), site.place);
  await site.world.runFor(100);
  assert.deepEqual(victim.labels, ['MESSAGE']);
});

test('(d) a REGISTER needs the password of the address in To: 401, then 403 for somebody else’s', async () => {
  const site = await createSite();
  const bob = site.phone('bob');
  const stranger = site.peer('stranger');
  const uri = 'sip:example.com';
  assert.equal(
    await answerTo(site, stranger, { method: 'REGISTER', uri, to: '<sip:bob@example.com>' }),
    '401 REGISTER',
  );
  assert.equal((await site.play(() => bob.register({ aor: 'sip:alice@example.com' }))).status, 403);
  assert.equal((await site.play(() => bob.register())).status, 200);
});

test('(d) a REGISTER of another domain through us is a request like any other, and refused to strangers', async () => {
  const site = await createSite();
  const stranger = site.peer('stranger');
  assert.equal(await answerTo(site, stranger, { method: 'REGISTER', uri: 'sip:elsewhere.example' }), '403 REGISTER');
});

test('(e) who claims an address of ours must prove it: 407, and 403 for somebody else’s (RFC 3261 §22.3)', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const stranger = site.peer('stranger');
  const from = '<sip:alice@example.com>;tag=1';
  assert.equal(await answerTo(site, stranger, { method: 'INVITE', uri: 'sip:bob@example.com', from }), '407 INVITE');
  const liar = site.phone('carol', { aor: 'sip:alice@example.com', password: 'carol', name: 'liar' });
  assert.equal((await site.play(() => liar.call('sip:bob@example.com').answered)).status, 407);
  const prompter = await site.play(() => bob.send('MESSAGE', 'sip:bob@example.com', { headers: {} }));
  assert.equal(prompter.status, 200);
  assert.equal(bob.incoming.length, 0);
});

test('(e) true credentials of one user do not make him another: 403', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const mallory = site.phone('carol', { name: 'mallory' });
  // Carol proves that she is carol, and writes alice into From.
  const challenged = await site.play(() => mallory.send('MESSAGE', 'sip:bob@example.com'));
  assert.equal(challenged.status, 200);
  const proof = mallory.transactions.asked.at(-1)?.request;
  assert.ok(proof !== undefined);
  const stolen = await site.play(() => mallory.send('OPTIONS', 'sip:bob@example.com'));
  assert.equal(stolen.status, 200);
  const sent = mallory.transactions.asked.at(-1)?.request;
  const credentials = headerOf(sent, 'Proxy-Authorization').replace(/nc=00000001/, 'nc=00000002');
  const peer = site.peer('lying', { at: '10.0.0.66' });
  const lie = { method: 'OPTIONS', uri: 'sip:bob@example.com', from: '<sip:alice@example.com>;tag=1' };
  const answer = await answerTo(site, peer, { ...lie, headers: { 'Proxy-Authorization': credentials } });
  assert.equal(answer, '407 OPTIONS', 'a changed count makes the digest wrong');
  assert.ok(alice.aor !== '');
});

test('(e) a user who has proved himself may call anywhere (RFC 3261 §16.5)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const far = site.peer('far', { at: '10.0.0.77' });
  const call = alice.call('sip:x@10.0.0.77');
  await site.play(() => far.next('INVITE'));
  call.cancel();
  await site.settle();
});

test('(e) with auth: none users are believed, but they only reach each other', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const [alice, bob] = await pair(site);
  const far = site.peer('far', { at: '10.0.0.77' });
  assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 200);
  assert.equal((await site.play(() => alice.call('sip:x@10.0.0.77').answered)).status, 403);
  assert.equal(bob.incoming.length, 1);
  assert.deepEqual(far.labels, []);
});

test('(f) strangers reach our users, and do not hear who exists', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const stranger = site.peer('stranger');
  assert.equal(await answerTo(site, stranger, { method: 'MESSAGE', uri: 'sip:bob@example.com' }), '200 MESSAGE');
  assert.equal(await answerTo(site, stranger, { method: 'MESSAGE', uri: 'sip:nobody@example.com' }), '480 MESSAGE');
  assert.equal(headerOf(heardRequest(bob, 'MESSAGE'), 'From'), '<sip:stranger@elsewhere.example>;tag=f');
});

test('(f) a stranger in the path of a call of his own has a part in it: he may hang up', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const outside = site.phone('dave', { aor: 'sip:dave@elsewhere.example', at: '10.0.0.40' });
  await site.play(async () => {
    const call = outside.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(100);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assert.equal(incoming(bob).dialog.isOver, true);
});

for (const [what, uri, headers] of [
  ['a foreign Request-URI', 'sip:x@10.0.0.77', {}],
  ['a Route through us', 'sip:x@10.0.0.77', { Route: '<sip:10.0.0.1;lr>' }],
  ['a Route through us that asks for more', 'sip:x@y.example', { Route: '<sip:10.0.0.1;lr>, <sip:10.0.0.77;lr>' }],
  ['our host with a port that is not ours', 'sip:bob@10.0.0.1:5080', {}],
  ['our domain with a port that is not ours', 'sip:bob@example.com:5080', {}],
] as const) {
  test(`(g) this server is no relay for strangers: ${what} is refused`, async () => {
    const site = await createSite();
    const [stranger, victim] = [site.peer('stranger'), site.peer('victim', { at: '10.0.0.77' })];
    assert.equal(await answerTo(site, stranger, { method: 'INVITE', uri, headers }), '403 INVITE');
    assert.deepEqual(victim.labels, []);
  });
}

test('the address of the server stands for its first domain, for calls and for registrations', async () => {
  const config =
    'domains: [one.example, two.example]\nusers: [{ name: alice, password: alice }, { name: bob, password: bob }]\n';
  const site = await createSite({ config });
  const alice = site.phone('alice', { aor: 'sip:alice@10.0.0.1' });
  const bob = site.phone('bob', { aor: 'sip:bob@one.example' });
  await site.play(async () => {
    assert.equal((await alice.register()).status, 200);
    assert.equal((await bob.register()).status, 200);
    assert.equal((await alice.call('sip:bob@10.0.0.1:5060').answered).status, 200);
    assert.equal((await bob.call('sip:alice@one.example').answered).status, 200);
    assert.equal((await bob.call('sip:alice@two.example').answered).status, 404);
  });
});

test('a Route to a third party in front of one of our users does not make us a relay to it', async () => {
  const site = await createSite();
  await pair(site);
  const [stranger, victim] = [site.peer('stranger'), site.peer('victim', { at: '10.0.0.77' })];
  const headers = { Route: '<sip:10.0.0.1;lr>, <sip:10.0.0.77;lr>' };
  const uri = 'sip:bob@example.com';
  assert.equal(await answerTo(site, stranger, { method: 'MESSAGE', uri, headers }), '403 MESSAGE');
  assert.equal(await answerTo(site, stranger, { method: 'ACK', uri, headers }), 'nothing');
  assert.deepEqual(victim.labels, []);
});
