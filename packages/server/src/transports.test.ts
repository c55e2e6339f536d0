import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll, recordRoute } from '@strowger/sip/message';
import { createWorld, Peer, play } from '@strowger/testkit';
import { headerOf, heardRequest, incoming, linesOf, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';
import { createVirtualServer } from '../sim/virtual-server.ts';

for (const [callerBy, calleeBy] of [
  ['udp', 'tcp'],
  ['tcp', 'udp'],
  ['tcp', 'tcp'],
] as const) {
  test(`a call from ${callerBy} to ${calleeBy}, with requests in it both ways (RFC 3261 §18, RFC 5658 §3)`, async () => {
    const site = await createSite();
    const [alice, bob] = [site.phone('alice', { protocol: callerBy }), site.phone('bob', { protocol: calleeBy })];
    await site.play(async () => {
      assert.equal((await alice.register()).status, 200);
      assert.equal((await bob.register()).status, 200);
      const call = alice.call('sip:bob@example.com');
      assert.equal((await call.answered).status, 200);
      await site.world.sleep(100);
      assert.equal((await incoming(bob).dialog.invite()).status, 200);
      assert.equal((await call.dialog.invite()).status, 200);
      await site.world.sleep(100);
      assert.equal((await incoming(bob).dialog.bye()).status, 200);
      assert.deepEqual([call.dialog.acks, incoming(bob).dialog.acks], [1, 2]);
    });
    for (const { protocol, from, to } of site.world.traffic) {
      const phone = [from.host, to.host].includes('10.0.0.11') ? callerBy : calleeBy;
      assert.equal(protocol, phone);
    }
    const routes = readAll(heardRequest(bob, 'INVITE'), recordRoute).map(({ uriText }) => uriText.replace(/;t=.*/, ''));
    const by = { udp: 'sip:10.0.0.1:5060;lr', tcp: 'sip:10.0.0.1:5060;transport=tcp;lr' };
    assert.deepEqual(routes, callerBy === calleeBy ? [by[callerBy]] : [by[calleeBy], by[callerBy]]);
    await site.settle();
  });
}

test('a phone behind TCP that cannot be connected to is called on the connection that it registered on (RFC 5626 §5.3)', async () => {
  const site = await createSite();
  const [alice] = await site.registered('alice');
  const bob = site.phone('bob', { protocol: 'tcp', contact: 'sip:bob@192.168.1.5:5060;transport=tcp' });
  await site.play(async () => {
    await bob.register();
    const call = alice?.call('sip:bob@example.com');
    assert.equal((await call?.answered)?.status, 200);
  });
  assert.equal(bob.incoming.length, 1);
});

test('a phone whose connection is gone is called by its Contact, where it listens (RFC 3261 §18.1.1)', async () => {
  const site = await createSite();
  const [alice] = await site.registered('alice');
  const bob = site.phone('bob', { protocol: 'tcp' });
  await site.play(async () => {
    await bob.register();
    site.world.link('server', 'bob').partition('reset');
    await site.world.sleep(1_000);
    site.world.link('server', 'bob').heal();
    const call = alice?.call('sip:bob@example.com');
    assert.equal((await call?.answered)?.status, 200);
    assert.equal((await call?.dialog.bye())?.status, 200);
  });
  await site.settle();
});

test('an answer on TCP goes back on the connection of its request; when that is gone, on a new one to the Via (RFC 3261 §18.2.2)', async () => {
  const site = await createSite();
  const [alice, bob] = [site.phone('alice', { protocol: 'tcp' }), site.phone('bob')];
  await site.play(async () => {
    await alice.register();
    await bob.register();
    bob.onInvite = (call) => {
      call.ring();
      site.world.after(3_000, () => call.accept());
    };
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    site.world.link('server', 'alice').partition('reset');
    await site.world.sleep(1_000);
    site.world.link('server', 'alice').heal();
    assert.equal((await call.answered).status, 200);
  });
  const last = alice.peer.heard.at(-1);
  assert.equal(last?.label, '200 INVITE');
  assert.notEqual(last?.connection, alice.peer.heard[0]?.connection);
});

test('a UDP answer goes to the source address, and to the source port where the Via has rport (RFC 3261 §18.2.2, RFC 3581 §4)', async () => {
  const site = await createSite();
  const [behind, listening] = [site.peer('nat', { port: 40_000 }), site.peer('old', { port: 40_001 })];
  const other = site.peer('old', { at: listening.local.host, port: 5060 });
  behind.send(
    written(behind, {
      method: 'OPTIONS',
      uri: 'sip:example.com',
      via: 'SIP/2.0/UDP 192.168.0.9:5060;branch=z9hG4bK1;rport',
    }),
    site.place,
  );
  listening.send(
    written(listening, {
      method: 'OPTIONS',
      uri: 'sip:example.com',
      via: 'SIP/2.0/UDP old.example;branch=z9hG4bK2',
      callId: 'other',
    }),
    site.place,
  );
  await site.world.runFor(1_000);
  const via = headerOf(behind.heard[0]?.message, 'Via');
  assert.equal(via, `SIP/2.0/UDP 192.168.0.9:5060;branch=z9hG4bK1;rport=40000;received=${behind.local.host}`);
  assert.deepEqual(listening.labels, []);
  assert.deepEqual(other.labels, ['200 OPTIONS'], 'the sent-by port of the source address');
});

test('keep-alives are answered on streams and swallowed on datagrams (RFC 5626 §4.4)', async () => {
  const site = await createSite();
  const [udp, tcp] = [site.peer('udp'), site.peer('tcp', { protocol: 'tcp' })];
  for (const peer of [udp, tcp]) peer.send('\r\n\r\n', site.place);
  udp.send('\0\0\0\0', site.place);
  await site.world.runFor(1_000);
  assert.deepEqual(
    site.world.traffic.map(({ label, from }) => `${from.host === '10.0.0.1' ? 'server' : 'peer'} ${label}`),
    ['peer ping', 'peer 4 bytes', 'peer ping', 'server pong'],
  );
  await site.settle();
});

test('garbage on a stream ends that connection and no other (RFC 3261 §18.3)', async () => {
  const site = await createSite();
  const [bad, good] = [site.peer('bad', { protocol: 'tcp' }), site.peer('good', { protocol: 'tcp' })];
  const options = (peer: Peer, branch: string): string =>
    written(peer, {
      method: 'OPTIONS',
      uri: 'sip:example.com',
      via: `SIP/2.0/TCP ${peer.local.host};branch=${branch}`,
    });
  good.send(options(good, 'z9hG4bKa'), site.place);
  bad.send(options(bad, 'z9hG4bKb').replace('Content-Length: 0', 'Content-Length: many'), site.place);
  await site.world.runFor(1_000);
  good.send(options(good, 'z9hG4bKc'), site.place);
  await site.world.runFor(1_000);
  assert.deepEqual(good.labels, ['200 OPTIONS', '200 OPTIONS']);
  assert.deepEqual(bad.labels, ['400 OPTIONS']);
  assert.ok(site.world.notes.some(({ text }) => text.includes('server') && text.includes('bad')));
});

test('a server of two families takes a call from IPv4 to IPv6, record-routed once for each side (RFC 5658 §3)', async () => {
  const world = createWorld();
  const host = world.host('10.0.0.1', { name: 'server', also: ['2001:db8::1'] });
  const config = `${USUAL}listen: ["udp:10.0.0.1:5060", "udp:[2001:db8::1]:5060"]\n`;
  await play(world, () => createVirtualServer(world, '10.0.0.1', config));
  const { createPhone } = await import('@strowger/testkit');
  const alice = createPhone(world, {
    aor: 'sip:alice@example.com',
    at: '10.0.0.11',
    password: 'alice',
    server: { host: '10.0.0.1', port: 5060 },
  });
  const bob = createPhone(world, {
    aor: 'sip:bob@example.com',
    at: '2001:db8::12',
    password: 'bob',
    server: { host: '2001:db8::1', port: 5060 },
  });
  await play(world, async () => {
    await alice.register();
    assert.equal((await bob.register()).status, 200);
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await world.sleep(100);
    assert.equal((await incoming(bob).dialog.bye()).status, 200);
  });
  const routes = readAll(heardRequest(bob, 'INVITE'), recordRoute).map(({ uriText }) => uriText.replace(/;lr.*/, ''));
  assert.deepEqual(routes, ['sip:[2001:db8::1]:5060', 'sip:10.0.0.1:5060']);
  assert.equal(host.name, 'server');
});

test('with advertise the public address stands in Via, Record-Route and is ours when it comes back (RFC 3261 §18.1.1)', async () => {
  const site = await createSite({ config: `${USUAL}advertise: 203.0.113.5:5070\n` });
  const [alice, bob] = await site.registered('alice', 'bob');
  assert.ok(alice !== undefined && bob !== undefined);
  // The router in front of the server: what is sent to the public address comes to it.
  const router = new Peer(site.world, site.world.host('203.0.113.5', { name: 'router' }), { port: 5070 });
  router.onMessage = ({ message }) => router.send(message, site.place);
  const call = alice.call('sip:bob@example.com');
  await site.play(async () => {
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(100);
  });
  const invite = heardRequest(bob, 'INVITE');
  assert.match(headerOf(invite, 'Via'), /^SIP\/2.0\/UDP 203\.0\.113\.5:5070;/);
  assert.match(headerOf(invite, 'Record-Route'), /^<sip:203\.0\.113\.5:5070;lr;t=/);
  assert.deepEqual(linesOf(heardRequest(bob, 'ACK'), 'Route'), []);
});
