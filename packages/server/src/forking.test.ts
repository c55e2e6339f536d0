import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncomingCall, Phone } from '@strowger/testkit';
import { headerOf, heardRequest, incoming, linesOf } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

interface Phones {
  readonly alice: Phone;
  readonly desk: Phone;
  readonly mobile: Phone;
}

/** Alice, and bob with two phones; each registers with the q that is given. */
async function phones(site: Site, qOfDesk = '1.0', qOfMobile = '1.0'): Promise<Phones> {
  const [alice, desk, mobile] = [
    site.phone('alice'),
    site.phone('bob', { name: 'desk' }),
    site.phone('bob', { name: 'mobile' }),
  ];
  await site.play(async () => {
    await alice.register();
    await desk.register({ contacts: [`<${desk.contact}>;q=${qOfDesk}`] });
    await mobile.register({ contacts: [`<${mobile.contact}>;q=${qOfMobile}`] });
  });
  return { alice, desk, mobile };
}

const answerAfter =
  (site: Site, ms: number) =>
  (call: IncomingCall): void => {
    call.ring();
    site.world.after(ms, () => call.accept());
  };
const reject =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  (call: IncomingCall): void =>
    call.reject(status, {
      headers: Object.entries(headers).map(([name, value]) => ({ id: 0, name, value })),
    });

test('both phones ring, the first to answer has the call, the other one is cancelled (RFC 3261 §16.7 step 10)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  desk.onInvite = answerAfter(site, 5_000);
  mobile.onInvite = answerAfter(site, 2_000);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await site.world.sleep(500);
    assert.equal(incoming(desk).isCancelled, true);
    assert.equal(incoming(mobile).dialog.acks, 1);
    assert.equal((await call.dialog.bye()).status, 200);
    assert.equal(call.progress.filter(({ status }) => status === 180).length, 2, 'the caller hears both ring');
  });
  assert.equal(linesOf(heardRequest(mobile, 'BYE'), 'Via').length, 2);
  await site.settle();
});

test('each branch has a Via branch of its own and a share of Max-Breadth (RFC 3261 §16.6 step 8, RFC 5393 §5.3.3)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  await site.play(() => alice.call('sip:bob@example.com').answered);
  const got = [heardRequest(desk, 'INVITE'), heardRequest(mobile, 'INVITE')];
  assert.equal(new Set(got.map((request) => headerOf(request, 'Via'))).size, 2);
  assert.deepEqual(
    got.map((request) => headerOf(request, 'Max-Breadth')),
    ['30', '30'],
  );
});

test('two phones that answer at the same moment: the caller hears both and keeps one (RFC 3261 §13.2.2.4, §16.7 step 5)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  for (const phone of [desk, mobile]) phone.onInvite = answerAfter(site, 1_000);
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(1_000);
    assert.equal(call.dialogs.length, 2);
    assert.deepEqual(
      call.dialogs.map((dialog) => dialog.isOver),
      [false, true],
    );
    assert.deepEqual([incoming(desk).dialog.isOver, incoming(mobile).dialog.isOver].toSorted(), [false, true]);
    await call.dialog.bye();
  });
  await site.settle();
});

test('a 2xx that comes long after the caller has another one still gets to him (RFC 3261 §16.7 step 5)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  desk.onInvite = (call) => {
    call.ring();
    call.onCancel = () => {};
    site.world.after(15_000, () => call.accept());
  };
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.answered;
    await site.world.sleep(20_000);
    assert.equal(call.dialogs.length, 2);
    assert.equal(incoming(desk).dialog.isOver, true, 'hung up on at once');
    assert.equal(incoming(mobile).dialog.isOver, false);
    await call.dialog.bye();
  });
  await site.settle();
});

test('preferred phones ring first, the others when those have failed (RFC 3261 §16.6, §20.10)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site, '0.3', '0.8');
  mobile.onInvite = (call) => {
    call.ring();
    site.world.after(3_000, () => call.reject(486));
  };
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    assert.equal(desk.incoming.length, 0);
    assert.equal((await call.answered).status, 200);
    assert.equal(desk.incoming.length, 1);
    await call.dialog.bye();
  });
  await site.settle();
});

test('with fork: serial equally preferred phones ring one after the other (RFC 3261 §16.6)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { fork: serial }\n` });
  const { alice, desk, mobile } = await phones(site);
  desk.onInvite = (call) => {
    call.ring();
    site.world.after(2_000, () => call.reject(480));
  };
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    assert.equal(mobile.incoming.length, 0);
    assert.equal((await call.answered).status, 200);
    await call.dialog.bye();
  });
  assert.equal(mobile.incoming.length, 1);
  await site.settle();
});

test('a branch that cannot be reached does not spoil the others (RFC 3261 §16.7)', async () => {
  const site = await createSite();
  const { alice, desk } = await phones(site);
  await site.play(async () => {
    await desk.register({ contacts: ['<sip:bob@nowhere.example>', '<sip:bob@10.0.0.99;transport=sctp>'] });
    const call = alice.call('sip:bob@example.com');
    assert.equal((await call.answered).status, 200);
    await call.dialog.bye();
  });
  await site.settle();
});

test('busy everywhere: one answer, when the last phone has spoken (RFC 3261 §16.7 step 6)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  desk.onInvite = reject(486);
  mobile.onInvite = (call) => {
    call.ring();
    site.world.after(4_000, () => call.reject(404));
  };
  const start = site.world.now;
  const outcome = await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.equal(outcome.status, 486, 'of the same class the first that came');
  assert.ok(site.world.now - start > 4_000);
  assert.equal(alice.peer.labels.filter((label) => /^4(04|86) INVITE/.test(label)).length, 1);
  await site.settle();
});

test('a phone that declines for everybody (603) ends the ringing of all (RFC 3261 §16.7 step 5)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  desk.onInvite = (call) => call.ring();
  mobile.onInvite = (call) => {
    call.ring();
    site.world.after(2_000, () => call.reject(603));
  };
  const outcome = await site.play(() => alice.call('sip:bob@example.com').answered);
  assert.equal(outcome.status, 603);
  assert.equal(incoming(desk).isCancelled, true);
  await site.settle();
});

test('the challenges of all phones reach the caller together (RFC 3261 §16.7 step 7)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  desk.onInvite = reject(401, { 'WWW-Authenticate': 'Digest realm="desk", nonce="1", algorithm=MD5, qop="auth"' });
  mobile.onInvite = reject(407, {
    'Proxy-Authenticate': 'Digest realm="mobile", nonce="2", algorithm=MD5, qop="auth"',
  });
  const asking = site.phone('carol', { proves: 'asked' });
  await site.play(() => asking.register());
  await site.play(() => asking.call('sip:bob@example.com').answered);
  const challenged = asking.peer.heard.filter(({ label }) => /^40[17] INVITE/.test(label))[1]?.message;
  assert.equal(linesOf(challenged, 'WWW-Authenticate').length + linesOf(challenged, 'Proxy-Authenticate').length, 2);
  assert.ok(alice.aor !== '');
});

test('a caller who gives up while several phones ring stops all of them (RFC 3261 §16.10)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  for (const phone of [desk, mobile]) phone.onInvite = (call) => call.ring();
  await site.play(async () => {
    const call = alice.call('sip:bob@example.com');
    await call.heard(180);
    await site.world.sleep(1_000);
    call.cancel();
    assert.equal((await call.answered).status, 487);
  });
  assert.deepEqual([incoming(desk).isCancelled, incoming(mobile).isCancelled], [true, true]);
  assert.equal(alice.peer.labels.filter((label) => label === '487 INVITE').length, 1);
  await site.settle();
});

test('a MESSAGE goes to every phone and one answer comes back (RFC 3428 §7)', async () => {
  const site = await createSite();
  const { alice, desk, mobile } = await phones(site);
  const taken: string[] = [];
  for (const [name, phone] of [
    ['desk', desk],
    ['mobile', mobile],
  ] as const)
    phone.onRequest = (asked) => {
      taken.push(name);
      asked.respond(200);
    };
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'hello'))).status, 200);
  assert.deepEqual(taken.toSorted(), ['desk', 'mobile']);
  assert.equal(alice.peer.labels.filter((label) => label === '200 MESSAGE').length, 1);
  await site.settle();
});

test('more phones than Max-Breadth allows cannot ring together: 440 (RFC 5393 §5.3.3)', async () => {
  const site = await createSite();
  const { alice } = await phones(site);
  const call = (breadth: string): Promise<{ status: number }> =>
    site.play(() => alice.call('sip:bob@example.com', { headers: { 'Max-Breadth': breadth } }).answered);
  assert.equal((await call('1')).status, 440);
  assert.equal((await call('2')).status, 200);
});

test('a redirection is passed back to the caller, or followed with recurse: true (RFC 3261 §16.5)', async () => {
  for (const [config, status] of [
    [USUAL, 302],
    [`${USUAL}proxy: { recurse: true }\n`, 200],
  ] as const) {
    const site = await createSite({ config });
    const { alice, desk, mobile } = await phones(site, '1.0', '0.1');
    const carol = site.phone('carol', { at: '10.0.0.40' });
    desk.onInvite = reject(302, { Contact: '<sip:carol@10.0.0.40:5060>' });
    mobile.onInvite = reject(486);
    const outcome = await site.play(() => alice.call('sip:bob@example.com').answered);
    assert.equal(outcome.status, status);
    assert.equal(carol.incoming.length, status === 200 ? 1 : 0);
  }
});
