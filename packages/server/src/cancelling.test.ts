import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardRequest, incoming, ladderFrom, linesOf, pair, written } from '../sim/heard.ts';
import { createSite } from '../sim/site.ts';

test('a caller who gives up: CANCEL is answered on each hop, the phone stops ringing, the caller hears 487 (RFC 3261 §9, §16.10)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    const ladder = ladderFrom(site);
    call.cancel();
    assert.equal((await call.answered).status, 487);
    await site.world.sleep(100);
    assert.deepEqual(ladder(), [
      'server ◀──── alice CANCEL',
      'server ────▶ alice 200 CANCEL',
      'server ────▶ bob CANCEL',
      'server ◀──── bob 200 CANCEL',
      'server ◀──── bob 487 INVITE',
      'server ────▶ bob ACK',
      'server ────▶ alice 487 INVITE',
      'server ◀──── alice ACK',
    ]);
  });
  assert.equal(incoming(bob).isCancelled, true);
  await site.settle();
});

test('our CANCEL has the Request-URI, branch, tags and CSeq number of our INVITE (RFC 3261 §9.1)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    call.cancel();
    await call.answered;
  });
  const [invite, cancel] = [heardRequest(bob, 'INVITE'), heardRequest(bob, 'CANCEL')];
  assert.equal(cancel.uri, invite.uri);
  assert.deepEqual(linesOf(cancel, 'Via'), linesOf(invite, 'Via').slice(0, 1));
  for (const name of ['From', 'To', 'Call-ID']) assert.deepEqual(linesOf(cancel, name), linesOf(invite, name));
  assert.deepEqual(
    linesOf(cancel, 'CSeq'),
    linesOf(invite, 'CSeq').map((value) => value.replace('INVITE', 'CANCEL')),
  );
});

test('a CANCEL waits until the phone has shown that it knows the call (RFC 3261 §9.1)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => void site.world.after(3_000, () => call.ring());
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(100);
    call.cancel();
    assert.equal((await call.answered).status, 487);
  });
  const heard = bob.peer.heard.filter(({ label }) => label === 'INVITE' || label === 'CANCEL');
  const [invite, cancel] = [heard[0], heard.at(-1)];
  assert.equal(cancel?.label, 'CANCEL');
  assert.ok((cancel?.at ?? 0) - (invite?.at ?? 0) >= 3_000);
  await site.settle();
});

test('a phone that accepts while the CANCEL is on its way has accepted: the 2xx goes through and the caller hangs up (RFC 3261 §16.10)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => {
    call.ring();
    call.onCancel = () => call.accept();
  };
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    call.cancel();
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(1_000);
  });
  assert.equal(incoming(bob).dialog.isOver, true);
  assert.equal(incoming(bob).dialog.acks, 1);
  await site.settle();
});

test('a phone that ignores the CANCEL is waited for no longer than 64*T1, then the caller hears 487 (RFC 3261 §9.1)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => {
    call.ring();
    call.onCancel = () => {};
  };
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    const start = site.world.now;
    call.cancel();
    const { at } = await alice.peer.next('487 INVITE');
    assert.ok(at - start >= 32_000 && at - start < 32_200);
  });
  await site.settle();
});

test('a CANCEL of nothing that is known is answered 481 (RFC 3261 §9.2)', async () => {
  const site = await createSite();
  const peer = site.peer('stranger');
  peer.send(written(peer, { method: 'CANCEL', uri: 'sip:bob@example.com' }), site.place);
  assert.equal((await site.play(() => peer.next())).label, '481 CANCEL');
  await site.settle();
});

test('a CANCEL after the final answer changes nothing (RFC 3261 §9.2)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    const invite = alice.transactions.asked.filter(({ request }) => request.method === 'INVITE').at(-1)?.request;
    assert.ok(invite !== undefined);
    const [via = ''] = linesOf(invite, 'Via');
    const from = linesOf(invite, 'From')[0] ?? '';
    const callId = linesOf(invite, 'Call-ID')[0] ?? '';
    alice.peer.send(
      written(alice.peer, { method: 'CANCEL', uri: 'sip:bob@example.com', via, from, callId, cseq: 2 }),
      site.place,
    );
    assert.equal((await alice.peer.next('200 CANCEL')).label, '200 CANCEL');
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assert.deepEqual(
    bob.peer.labels.filter((label) => label === 'CANCEL'),
    [],
  );
  await site.settle();
});

test('a caller who gives up while the server still looks for the callee hears 487 at once (RFC 3261 §9.2)', async () => {
  const site = await createSite({ config: 'domains: [example.com]\nauth: none\n', storeMs: 2_000 });
  const [alice, bob] = await pair(site);
  const from = '<sip:alice@example.com>;tag=1';
  const send = (method: string): void =>
    alice.peer.send(
      written(alice.peer, { method, uri: 'sip:bob@example.com', from, via: `SIP/2.0/UDP 10.0.0.11;branch=z9hG4bKone` }),
      site.place,
    );
  const heard = alice.peer.heard.length;
  send('INVITE');
  await site.world.runFor(100);
  send('CANCEL');
  await site.world.runFor(100);
  assert.deepEqual(alice.peer.labels.slice(heard), ['200 CANCEL', '487 INVITE']);
  send('ACK');
  await site.settle();
  assert.deepEqual(bob.incoming, []);
});
