import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVirtualStore, createWorld, play } from '@strowger/testkit';
import { incoming, pair, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';
import { createVirtualServer } from '../sim/virtual-server.ts';

test('a call outlives the crash of the server: its tokens are still ours, both sides can go on (persisted secrets)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(1_000);
    await site.restart();
    assert.equal((await incoming(bob).dialog.invite()).status, 200);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assert.equal(incoming(bob).dialog.isOver, true);
  await site.settle();
});

test('bindings outlive a crash, and phones need no new challenge for a nonce of before (RFC 7616 §3.3)', async () => {
  const site = await createSite();
  const [alice, bob] = [site.phone('alice', { proves: 'unasked' }), site.phone('bob')];
  await site.play(async () => {
    await alice.register();
    await bob.register();
    await site.restart();
    assert.equal((await alice.call('sip:bob@example.com').answered).status, 200);
  });
  assert.equal(bob.incoming.length, 1);
});

test('a nonce whose counts were forgotten in the crash is stale, not wrong: the phone goes on without asking its user (RFC 7616 §3.3)', async () => {
  const site = await createSite();
  const alice = site.phone('alice', { proves: 'unasked' });
  await site.play(async () => {
    await alice.register();
    await site.restart();
    const before = alice.peer.heard.length;
    assert.equal((await alice.register()).status, 200);
    assert.deepEqual(alice.peer.labels.slice(before), ['401 REGISTER', '200 REGISTER']);
    const challenge = alice.peer.heard[before]?.message;
    const text =
      challenge === undefined
        ? ''
        : [...Array(challenge.content.count).keys()].map((i) => challenge.content.valueAt(i)).join();
    assert.match(text, /stale=true/);
  });
});

test('a crash in the middle of a call set-up: the caller gives up, calls again and gets through (RFC 3261 §9.1)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    await site.restart();
    bob.onInvite = (again) => again.accept();
    call.cancel();
    assert.equal((await alice.peer.next('481 CANCEL')).label, '481 CANCEL', 'the server of now knows nothing of it');
    const again = alice.call('sip:bob@example.com');
    assert.equal((await again.answered).status, 200);
    assert.equal((await call.answered).status, 408);
    assert.equal((await again.dialog.bye()).status, 200);
  });
  await site.settle();
});

test('the domain of a server that was given none is made once and stays (RFC 3261 §22.1: digests hold it)', async () => {
  const world = createWorld();
  const store = createVirtualStore(world);
  const domains: string[] = [];
  for (let life = 0; life < 2; life += 1) {
    const server = await play(world, () => createVirtualServer(world, '10.0.0.1', 'users: []\n', { store }));
    domains.push(server.identity.firstDomain);
    world.host('10.0.0.1').crash();
  }
  assert.match(domains[0] ?? '', /^[a-z0-9.-]+$/);
  assert.equal(domains[0], domains[1]);
});

test('a server that stops refuses what is new with 503 and lets what is under way end (graceful stop)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => {
    call.ring();
    site.world.after(3_000, () => call.accept());
  };
  const stranger = site.peer('stranger');
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    const stopping = site.server.stop(10_000);
    stranger.send(written(stranger, { method: 'MESSAGE', uri: 'sip:bob@example.com' }), site.place);
    assert.equal((await stranger.next()).label, '503 MESSAGE');
    assert.equal((await call.answered).status, 200);
    await stopping;
  });
  assert.throws(() =>
    site.server.listening.map(() => site.world.host('10.0.0.1').udpAt({ host: '10.0.0.1', port: 5060 }) ?? fail()),
  );
});

test('a server that stops waits no longer than it was told', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    const start = site.world.now;
    await site.server.stop(2_000);
    assert.ok(site.world.now - start >= 2_000 && site.world.now - start < 2_200);
  });
});

test('a server whose second address is taken opens none (createServer rejects)', async () => {
  const world = createWorld();
  const host = world.host('10.0.0.1', { name: 'server' });
  const silent = {
    onDatagrams: () => {},
    onData: () => {},
    onConnected: () => {},
    onClosed: () => {},
    onFailed: () => {},
  };
  host.tcp({ port: 5060, listener: silent });
  await assert.rejects(
    play(world, () => createVirtualServer(world, '10.0.0.1', USUAL)),
    /taken/,
  );
  assert.equal(host.udpAt({ host: '10.0.0.1', port: 5060 }), undefined);
});

function fail(): never {
  throw new Error('nothing listens any more');
}
