import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@strowger/sip/message';
import type { Peer } from '@strowger/testkit';
import { headerOf, heardRequest, incoming, ladderFrom, linesOf, pair, written } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

const STATELESS = `${USUAL}proxy: { stateless: true }\n`;

test('a call goes through a stateless proxy with no 100 of its own and no transaction left at any time (RFC 3261 §16.11)', async () => {
  const site = await createSite({ config: STATELESS });
  const [alice, bob] = await pair(site);
  await site.world.runFor(40_000);
  await site.play(async () => {
    const ladder = ladderFrom(site);
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    assert.equal(site.server.engine.core.clients.size, 0);
    await site.world.sleep(100);
    assert.equal((await call.dialog.bye()).status, 200);
    assert.deepEqual(ladder().slice(3), [
      'server ◀──── alice INVITE',
      'server ────▶ bob INVITE',
      'server ◀──── bob 180 INVITE',
      'server ◀──── bob 200 INVITE',
      'server ────▶ alice 180 INVITE',
      'server ────▶ alice 200 INVITE',
      'server ◀──── alice ACK',
      'server ────▶ bob ACK',
      'server ◀──── alice BYE',
      'server ────▶ bob BYE',
      'server ◀──── bob 200 BYE',
      'server ────▶ alice 200 BYE',
    ]);
  });
  assert.equal(incoming(bob).dialog.acks, 1);
  await site.settle();
});

test('a retransmission is forwarded with the same branch, another request with another one (RFC 3261 §16.11)', async () => {
  const site = await createSite({ config: STATELESS });
  const [alice, bob] = await pair(site);
  site.world.path('bob', 'server').dropNext(2, () => true);
  bob.onRequest = (asked) => void asked.respond(200);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'one'))).status, 200);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'two'))).status, 200);
  const branches = bob.peer.heard
    .filter(({ label }) => label === 'MESSAGE')
    .map(({ message }) => headerOf(message, 'Via'));
  assert.equal(branches.length, 4, 'the first was repeated twice');
  assert.deepEqual(new Set(branches.slice(0, 3)).size, 1);
  assert.notEqual(branches[3], branches[0]);
});

test('a retransmission is not challenged though its nonce count is used, but a copy with another Call-ID is (RFC 7616 §3.4)', async () => {
  const site = await createSite({ config: STATELESS });
  const [alice, bob] = await pair(site);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'one'))).status, 200);
  const sent = alice.transactions.asked.at(-1)?.request;
  assert.ok(sent !== undefined);
  const thief = site.peer('thief');
  const callId = headerOf(sent, 'Call-ID');
  const stolen = (id: string, branch: string): string =>
    written(thief, {
      method: 'MESSAGE',
      uri: sent.uri,
      from: headerOf(sent, 'From'),
      callId: id,
      cseq: 2,
      via: `SIP/2.0/UDP ${thief.local.host}:5060;branch=${branch}`,
      headers: { 'Proxy-Authorization': headerOf(sent, 'Proxy-Authorization') },
    });
  thief.send(stolen('another', 'z9hG4bK1'), site.place);
  assert.equal((await site.play(() => thief.next())).label, '407 MESSAGE');
  await site.world.runFor(40_000);
  thief.send(stolen(callId, 'z9hG4bK2'), site.place);
  assert.equal((await site.play(() => thief.next())).label, '407 MESSAGE', 'no client sends a request again so late');
  assert.equal(bob.peer.labels.filter((label) => label === 'MESSAGE').length, 1);
});

test('a CANCEL follows its INVITE with the same branch, and the ACK to the failure too (RFC 3261 §16.10, §16.11)', async () => {
  const site = await createSite({ config: STATELESS });
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    call.cancel();
    assert.equal((await call.answered).status, 487);
    await site.world.sleep(100);
  });
  const branches = ['INVITE', 'CANCEL', 'ACK'].map((method) => headerOf(heardRequest(bob, method), 'Via'));
  assert.equal(new Set(branches).size, 1);
  assert.deepEqual(
    bob.peer.labels.filter((label) => !label.includes('REGISTER')),
    ['INVITE', 'CANCEL', 'ACK'],
  );
  await site.settle();
});

test('of several phones only the preferred one is tried: there is no state to fork with (RFC 3261 §16.11)', async () => {
  const site = await createSite({ config: STATELESS });
  const [alice, bob] = await pair(site);
  const other = site.phone('bob', { name: 'other' });
  await site.play(async () => {
    await bob.register({ contacts: [`<${bob.contact}>;q=0.1`] });
    await other.register({ contacts: [`<${other.contact}>;q=0.7`] });
    await alice.call('sip:bob@example.com').answered;
  });
  assert.deepEqual([bob.incoming.length, other.incoming.length], [0, 1]);
});

test('a response goes to the next Via only where the top one is of a branch that we made (RFC 3261 §16.11, RFC 6026 §8.9)', async () => {
  const site = await createSite({ config: STATELESS });
  const [stranger, victim] = [site.peer('stranger'), site.peer('victim', { at: '10.0.0.77' })];
  const vias = (branch: string): readonly string[] => [
    `Via: SIP/2.0/UDP 10.0.0.1:5060;branch=${branch}`,
    'Via: SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKv',
  ];
  for (const branch of ['z9hG4bKforged', 'nothing', 'z9hG4bK0.x.1.abc'])
    stranger.send(
      [
        'SIP/2.0 200 OK',
        ...vias(branch),
        'From: <sip:a@b>;tag=1',
        'To: <sip:b@b>;tag=2',
        'Call-ID: x',
        'CSeq: 1 INVITE',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
      site.place,
    );
  await site.world.runFor(1_000);
  assert.deepEqual(victim.labels, []);
});

test('a stateless proxy answers what it must refuse without remembering it (RFC 3261 §8.2.7)', async () => {
  const site = await createSite({ config: STATELESS });
  const peer = site.peer('stranger');
  peer.send(written(peer, { method: 'INVITE', uri: 'sip:bob@elsewhere.example' }), site.place);
  assert.equal((await site.play(() => peer.next())).label, '403 INVITE');
  assert.equal(linesOf(peer.heard[0]?.message, 'Via').length, 1);
});

for (const method of ['CANCEL', 'ACK'] as const)
  test(`a ${method} to elsewhere follows what it belongs to where a trusted source sends it, and is dropped for a stranger (RFC 3261 §16.10, §16.11)`, async () => {
    const site = await createSite({ config: `${STATELESS}trusted: [10.0.0.66/32]\n` });
    const far = site.peer('far', { at: '10.0.0.77' });
    const [trunk, stranger] = [site.peer('trunk', { at: '10.0.0.66' }), site.peer('stranger', { at: '10.0.0.67' })];
    for (const peer of [stranger, trunk]) {
      const via = `SIP/2.0/UDP ${peer.local.host}:5060;branch=z9hG4bK1`;
      const call = { uri: 'sip:x@10.0.0.77', from: '<sip:a@b.example>;tag=1', callId: peer.local.host, via };
      for (const one of ['INVITE', method])
        peer.send(
          written(peer, { ...call, method: one, ...(one === 'ACK' ? { to: '<sip:x@10.0.0.77>;tag=2' } : {}) }),
          site.place,
        );
      await site.world.runFor(1_000);
    }
    assert.deepEqual(far.labels, ['INVITE', method]);
    const [invite, other] = ['INVITE', method].map((name) => headerOf(heardRequest(far, name), 'Via'));
    assert.equal(invite, other, 'one branch, so that the far side knows what it is for');
    assert.deepEqual(stranger.labels, ['403 INVITE'], 'neither is ever challenged');
  });

test('a CANCEL and an ACK within a call go where its token leads, and nowhere with another token (RFC 3261 §16.11)', async () => {
  const site = await createSite({ config: STATELESS });
  const alice = site.phone('alice');
  const far = site.phone('far', { at: '10.0.0.77' });
  const call = alice.call('sip:far@10.0.0.77');
  await site.play(() => call.answered);
  await site.world.runFor(1_000);
  assert.equal(incoming(far).dialog.acks, 1, 'the ACK to the 2xx');
  const { callId, routes, local, remote, target } = call.dialog.start;
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const heard = far.peer.heard.length;
  for (const [route, id] of [
    [routes[0], callId],
    [routes[0], 'another'],
    [routes[0]?.replace(/;t=.*/, ''), callId],
  ])
    for (const method of ['CANCEL', 'ACK']) {
      const headers = { Route: `<${route}>` };
      peer.send(
        written(peer, { method, uri: target, from: local, to: remote, callId: id ?? '', cseq: 7, headers }),
        site.place,
      );
    }
  await site.world.runFor(1_000);
  assert.deepEqual(
    far.peer.labels.slice(heard).filter((label) => !/^\d/.test(label)),
    ['CANCEL', 'ACK'],
  );
});

test('a request that comes back as it was ends in a stateless proxy too: 482 (RFC 3261 §16.3 step 4, RFC 5393 §4.2)', async () => {
  const names = { 'mirror.example': ['10.0.0.80'] };
  const site = await createSite({ config: STATELESS, names });
  const bob = site.phone('bob');
  const mirror = site.peer('mirror', { at: '10.0.0.80' });
  mirror.onMessage = ({ message }) => reflect(site, mirror, message);
  await site.play(() => bob.register({ contacts: ['<sip:bob@mirror.example>'] }));
  const peer = site.peer('peer', { at: '10.0.0.66' });
  peer.send(written(peer, { method: 'MESSAGE', uri: 'sip:bob@example.com' }), site.place);
  await site.world.runFor(5_000);
  assert.deepEqual(mirror.labels, ['MESSAGE', '482 MESSAGE']);
});

for (const mode of ['stateful', 'stateless'] as const)
  test(`an ACK that comes back as it was is not sent again (${mode} proxy, RFC 5393 §4.2)`, async () => {
    const names = { 'mirror.example': ['10.0.0.80'] };
    const site = await createSite({ config: mode === 'stateful' ? USUAL : STATELESS, names });
    const bob = site.phone('bob');
    const mirror = site.peer('mirror', { at: '10.0.0.80' });
    mirror.onMessage = ({ message }) => reflect(site, mirror, message);
    const reasons: string[] = [];
    site.server.observe((event) => {
      if (event.type === 'message.dropped') reasons.push(event.reason);
    });
    await site.play(() => bob.register({ contacts: ['<sip:bob@mirror.example>'] }));
    const peer = site.peer('peer', { at: '10.0.0.66' });
    const to = '<sip:bob@example.com>;tag=2';
    peer.send(written(peer, { method: 'ACK', uri: 'sip:bob@example.com', to }), site.place);
    await site.world.runFor(5_000);
    assert.deepEqual(mirror.labels, ['ACK']);
    assert.deepEqual(reasons, ['ACK that was here before']);
  });

/** Sends a request back with the Request-URI that it came to us with. */
function reflect(site: Site, mirror: Peer, message: Message): void {
  if (message.kind !== 'request') return;
  const via = [`SIP/2.0/UDP 10.0.0.80;branch=z9hG4bK${mirror.heard.length}`, ...linesOf(message, 'Via')].join(', ');
  const hops = { 'Max-Forwards': headerOf(message, 'Max-Forwards') };
  const { method } = message;
  const ids = { from: headerOf(message, 'From'), to: headerOf(message, 'To'), callId: headerOf(message, 'Call-ID') };
  const text = written(mirror, { method, uri: 'sip:bob@example.com', via, ...ids, headers: hops });
  mirror.send(text, site.place);
}
