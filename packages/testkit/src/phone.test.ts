import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageFault } from '@strowger/sip/text';
import { Peer } from './peer.ts';
import { createPhone, type Phone, type PhoneOptions } from './phone.ts';
import { play } from './play.ts';
import { createWorld, type World } from './world.ts';

/** Two phones that need no server: each sends to the other. */
function two(protocol: 'udp' | 'tcp' = 'udp', seed = 1): { world: World; alice: Phone; bob: Phone } {
  const world = createWorld({ seed });
  const phone = (user: string, at: string, other: string, more: Partial<PhoneOptions> = {}): Phone =>
    createPhone(world, { aor: `sip:${user}@example.com`, at, server: { host: other, port: 5060 }, protocol, ...more });
  return { world, alice: phone('alice', '10.0.0.1', '10.0.0.2'), bob: phone('bob', '10.0.0.2', '10.0.0.1') };
}
const BOB = 'sip:bob@10.0.0.2';
const ladder = (world: World): string => world.ladder({ times: 'hidden' }).replace(/ +/g, ' ');

for (const protocol of ['udp', 'tcp'] as const) {
  test(`two phones call each other over ${protocol} (RFC 3665 §3.1)`, async () => {
    const { world, alice, bob } = two(protocol);
    await play(world, async () => {
      const call = alice.call(BOB);
      assert.equal((await call.answered).status, 200);
      await world.sleep(100);
      assert.equal((await bob.incoming[0]?.dialog.bye())?.status, 200);
      assert.equal(call.dialog.isOver, true);
    });
    assert.equal(
      ladder(world),
      [
        'alice ────▶ bob INVITE',
        'alice ◀──── bob 180 INVITE',
        'alice ◀──── bob 200 INVITE',
        'alice ────▶ bob ACK',
        'alice ◀──── bob BYE',
        'alice ────▶ bob 200 BYE',
      ].join('\n'),
    );
    await world.run();
    assert.deepEqual([alice.transactions.open, bob.transactions.open], [0, 0]);
  });
}

test('everything lost is sent again until it arrives: INVITE, 2xx, ACK, BYE (RFC 3261 §17, §13.3.1.4)', async () => {
  const { world, alice, bob } = two();
  world.path('alice', 'bob').dropNext(2, (label) => label === 'INVITE');
  world.path('bob', 'alice').dropNext(2, (label) => label === '200 INVITE');
  world.path('alice', 'bob').dropNext(1, (label) => label === 'ACK');
  world.path('alice', 'bob').dropNext(3, (label) => label === 'BYE');
  await play(world, async () => {
    const call = alice.call(BOB);
    assert.equal((await call.answered).status, 200);
    await world.sleep(10_000);
    assert.equal(bob.incoming[0]?.dialog.acks, 1);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  await world.run();
  assert.deepEqual([alice.transactions.open, bob.transactions.open], [0, 0]);
});

test('the same seed gives the same ladder', async () => {
  const run = async (seed: number): Promise<string> => {
    const { world, alice } = two('udp', seed);
    world.link('alice', 'bob').set({ loss: 0.3, jitterMs: 40 });
    const call = alice.call(BOB);
    await world.run({ until: 20_000 });
    if (call.dialogs.length > 0) void call.dialog.bye();
    await world.run();
    return world.ladder();
  };
  assert.equal(await run(5), await run(5));
});

test('a phone may be told to break every rule: not to ring, not to answer, to answer late, not to acknowledge', async () => {
  const { world, alice, bob } = two();
  bob.onInvite = () => {};
  await play(world, async () => {
    assert.equal((await alice.call(BOB).answered).status, 408, 'never answered');
    bob.onInvite = (call) => void world.after(5_000, () => call.accept());
    const late = alice.call(BOB, { ack: 'never' });
    assert.equal((await late.answered).status, 200);
    await world.sleep(40_000);
    assert.equal(late.dialog.isOver, true, 'who hears no ACK hangs up');
    assert.equal(bob.incoming.at(-1)?.dialog.acks, 0);
  });
});

test('a call is cancelled once it has rung, and its callee says 487 (RFC 3261 §9)', async () => {
  const { world, alice, bob } = two();
  bob.onInvite = (call) => void world.after(1_000, () => call.ring());
  await play(world, async () => {
    const call = alice.call(BOB);
    call.cancel();
    assert.equal((await call.answered).status, 487);
  });
  assert.equal(bob.incoming[0]?.isCancelled, true);
  const [rung, cancelled] = ['180 INVITE', 'CANCEL'].map(
    (name) => world.traffic.find(({ label }) => label === name)?.at,
  );
  assert.ok((rung ?? 0) < (cancelled ?? 0));
});

test('a callee who accepts a cancelled call is hung up on (RFC 3261 §9.1)', async () => {
  const { world, alice, bob } = two();
  bob.onInvite = (call) => {
    call.ring();
    call.onCancel = () => call.accept();
  };
  await play(world, async () => {
    const call = alice.call(BOB);
    await call.heard(180);
    call.cancel();
    assert.equal((await call.answered).status, 200);
    await world.sleep(1_000);
  });
  assert.equal(bob.incoming[0]?.dialog.isOver, true);
});

test('requests of a call that is over, or never was, are answered 481 (RFC 3261 §12.2.2)', async () => {
  const { world, alice, bob } = two();
  await play(world, async () => {
    const call = alice.call(BOB);
    await call.answered;
    await call.dialog.bye();
    assert.equal((await call.dialog.request('INFO')).status, 481);
  });
  assert.equal(bob.incoming.length, 1);
});

test('a phone proves itself when it is asked, once, and gives up on a refusal (RFC 3261 §22.2)', async () => {
  const world = createWorld();
  const registrar = new Peer(world, world.host('10.0.0.2', { name: 'registrar' }));
  const challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"';
  registrar.onMessage = ({ message, from }) => {
    const lines = [0, 1, 2, 3, 4, 5].map((i) => `${message.content.nameAt(i)}: ${message.content.valueAt(i)}`);
    const kept = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq)/.test(line));
    registrar.send(['SIP/2.0 401 Unauthorized', ...kept, challenge, 'Content-Length: 0', '', ''].join('\r\n'), from);
  };
  const options = { aor: 'sip:alice@r', at: '10.0.0.1', server: { host: '10.0.0.2', port: 5060 } };
  const alice = createPhone(world, { ...options, password: 'secret' });
  assert.equal((await play(world, () => alice.register())).status, 401);
  assert.equal(registrar.labels.length, 2, 'asked, answered, asked the same again');
});

test('what cannot be done is said: a dialog that is not there, a second final answer', async () => {
  const { world, alice, bob } = two();
  bob.onInvite = (call) => {
    call.reject(486);
    assert.throws(() => call.asked.respond(200), UsageFault);
    assert.throws(() => call.dialog, UsageFault);
  };
  await play(world, async () => {
    const call = alice.call(BOB);
    assert.throws(() => call.dialog, UsageFault);
    assert.equal((await call.answered).status, 486);
  });
});

test('a request to where nothing listens comes to 503 over TCP and to 408 over UDP (RFC 3261 §8.1.3.1)', async () => {
  for (const [protocol, status] of [
    ['tcp', 503],
    ['udp', 408],
  ] as const) {
    const world = createWorld();
    world.host('10.0.0.2');
    const server = { host: '10.0.0.2', port: 5060 };
    const alice = createPhone(world, { aor: 'sip:alice@x', at: '10.0.0.1', server, protocol });
    assert.deepEqual(await play(world, () => alice.message(BOB, 'hello')), { status, response: undefined });
  }
});

test('a script that waits for what never comes is stopped, with the ladder in the fault', async () => {
  const { world, alice } = two();
  const waiting = play(world, () => alice.peer.next('BYE'), 5_000);
  await assert.rejects(waiting, (fault) => fault instanceof UsageFault && /did not end in 5000 ms/.test(fault.message));
});

test('a script that throws throws out of play', async () => {
  const { world } = two();
  await assert.rejects(
    play(world, async () => {
      await world.sleep(10);
      throw new Error('as it is');
    }),
    /as it is/,
  );
});
