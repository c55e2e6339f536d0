import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPhone, play } from '@strowger/testkit';
import { headerOf, heardRequest, linesOf, pair, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';
import { createVirtualServer } from '../sim/virtual-server.ts';

test('a Route that names us is taken off and the next one is followed (RFC 3261 §16.4, §16.6 step 6)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const next = site.peer('next', { at: '10.0.0.80' });
  await site.play(async () => {
    const routes = ['sip:10.0.0.1;lr', 'sip:example.com;lr', 'sip:10.0.0.80;lr', 'sip:10.0.0.81;lr'];
    const call = alice.call('sip:dave@elsewhere.example', { routes });
    const { message } = await next.next('INVITE');
    assert.deepEqual(linesOf(message, 'Route'), ['<sip:10.0.0.80;lr>', '<sip:10.0.0.81;lr>']);
    assert.equal(message.kind === 'request' ? message.uri : '', 'sip:dave@elsewhere.example');
    call.cancel();
  });
});

test('a strict router behind us gets its own URI as Request-URI, the target goes to the end of Route (RFC 3261 §16.6 step 6)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const strict = site.peer('strict', { at: '10.0.0.80' });
  await site.play(async () => {
    const routes = ['sip:10.0.0.1;lr', 'sip:10.0.0.80', 'sip:10.0.0.81;lr'];
    const call = alice.call('sip:dave@elsewhere.example', { routes });
    const { message } = await strict.next('INVITE');
    assert.equal(message.kind === 'request' ? message.uri : '', 'sip:10.0.0.80');
    assert.deepEqual(linesOf(message, 'Route'), ['<sip:10.0.0.81;lr>', '<sip:dave@elsewhere.example>']);
    call.cancel();
  });
});

test('what a strict router before us did is undone: our Record-Route in the Request-URI, the target last in Route (RFC 3261 §16.4)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  const strict = site.peer('strict', { at: '10.0.0.80' });
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(100);
    const { start, target } = call.dialog;
    strict.send(
      written(strict, {
        method: 'BYE',
        uri: start.routes[0] ?? '',
        from: start.local,
        to: start.remote,
        callId: start.callId,
        cseq: 9,
        headers: { Route: `<${target}>` },
      }),
      site.place,
    );
    assert.equal((await strict.next()).label, '200 BYE');
  });
  const bye = heardRequest(bob, 'BYE');
  assert.equal(bye.uri, bob.contact);
  assert.deepEqual(linesOf(bye, 'Route'), []);
});

test('a request that comes back as it was is a loop: 482 (RFC 3261 §16.3 step 4, RFC 5393 §4.2)', async () => {
  const names = { 'mirror.example': ['10.0.0.80'] };
  const site = await createSite({ config: `${USUAL}auth: none\ntrusted: [10.0.0.11/32]\n`, names });
  const [alice] = await pair(site);
  const mirror = site.peer('mirror', { at: '10.0.0.80' });
  mirror.onMessage = ({ message }) => {
    if (message.kind !== 'request' || message.method !== 'INVITE') return;
    const vias = linesOf(message, 'Via');
    mirror.send(
      written(mirror, {
        method: 'INVITE',
        uri: 'sip:bob@example.com',
        via: ['SIP/2.0/UDP 10.0.0.80;branch=z9hG4bKmirror', ...vias].join(', '),
        from: headerOf(message, 'From'),
        to: headerOf(message, 'To'),
        callId: headerOf(message, 'Call-ID'),
        headers: { 'Max-Forwards': '60' },
      }),
      site.place,
    );
  };
  await site.play(async () => {
    await alice.register({
      aor: 'sip:bob@example.com',
      contacts: ['<sip:bob@mirror.example>;q=1', '<sip:b@mirror.example>;q=0'],
    });
    const call = alice.call('sip:bob@example.com');
    await mirror.next('482 INVITE');
    call.cancel();
  });
});

test('a request that comes back with another Request-URI is a spiral and passes (RFC 5393 §4.2)', async () => {
  const config = `${USUAL}auth: none\ntrusted: [10.0.0.11/32]\n`;
  const site = await createSite({ config, names: { 'behind.example': ['10.0.0.3'] } });
  const [alice, bob] = await pair(site);
  const { world } = site;
  await site.play(async () => {
    // Carol is erin elsewhere, and erin is bob.
    const other = 'domains: [behind.example]\nusers: [{ name: erin, password: erin }]\n';
    const behind = { host: '10.0.0.3', port: 5060 };
    await createVirtualServer(world, behind.host, other, { name: 'behind', names: { 'example.com': ['10.0.0.1'] } });
    const erin = createPhone(world, {
      aor: 'sip:erin@behind.example',
      at: '10.0.0.43',
      password: 'erin',
      server: behind,
    });
    assert.equal((await erin.register({ contacts: ['<sip:bob@example.com>'] })).status, 200);
    await alice.register({ aor: 'sip:carol@example.com', contacts: ['<sip:erin@behind.example>'] });
    const call = alice.call('sip:carol@example.com');
    assert.equal((await call.answered).status, 200);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  const invite = heardRequest(bob, 'INVITE');
  assert.deepEqual(
    linesOf(invite, 'Via').map((value) => /UDP ([\d.]+)/.exec(value)?.[1]),
    ['10.0.0.1', '10.0.0.3', '10.0.0.1', '10.0.0.11'],
  );
  await site.settle();
});

test('two users who forward to each other end in 482, not in a storm (RFC 5393 §3)', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const alice = site.phone('alice');
  await site.play(async () => {
    await alice.register({
      aor: 'sip:bob@example.com',
      contacts: ['<sip:carol@example.com>', '<sip:carol@example.com;x=1>'],
    });
    const contacts = ['<sip:bob@example.com>', '<sip:bob@example.com;x=1>'];
    assert.equal((await alice.register({ aor: 'sip:carol@example.com', contacts })).status, 200);
    const start = site.world.traffic.length;
    const { status } = await alice.call('sip:bob@example.com').answered;
    assert.equal(status, 482);
    assert.ok(site.world.traffic.length - start < 10, `${site.world.traffic.length - start} messages`);
  });
  await site.settle();
});

test('a copy of a request that came to us by another way is refused by the server it is for: 482 (RFC 3261 §8.2.2.2)', async () => {
  const site = await createSite();
  const peer = site.peer('forked');
  const copy = (branch: string, cseq = 1): string =>
    written(peer, { method: 'OPTIONS', uri: 'sip:example.com', via: `SIP/2.0/UDP 10.0.0.11;branch=${branch}`, cseq });
  for (const text of [copy('z9hG4bK1'), copy('z9hG4bK2'), copy('z9hG4bK1'), copy('z9hG4bK3', 2)])
    peer.send(text, site.place);
  await site.world.runFor(100);
  assert.deepEqual(peer.labels, ['200 OPTIONS', '482 OPTIONS', '200 OPTIONS', '200 OPTIONS']);
  await site.settle();
});

test('copies of a call that came by two ways both pass a proxy: which of them is too much the phone says (RFC 3261 §8.2.2.2)', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const [, bob] = await pair(site);
  const peer = site.peer('forked');
  for (const branch of ['z9hG4bK1', 'z9hG4bK2'])
    peer.send(
      written(peer, {
        method: 'MESSAGE',
        uri: 'sip:bob@example.com',
        via: `SIP/2.0/UDP ${peer.local.host};branch=${branch}`,
      }),
      site.place,
    );
  await site.world.runFor(100);
  assert.deepEqual(peer.labels, ['200 MESSAGE', '482 MESSAGE']);
  assert.equal(bob.peer.labels.filter((label) => label === 'MESSAGE').length, 2);
  await site.settle();
});

test('a maddr that names us is taken off the Request-URI (RFC 3261 §16.4)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com;maddr=10.0.0.1');
    assert.equal((await call.answered).status, 200);
    await call.dialog.bye();
  });
  assert.equal(bob.incoming.length, 1);
});

test('a callee of another domain is found by the name of his domain, at its next address when the first refuses (RFC 3263 §4.3)', async () => {
  const names = { 'elsewhere.example': ['10.0.0.98', '10.0.0.40'], 'nowhere.example': [] };
  const site = await createSite({ names, lookupMs: 50 });
  const [alice] = await pair(site);
  site.world.host('10.0.0.98', { name: 'closed' });
  const dave = site.phone('dave', { at: '10.0.0.40', protocol: 'tcp' });
  await site.play(async () => {
    const call = alice.call('sip:dave@elsewhere.example;transport=tcp');
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(100);
    assert.equal((await call.dialog.bye()).status, 200);
    assert.equal(
      (await alice.call('sip:dave@nowhere.example').answered).status,
      500,
      'a 503 of one branch is not passed on',
    );
  });
  assert.equal(dave.incoming.length, 1);
  await site.settle();
});

test('a call through two servers of two domains, and back (RFC 3261 §4)', async () => {
  const site = await createSite({ names: { 'two.example': ['10.0.0.2'] } });
  const { world } = site;
  const config = 'domains: [two.example]\nusers: [{ name: dave, password: dave }]\n';
  const second = await play(world, () =>
    createVirtualServer(world, '10.0.0.2', config, { name: 'second', names: { 'example.com': ['10.0.0.1'] } }),
  );
  const [alice] = await pair(site);
  const dave = createPhone(world, {
    aor: 'sip:dave@two.example',
    at: '10.0.0.60',
    password: 'dave',
    server: { host: '10.0.0.2', port: 5060 },
  });
  await site.play(async () => {
    assert.equal((await dave.register()).status, 200);
    const call = alice.call('sip:dave@two.example');
    assert.equal((await call.answered).status, 200);
    await world.sleep(100);
    assert.equal(call.dialog.start.routes.length, 2);
    assert.equal((await dave.incoming[0]?.dialog.bye())?.status, 200);
    const back = dave.call('sip:alice@example.com');
    assert.equal((await back.answered).status, 200);
    assert.equal((await back.dialog.bye()).status, 200);
  });
  await site.settle();
  assert.equal(second.engine.core.servers.size + second.engine.core.clients.size, 0);
});

test('a request in a dialog whose target is one of our own addresses goes to the bindings of that user (RFC 3261 §16.5)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const bob = site.phone('bob', { name: 'desk', contact: 'sip:bob@example.com' });
  await site.play(async () => {
    const place = `<sip:bob@${bob.peer.local.host}:5060>`;
    await bob.register({ contacts: ['*'], expires: 0 });
    await bob.register({ contacts: [place] });
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(100);
    assert.equal(call.dialog.target, 'sip:bob@example.com');
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assert.equal(bob.incoming[0]?.dialog.acks, 1);
});
