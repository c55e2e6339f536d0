import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contact, readAll } from '@strowger/sip/message';
import type { IncomingCall, OutgoingCall, Phone } from '@strowger/testkit';
import { bytesOf } from '@strowger/testkit/messages';
import { createGuestList } from '../support/guest-list.ts';
import { ATLANTA, BILOXI, type Cast, CHICAGO, CHICAGO_CLIENT, createCast, NAMES } from './cast.ts';
import { assertLikeFigure, type Deviation } from './figure.ts';
import { readFlow } from './flow.ts';

const BOB = 'sip:bob@biloxi.example.com';
const ROUTES = ['sip:ss1.atlanta.example.com;lr'];
const SDP = bytesOf(
  'v=0\r\no=- 1 1 IN IP4 192.0.2.101\r\ns=-\r\nc=IN IP4 192.0.2.101\r\nt=0 0\r\nm=audio 49172 RTP/AVP 0\r\n',
);
const OFFER = { headers: { 'Content-Type': 'application/sdp' }, body: SDP };
const ONE_HOP: Deviation = {
  n: 'all',
  but: ['maxForwards'],
  why: 'our ACK to a failure and our CANCEL have the Max-Forwards of their INVITE, the figure gives them 70',
};

interface TwoProxies extends Cast {
  readonly alice: Phone;
  readonly bob: Phone;
  /** How many messages there were before the flow begins. */
  readonly start: number;
}

/** Alice in atlanta, who has been asked for her password before, two proxies, and Bob, registered in biloxi. */
async function twoProxies(askedBefore: 'yes' | 'no', contactOfBob?: string): Promise<TwoProxies> {
  const cast = createCast('Alice', 'Proxy 1', 'Proxy 2', 'Bob');
  await cast.server('Proxy 1', ATLANTA);
  await cast.server('Proxy 2', BILOXI);
  const alice = cast.phone('Alice', 'Proxy 1', { proves: askedBefore === 'yes' ? 'unasked' : 'asked' });
  const bob = cast.phone('Bob', 'Proxy 2', contactOfBob === undefined ? {} : { contact: contactOfBob });
  await cast.play(async () => {
    await bob.register();
    if (askedBefore === 'yes') await alice.send('OPTIONS', 'sip:atlanta.example.com');
  });
  return { ...cast, alice, bob, start: cast.world.traffic.length };
}

const PROXIES = ['Proxy 1', 'Proxy 2'];

/** Rings, and accepts with an answer so much later. */
const answerAfter =
  ({ world }: Cast, ms: number) =>
  (call: IncomingCall): void => {
    call.ring();
    world.after(ms, () => call.accept(SDP));
  };

const accepted = async (call: OutgoingCall): Promise<void> => assert.equal((await call.answered).status, 200);

test('RFC 3665 §3.2: a session through two proxies, the first of which asks for a password', async () => {
  const cast = await twoProxies('no');
  const { world, alice, bob, start, play } = cast;
  bob.onInvite = answerAfter(cast, 2_000);
  await play(async () => {
    await accepted(alice.call(BOB, { routes: ROUTES, ...OFFER }));
    await world.sleep(1_000);
    assert.equal((await bob.incoming[0]?.dialog.bye())?.status, 200);
  });
  assertLikeFigure(readFlow('3.2'), { world, start, servers: PROXIES, names: NAMES, deviations: [ONE_HOP] });
});

test('RFC 3665 §3.3: both proxies ask for a password, each for its own', async () => {
  const cast = createCast('Alice', 'Proxy 1', 'Proxy 2', 'Bob');
  const { world, play } = cast;
  await cast.server('Proxy 1', ATLANTA);
  await cast.server('Proxy 2', BILOXI, createGuestList('biloxi.example.com', { alice: 'alice' }));
  const alice = cast.phone('Alice', 'Proxy 1');
  const bob = cast.phone('Bob', 'Proxy 2');
  await play(() => bob.register());
  const start = world.traffic.length;
  bob.onInvite = (call) => call.accept(SDP);
  await play(async () => {
    await accepted(alice.call(BOB, { routes: ROUTES, ...OFFER }));
    await world.sleep(1_000);
  });
  const via: Deviation = {
    n: [8],
    but: ['vias'],
    why: 'the RFC prints the Via of Alice in an ACK of the proxy itself',
  };
  assertLikeFigure(readFlow('3.3'), { world, start, servers: PROXIES, names: NAMES, deviations: [ONE_HOP, via] });
});

test('RFC 3665 §3.4: the first proxy does not answer, the second one is called', async () => {
  const cast = createCast('Alice', 'Proxy 1', 'Proxy 2', 'Bob');
  const { world, play } = cast;
  await cast.server('Proxy 2', BILOXI, createGuestList('biloxi.example.com', { alice: 'alice' }));
  const alice = cast.phone('Alice', 'Proxy 1');
  const bob = cast.phone('Bob', 'Proxy 2');
  await play(() => bob.register());
  const start = world.traffic.length;
  bob.onInvite = answerAfter(cast, 2_000);
  await play(async () => {
    assert.equal((await alice.call(BOB, OFFER).answered).status, 408);
    await accepted(alice.call(BOB, { to: { host: '192.0.2.222', port: 5060 }, ...OFFER }));
    await world.sleep(1_000);
    assert.equal((await bob.incoming[0]?.dialog.bye())?.status, 200);
  });
  assertLikeFigure(readFlow('3.4'), { world, start, servers: PROXIES, names: NAMES, deviations: [ONE_HOP] });
});

test('RFC 3665 §3.5: through a gateway that stays in the path, while the proxy of the callee does not', async () => {
  const cast = createCast('Alice', 'SIP ALG', 'Proxy 2', 'Bob');
  const { world, play } = cast;
  await cast.server('SIP ALG', 'domains: [alg1.atlanta.example.com]\ntrusted: [192.0.2.101/32]');
  const guests = createGuestList('biloxi.example.com', { alice: 'alice' });
  await cast.server('Proxy 2', `${BILOXI}\nproxy: { recordRoute: false }`, guests);
  const alice = cast.phone('Alice', 'SIP ALG', { proves: 'unasked' });
  const bob = cast.phone('Bob', 'Proxy 2');
  bob.onInvite = (call) => call.reject(480);
  await play(async () => {
    await bob.register();
    await alice.call(BOB).answered; // her password is asked for now, and sent unasked from here on
    await world.sleep(10_000);
  });
  const start = world.traffic.length;
  bob.onInvite = answerAfter(cast, 2_000);
  await play(async () => {
    const call = alice.call(BOB, { routes: ['sip:alg1.atlanta.example.com;lr'], ...OFFER });
    await accepted(call);
    await world.sleep(1_000);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assertLikeFigure(readFlow('3.5'), {
    world,
    start,
    servers: ['SIP ALG', 'Proxy 2'],
    names: NAMES,
    deviations: [ONE_HOP],
  });
});

test('RFC 3665 §3.6: a redirect server, then a proxy; the offer comes with the 200, the answer with the ACK', async () => {
  const cast = createCast('Alice', 'Redirect Server', 'Proxy 3', 'Bob');
  const { world, play } = cast;
  await cast.server('Redirect Server', `${BILOXI}\nredirect: true`);
  await cast.server('Proxy 3', CHICAGO);
  const alice = cast.phone('Alice', 'Redirect Server');
  const bob = cast.phone('Bob', 'Proxy 3', { aor: 'sip:bob@chicago.example.com', address: CHICAGO_CLIENT });
  await play(async () => {
    await bob.register();
    const known = cast.phone('Bob', 'Redirect Server', { port: 5070 });
    await known.register({ contacts: ['<sip:bob@chicago.example.com>'] });
  });
  const start = world.traffic.length;
  bob.onInvite = answerAfter(cast, 2_000);
  await play(async () => {
    const { status, response } = await alice.call(BOB).answered;
    assert.equal(status, 302);
    const [first] = response === undefined ? [] : readAll(response, contact);
    const uri = first === undefined || first === '*' ? '' : first.uriText;
    assert.equal(uri, 'sip:bob@chicago.example.com');
    await accepted(alice.call(uri, { to: { host: '192.0.2.233', port: 5060 }, ackBody: SDP }));
    await world.sleep(1_000);
    assert.equal((await bob.incoming[0]?.dialog.bye())?.status, 200);
  });
  assertLikeFigure(readFlow('3.6'), {
    world,
    start,
    servers: ['Redirect Server', 'Proxy 3'],
    names: NAMES,
    deviations: [
      ONE_HOP,
      { n: 'all', but: ['cseq'], why: 'the phone begins a call of its own for the new address, with CSeq 1' },
    ],
  });
});

test('RFC 3665 §3.7: the proxy leaves the path; the callee moves and says so to the caller himself', async () => {
  const cast = createCast('Alice', 'Proxy 2', 'Bob');
  const { world, play } = cast;
  await cast.server('Proxy 2', `${BILOXI}\nproxy: { recordRoute: false }`);
  const alice = cast.phone('Alice', 'Proxy 2');
  const bob = cast.phone('Bob', 'Proxy 2');
  await play(() => bob.register());
  const start = world.traffic.length;
  bob.onInvite = answerAfter(cast, 2_000);
  await play(async () => {
    const call = alice.call(BOB, OFFER);
    await accepted(call);
    await world.sleep(1_000);
    assert.equal((await bob.incoming[0]?.dialog.invite({ body: SDP }))?.status, 200);
    await world.sleep(1_000);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assertLikeFigure(readFlow('3.7'), { world, start, servers: ['Proxy 2'], names: NAMES, deviations: [ONE_HOP] });
});

test('RFC 3665 §3.8: nobody answers and the caller gives up', async () => {
  const cast = await twoProxies('yes');
  const { world, alice, bob, start, play } = cast;
  bob.onInvite = (call) => call.ring();
  await play(async () => {
    const call = alice.call(BOB, { routes: ROUTES, ...OFFER });
    await call.heard(180);
    await world.sleep(9_000);
    call.cancel();
    assert.equal((await call.answered).status, 487);
    await world.sleep(1_000);
  });
  assertLikeFigure(readFlow('3.8'), { world, start, servers: PROXIES, names: NAMES, deviations: [ONE_HOP] });
});

test('RFC 3665 §3.9: the callee is busy', async () => {
  const cast = await twoProxies('yes');
  const { world, alice, bob, start, play } = cast;
  bob.onInvite = (call) => call.reject(486);
  await play(async () => {
    assert.equal((await alice.call(BOB, { routes: ROUTES, ...OFFER }).answered).status, 486);
    await world.sleep(1_000);
  });
  assertLikeFigure(readFlow('3.9'), { world, start, servers: PROXIES, names: NAMES, deviations: [ONE_HOP] });
});

test('RFC 3665 §3.10: the phone of the callee does not answer', async () => {
  const cast = await twoProxies('yes');
  const { world, alice, bob, start, play } = cast;
  await bob.peer.close();
  await play(async () => {
    assert.equal((await alice.call(BOB, { routes: ROUTES, ...OFFER }).answered).status, 408);
    await world.sleep(1_000);
  });
  const why = 'RFC 3261 §16.8 wants 408 where the figure has 480 No Response';
  assertLikeFigure(readFlow('3.10'), {
    world,
    start,
    servers: PROXIES,
    names: NAMES,
    deviations: [ONE_HOP, { n: 12, instead: '408 INVITE', why }, { n: 14, instead: '408 INVITE', why }],
  });
});

test('RFC 3665 §3.11: the callee is not available for now', async () => {
  const cast = await twoProxies('yes');
  const { world, alice, bob, start, play } = cast;
  bob.onInvite = (call) => {
    call.ring();
    world.after(3_000, () => call.reject(480));
  };
  await play(async () => {
    assert.equal((await alice.call(BOB, { routes: ROUTES, ...OFFER }).answered).status, 480);
    await world.sleep(1_000);
  });
  assertLikeFigure(readFlow('3.11'), { world, start, servers: PROXIES, names: NAMES, deviations: [ONE_HOP] });
});
