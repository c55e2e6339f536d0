import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bodyOf,
  callId,
  cseq,
  from,
  maxForwards,
  read,
  readAll,
  recordRoute,
  route,
  to,
  via,
} from '@strowger/sip/message';
import type { Heard } from '@strowger/testkit';
import { bytesOf } from '@strowger/testkit/messages';
import { headerOf, heardRequest, incoming, ladderFrom, pair, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';

test('a call goes through the server from INVITE to BYE, and nothing is left of it (RFC 3261 §16, §24.2)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  const ladder = ladderFrom(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(100);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assert.deepEqual(ladder(), [
    'server ◀──── alice INVITE',
    'server ────▶ alice 407 INVITE',
    'server ◀──── alice ACK',
    'server ◀──── alice INVITE',
    'server ────▶ alice 100 INVITE',
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
  assert.equal(bob.incoming[0]?.dialog.acks, 1);
  await site.settle();
});

test('the callee hangs up along the same way back (RFC 3261 §12.2.1.1)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(100);
    assert.equal((await incoming(bob).dialog.bye()).status, 200);
    assert.equal(call.dialog.isOver, true);
  });
  assert.equal(readAll(heardRequest(alice, 'BYE'), via).length, 2, 'it came through the server');
  await site.settle();
});

test('the forwarded INVITE: bindings for its Request-URI, one hop less, our Via and Record-Route on top, the rest as it was (RFC 3261 §16.6)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  const body = bytesOf('v=0\r\n');
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com', {
      body,
      headers: { 'Content-Type': 'application/sdp', 'X-Unknown': 'kept,  as  it is', Subject: 'lunch' },
    });
    await call.answered;
    await call.dialog.bye();
  });
  const sent = alice.transactions.asked.filter(({ request }) => request.method === 'INVITE').at(-1)?.request;
  const got = heardRequest(bob, 'INVITE');
  assert.ok(sent !== undefined);
  assert.equal(got.uri, bob.contact);
  assert.equal(read(got, maxForwards), 69);
  assert.deepEqual(
    readAll(got, via).map(({ host, port }) => `${host}:${port}`),
    ['10.0.0.1:5060', '10.0.0.11:5060'],
  );
  assert.match(readAll(got, recordRoute)[0]?.uriText ?? '', /^sip:10\.0\.0\.1:5060;lr;t=/);
  for (const def of [from, to, callId, cseq])
    assert.deepEqual(read(got, def as typeof callId), read(sent, def as typeof callId));
  assert.equal(headerOf(got, 'X-Unknown'), 'kept,  as  it is');
  assert.equal(headerOf(got, 'Subject'), 'lunch');
  assert.deepEqual(new Uint8Array(bodyOf(got)), body);
  assert.equal(headerOf(got, 'Max-Breadth'), '60');
});

test('an ACK to a 2xx goes end to end, with the credentials of its INVITE and a body if it has one (RFC 3261 §13.2.2.4)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com', { ackBody: bytesOf('v=0\r\n') });
    await call.answered;
    await site.world.sleep(100);
    await call.dialog.bye();
  });
  const ack = heardRequest(bob, 'ACK');
  assert.equal(new TextDecoder().decode(bodyOf(ack)), 'v=0\r\n');
  assert.equal(ack.uri, bob.contact);
  assert.deepEqual(readAll(ack, route), [], 'our own Route is taken off');
  assert.equal(readAll(ack, recordRoute).length, 0);
});

test('a 2xx that is not acknowledged is repeated through the server, as long as the callee repeats it (RFC 6026 §7.1)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com', { ack: 1800 });
    await call.answered;
    await site.world.sleep(5_000);
    assert.deepEqual(
      alice.peer.labels.filter((label) => label === '200 INVITE').length,
      3,
      'the first, after 500 ms, after 1500 ms',
    );
    await call.dialog.bye();
  });
  await site.settle();
});

test('a lost 2xx is made good by the callee, a lost ACK by the caller’s next one (RFC 3261 §13.3.1.4)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  site.world.path('server', 'alice').dropNext(2, (label) => label === '200 INVITE');
  site.world.path('alice', 'server').dropNext(2, (label) => label === 'ACK');
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(20_000);
    assert.ok(incoming(bob).dialog.acks >= 1);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  await site.settle();
});

test('who never acknowledges is hung up on by the callee, through the server (RFC 3261 §13.3.1.4)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com', { ack: 'never' });
    await call.answered;
    await site.world.sleep(40_000);
    assert.equal(call.dialog.isOver, true);
    assert.equal(incoming(bob).dialog.isOver, true);
  });
  await site.settle();
});

test('either side may offer something new within the call (RFC 3261 §14)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(100);
    assert.equal((await call.dialog.invite()).status, 200);
    assert.equal((await incoming(bob).dialog.invite()).status, 200);
    assert.equal((await call.dialog.request('INFO')).status, 200);
    assert.equal((await incoming(bob).dialog.request('UPDATE')).status, 200);
    await site.world.sleep(100);
    assert.equal(incoming(bob).dialog.acks, 2);
    assert.equal(call.dialog.acks, 1);
    await call.dialog.bye();
  });
  const reinvite = heardRequest(bob, 'INVITE', 1);
  assert.deepEqual(readAll(reinvite, recordRoute), [], 'the route set of a dialog does not change');
  await site.settle();
});

test('with recordRoute: false the phones talk to each other once the call is up (RFC 3261 §16.6 step 4)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { recordRoute: false }\n` });
  const [alice, bob] = await pair(site);
  const ladder = ladderFrom(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(100);
    await call.dialog.bye();
  });
  assert.deepEqual(ladder().slice(-3), ['alice ────▶ bob ACK', 'alice ────▶ bob BYE', 'alice ◀──── bob 200 BYE']);
  assert.deepEqual(readAll(heardRequest(bob, 'INVITE'), recordRoute), []);
});

test('a callee’s answer to the caller is passed on as it was: status, reason, headers, body (RFC 3261 §16.7 step 9)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.reject(488, { reason: 'No Such Codec', body: bytesOf('why') });
  const { response } = await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.equal(response?.status, 488);
  assert.equal(response?.reason, 'No Such Codec');
  assert.equal(response === undefined ? '' : new TextDecoder().decode(bodyOf(response)), 'why');
  await site.settle();
});

for (const [status, what] of [
  [486, 'busy'],
  [603, 'declined'],
  [480, 'not there'],
] as const) {
  test(`a call that is ${what} (${status}) is acknowledged on each hop by itself (RFC 3261 §17.1.1.3)`, async () => {
    const site = await createSite();
    const [alice, bob] = await pair(site);
    bob.onInvite = (call) => {
      call.ring();
      site.world.after(1_000, () => call.reject(status));
    };
    const ladder = ladderFrom(site);
    const outcome = await site.play(() => alice.call('sip:bob@example.com').answered);
    assert.equal(outcome.status, status);
    await site.world.runFor(100);
    assert.deepEqual(ladder().slice(-4), [
      `server ◀──── bob ${status} INVITE`,
      'server ────▶ bob ACK',
      `server ────▶ alice ${status} INVITE`,
      'server ◀──── alice ACK',
    ]);
    await site.settle();
  });
}

test('a user who exists and is not registered is not available: 480; who does not exist is not found: 404 (RFC 3261 §21.4.18, §21.4.5)', async () => {
  const site = await createSite();
  const [alice] = await site.registered('alice');
  assert.ok(alice !== undefined);
  assert.equal((await site.play(() => alice.call('sip:carol@example.com').answered)).status, 480);
  assert.equal((await site.play(() => alice.call('sip:nobody@example.com').answered)).status, 404);
  await site.settle();
});

test('a phone that does not answer at all is given up after 64*T1, and the caller hears 408 (RFC 3261 §16.8, §17.1.1.2)', async () => {
  const site = await createSite();
  const [alice] = await site.registered('alice');
  const ghost = site.phone('bob', { contact: 'sip:bob@10.0.0.99:5060' });
  await site.play(() => ghost.register());
  const start = site.world.now;
  const call = alice?.call('sip:bob@example.com');
  const outcome = await site.play(async () => await call?.answered);
  assert.equal(outcome?.status, 408);
  assert.ok(site.world.now - start > 32_000 && site.world.now - start < 32_200);
  const sent = site.world.traffic.filter(({ to: there, label }) => there.host === '10.0.0.99' && label === 'INVITE');
  assert.deepEqual(
    sent.map(({ at }) => Math.round((at - (sent[0]?.at ?? 0)) / 100) * 100),
    [0, 500, 1500, 3500, 7500, 15_500, 31_500],
    'Timer A doubles',
  );
  await site.settle();
});

test('a phone that rings for ever is cancelled when Timer C runs out, and the caller hears 408 (RFC 3261 §16.8)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { timerC: 181 }\n` });
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  const start = site.world.now;
  const outcome = await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.equal(outcome.status, 408);
  assert.ok(site.world.now - start > 181_000 && site.world.now - start < 182_000);
  assert.equal(incoming(bob).isCancelled, true);
  await site.settle();
});

test('ringing again starts Timer C anew (RFC 3261 §16.7 step 2)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { timerC: 181 }\n` });
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => {
    for (const ms of [0, 60_000, 120_000, 180_000, 240_000]) site.world.after(ms, () => call.ring());
    site.world.after(300_000, () => call.accept());
  };
  const outcome = await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.equal(outcome.status, 200);
});

test('MESSAGE, OPTIONS and a method that nobody has heard of are passed on (RFC 3261 §16.3, RFC 3428)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  const asked: string[] = [];
  bob.onRequest = (request) => {
    asked.push(request.request.method);
    request.respond(202, { reason: 'Taken' });
  };
  for (const method of ['MESSAGE', 'OPTIONS', 'WHISTLE']) {
    const { status } = await site.play(() => alice.send(method, 'sip:bob@example.com'));
    assert.equal(status, 202);
  }
  assert.deepEqual(asked, ['MESSAGE', 'OPTIONS', 'WHISTLE']);
  await site.settle();
});

test('what begins no dialog is not record-routed: MESSAGE, OPTIONS, PUBLISH, REGISTER (RFC 3261 §16.6 step 4)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  for (const method of ['MESSAGE', 'OPTIONS', 'PUBLISH'])
    await site.play(() => alice.send(method, 'sip:bob@example.com'));
  await site.play(() => alice.send('SUBSCRIBE', 'sip:bob@example.com'));
  assert.deepEqual(
    bob.peer.heard.flatMap(({ message, label }) =>
      message.kind === 'request' ? [[label, readAll(message, recordRoute).length]] : [],
    ),
    [
      ['MESSAGE', 0],
      ['OPTIONS', 0],
      ['PUBLISH', 0],
      ['SUBSCRIBE', 1],
    ],
  );
});

test('a MESSAGE that nobody answers is not answered by the server either: its sender knows by itself (RFC 4320 §4.2)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onRequest = () => {};
  const outcome = await site.play(() => alice.message('sip:bob@example.com', 'are you there?'));
  assert.equal(outcome.status, 408);
  assert.equal(outcome.response, undefined);
  const heard = alice.peer.heard.filter(({ label }) => label.endsWith('MESSAGE'));
  assert.deepEqual(new Set(heard.map(({ label }) => label)), new Set(['407 MESSAGE', '100 MESSAGE']));
  const waited = (heard[1]?.at ?? 0) - (heard[0]?.at ?? 0);
  assert.ok(waited > 3_500 && waited < 3_600, 'a 100 slows the repetitions down, no sooner than then (RFC 4320 §4.1)');
  await site.settle();
});

test('at Max-Forwards 0 a call goes no further: 483; OPTIONS is answered here (RFC 3261 §16.3 step 3, §11)', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  const [alice, bob] = await pair(site);
  const last = (method: string): Promise<Heard> => {
    const headers = { 'Max-Forwards': '0' };
    const from = '<sip:alice@example.com>;tag=1';
    alice.peer.send(written(alice.peer, { method, uri: 'sip:bob@example.com', from, headers }), site.place);
    return alice.peer.next();
  };
  assert.equal((await site.play(() => last('INVITE'))).label, '483 INVITE');
  assert.equal((await site.play(() => last('MESSAGE'))).label, '483 MESSAGE');
  assert.equal((await site.play(() => last('OPTIONS'))).label, '200 OPTIONS');
  assert.deepEqual(
    bob.peer.labels.filter((label) => !label.includes('REGISTER')),
    [],
  );
});

test('a request that requires of proxies what this one is not is refused with what that is: 420 (RFC 3261 §16.3 step 5)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const { status, response } = await site.play(() =>
    alice.send('MESSAGE', 'sip:bob@example.com', { headers: { 'Proxy-Require': 'sec-agree, path, teleport' } }),
  );
  assert.equal(status, 420);
  assert.equal(headerOf(response, 'Unsupported'), 'sec-agree, teleport');
});

test('a URI scheme that cannot be routed is refused: 416 (RFC 3261 §16.3 step 2)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  for (const uri of ['http://example.com/', 'tel:+15551234'])
    assert.equal((await site.play(() => alice.send('OPTIONS', uri))).status, 416, uri);
  await site.settle();
});

test('what is asked of the server itself is answered by it: OPTIONS 200, others 405, unknown ones 501 (RFC 3261 §8.2.1, §11.2)', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  const options = await site.play(() => alice.send('OPTIONS', 'sip:example.com'));
  assert.equal(options.status, 200);
  assert.match(headerOf(options.response, 'Allow'), /INVITE.*REGISTER/);
  assert.equal((await site.play(() => alice.send('MESSAGE', 'sip:example.com'))).status, 405);
  assert.equal((await site.play(() => alice.send('WHISTLE', 'sip:example.com'))).status, 501);
  const picky = await site.play(() => alice.send('OPTIONS', 'sip:example.com', { headers: { Require: 'teleport' } }));
  assert.equal(picky.status, 420);
});
