import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from '@strowger/sip/message';
import { preprocess } from '@strowger/sip/roles/proxy';
import { createPhone, Peer } from '@strowger/testkit';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { answersTo } from '../sim/answers.ts';
import { heardRequest, incoming, linesOf, pair, type Written, written } from '../sim/heard.ts';
import { createSite } from '../sim/site.ts';
import { createVirtualServer } from '../sim/virtual-server.ts';

/** A stranger who has called bob: what both sides know of the call, and the addresses of those who have no part in it. */
async function callOfStranger() {
  const site = await createSite();
  const [, bob] = await pair(site);
  const stranger = site.phone('dave', { aor: 'sip:dave@elsewhere.example', at: '10.0.0.40' });
  const call = stranger.call('sip:bob@example.com');
  await site.play(() => call.answered);
  await site.world.runFor(1_000);
  const bobAt = bob.peer.local.host;
  return {
    site,
    bob,
    stranger,
    caller: call.dialog.start,
    callee: incoming(bob).dialog.start,
    victims: [site.peer('victim', { at: '10.0.0.77' }), new Peer(site.world, site.world.host(bobAt), { port: 5099 })],
  };
}

const ELSEWHERE: readonly (readonly [string, (route: string, target: string) => Partial<Written> & { uri: string }])[] =
  [
    ['another host', (route) => ({ uri: 'sip:x@10.0.0.77', headers: { Route: `<${route}>` } })],
    ['another port', (route, target) => ({ uri: portOf(target, 5099), headers: { Route: `<${route}>` } })],
    ['a maddr', (route, target) => ({ uri: `${target};maddr=10.0.0.77`, headers: { Route: `<${route}>` } })],
    ['a second Route', (route, target) => ({ uri: target, headers: { Route: `<${route}>, <sip:10.0.0.77;lr>` } })],
    [
      'a second Route that is strict',
      (route, target) => ({ uri: target, headers: { Route: `<${route}>, <sip:10.0.0.77>` } }),
    ],
    ['the trick of a strict router', (route) => ({ uri: route, headers: { Route: '<sip:x@10.0.0.77>' } })],
    ['a telephone number', (route) => ({ uri: 'tel:+1900', headers: { Route: `<${route}>` } })],
  ];

const portOf = (uri: string, port: number): string => uri.replace(/:\d+(?=;|$)/, `:${port}`);

for (const [what, make] of ELSEWHERE) {
  test(`attack: the token of a call does not lead to ${what}, whichever side it belongs to`, async () => {
    const { site, stranger, bob, caller, callee, victims } = await callOfStranger();
    const bare = site.peer('bare', { at: '10.0.0.66' });
    const count = bob.peer.heard.length + stranger.peer.heard.length;
    for (const { routes, target } of [caller, callee])
      for (const [from, to] of [
        [caller.local, caller.remote],
        [caller.remote, caller.local],
      ] as const)
        for (const method of ['INFO', 'INVITE', 'ACK']) {
          const base = { method, from, to, callId: caller.callId, cseq: 7 };
          const answers = await answersTo(site, bare, { ...base, ...make(routes[0] ?? assert.fail(), target) });
          for (const answer of answers) assert.match(answer, /^4/);
        }
    for (const victim of victims) assert.deepEqual(victim.labels, []);
    assert.equal(bob.peer.heard.length + stranger.peer.heard.length, count, 'nor to anybody of the call');
  });
}

test('attack: a refusal does not tell the caller the token that leads to the Contact he wrote', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const bare = site.peer('bare', { at: '10.0.0.66' });
  const routes: string[] = [];
  bob.onInvite = ({ asked }) => {
    routes.push(...linesOf(asked.request, 'Record-Route'), '<sip:far.example;lr>');
    asked.respond(486, { headers: routes.map((route) => line('Record-Route', route)) });
  };
  const headers = { Contact: '<sip:x@10.0.0.77>' };
  const answers = await answersTo(site, bare, { method: 'INVITE', uri: 'sip:bob@example.com', headers });
  assert.ok(answers.includes('486 INVITE'));
  assert.match(routes[0] ?? '', /;t=/);
  assert.deepEqual(linesOf(bare.heard.at(-1)?.message, 'Record-Route'), ['<sip:far.example;lr>']);
});

test('attack: a caller without a Contact gets no token that leads to what has no host', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const bare = site.peer('bare', { at: '10.0.0.66' });
  await answersTo(site, bare, { method: 'INVITE', uri: 'sip:bob@example.com', callId: 'bare' }, 1_000);
  const { start } = incoming(bob).dialog;
  const headers = { Route: `<${start.routes[0]}>` };
  const request = { method: 'INFO', uri: 'tel:+1900', from: start.local, to: start.remote, callId: 'bare', cseq: 3 };
  const answers = await answersTo(site, bare, { ...request, headers });
  assert.deepEqual(
    answers.filter((answer) => answer.endsWith('INFO')),
    ['407 INFO'],
  );
});

test('the token leads each side of a call to the other: the callee hangs up (RFC 3261 §12.2.1.1)', async () => {
  const { site, bob, stranger } = await callOfStranger();
  assert.equal((await site.play(() => incoming(bob).dialog.bye())).status, 200);
  heardRequest(stranger, 'BYE');
});

for (const [what, from, to] of [
  ['UDP to TCP', 'udp', 'tcp'],
  ['TCP to UDP', 'tcp', 'udp'],
] as const) {
  test(`a call from ${what} goes through two Record-Routes in both directions (RFC 5658 §3)`, async () => {
    for (const who of ['caller', 'callee'] as const) {
      const site = await createSite();
      const bob = site.phone('bob', { protocol: to });
      const dave = site.phone('dave', { aor: 'sip:dave@elsewhere.example', protocol: from });
      await site.play(async () => {
        assert.equal((await bob.register()).status, 200);
        const call = dave.call('sip:bob@example.com', { to: site.place });
        assert.equal((await call.answered).status, 200);
        await site.world.sleep(100);
        assert.equal(call.dialog.start.routes.length, 2);
        const { dialog } = incoming(bob);
        assert.equal((await (who === 'caller' ? call.dialog : dialog).bye()).status, 200);
        assert.ok(dialog.acks > 0);
      });
    }
  });
}

/** Dave calls sip:bob@example.com by way of a proxy of his own; bob is erin of another proxy, and she may be one of ours. */
async function farCall(erinIs: string) {
  const site = await createSite({ names: { 'behind.example': ['10.0.0.3'] } });
  const config = (domain: string, user: string): string =>
    `domains: [${domain}]\nusers: [{ name: ${user}, password: ${user} }]\n`;
  const { world } = site;
  const names = { 'example.com': ['10.0.0.1'] };
  await site.play(() => createVirtualServer(world, '10.0.0.2', config('before.example', 'dave'), { name: 'before' }));
  await site.play(() =>
    createVirtualServer(world, '10.0.0.3', config('behind.example', 'erin'), { name: 'behind', names }),
  );
  const server = (host: string) => ({ host, port: 5060 });
  const dave = createPhone(world, {
    aor: 'sip:dave@before.example',
    at: '10.0.0.42',
    password: 'dave',
    server: server('10.0.0.2'),
  });
  const erin = createPhone(world, {
    aor: 'sip:erin@behind.example',
    at: '10.0.0.43',
    password: 'erin',
    server: server('10.0.0.3'),
  });
  const carol = site.phone('carol');
  const bob = site.phone('bob');
  await site.play(async () => {
    assert.equal((await erin.register(erinIs === '' ? {} : { contacts: [`<${erinIs}>`] })).status, 200);
    assert.equal((await carol.register()).status, 200);
    assert.equal((await bob.register({ contacts: ['<sip:erin@behind.example>'] })).status, 200);
  });
  const call = dave.call('sip:bob@10.0.0.1');
  assert.equal((await site.play(() => call.answered)).status, 200);
  await world.runFor(1_000);
  return { site, call: call.dialog, taken: incoming(erin.incoming.length > 0 ? erin : carol).dialog };
}

for (const [what, erinIs, routes] of [
  ['a proxy before us and one behind', '', 3],
  ['a proxy before us, one behind and ourselves again', 'sip:carol@example.com', 4],
] as const)
  for (const who of ['caller', 'callee'] as const)
    test(`the ${who} hangs up a call through ${what} (RFC 3261 §16.12.1)`, async () => {
      const { site, call, taken } = await farCall(erinIs);
      assert.equal(call.start.routes.length, routes);
      assert.ok(taken.acks > 0, 'the ACK came');
      assert.equal((await site.play(() => (who === 'caller' ? call : taken).request('INFO'))).status, 200);
      assert.equal((await site.play(() => (who === 'caller' ? call : taken).bye())).status, 200);
      assert.ok(call.isOver && taken.isOver);
    });

test('attack: a list of thousands of Routes of our own is not taken apart for nothing (RFC 3261 §16.4)', async () => {
  const { site, caller, victims } = await callOfStranger();
  const bare = site.peer('bare', { at: '10.0.0.66', protocol: 'tcp' });
  const own = Array.from({ length: 2_000 }, () => `<${caller.routes[0]}>`).join(', ');
  const text = written(bare, {
    method: 'INFO',
    uri: 'sip:x@10.0.0.77',
    headers: { Route: own },
    callId: caller.callId,
    from: caller.local,
    to: caller.remote,
    via: 'SIP/2.0/TCP 10.0.0.66:5060;branch=z9hG4bKlong',
  });
  bare.send(text, site.place);
  await site.world.runFor(2_000);
  for (const victim of victims) assert.deepEqual(victim.labels, []);
  const udp = site.peer('udp', { at: '10.0.0.67' });
  udp.send(
    written(udp, {
      method: 'INFO',
      uri: 'sip:x@y',
      headers: { Route: `${'<sip:10.0.0.1;lr>, '.repeat(30)}<sip:10.0.0.1;lr>` },
    }),
    site.place,
  );
  await site.world.runFor(1_000);
  const [request] = udp.labels;
  assert.equal(request, '403 INFO');
});

test('no more of our own Routes are looked at than one passage can have, twice (RFC 5658 §4.2)', () => {
  let asked = 0;
  const request = requestOf(
    messageText([
      'INFO sip:x@y SIP/2.0',
      'From: <sip:a@b>;tag=1',
      'To: <sip:c@d>;tag=2',
      'Call-ID: c',
      `Route: ${'<sip:us;lr;t=x>, '.repeat(500)}<sip:us;lr;t=x>`,
    ]),
  );
  const cameOver = {
    local: { protocol: 'udp', host: '10.0.0.1', port: 5060 },
    host: '10.0.0.2',
    port: 5060,
    connection: 0,
  } as const;
  const { token } = preprocess(request, cameOver, {
    isOurs: () => {
      asked += 1;
      return true;
    },
    judge: () => 'none',
    flowOf: () => undefined,
    judgePath: () => ({ type: 'forged' }),
  });
  assert.equal(token, 'none');
  assert.ok(asked <= 6, `${asked} times`);
});
