import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Peer, play } from '@strowger/testkit';
import { headerOf, heardRequest, linesOf, written } from '../sim/heard.ts';
import { createSite, type Site } from '../sim/site.ts';

const open = (rest = ''): string =>
  `domains: [example.com]\nauth: none\ntrusted: [10.0.0.0/8]\nusers: [{ name: alice, password: a }, { name: bob, password: b }]\n${rest}`;

for (const [what, rest, keep, flowTimer] of [
  ['the seconds of flowTimer, which Flow-Timer says too', 'registrar: { flowTimer: 90 }', 'keep=90', '90'],
  ['0 where flowTimer is off', '', 'keep=0', ''],
] as const)
  test(`a phone that offers keep-alives with its REGISTER is told ${what} (RFC 6223 §4.4, §5)`, async () => {
    const site = await createSite({ config: open(rest) });
    const bob = site.peer('bob');
    bob.send(registration(bob, ';keep'), site.place);
    await site.world.runFor(1_000);
    assert.deepEqual(bob.labels, ['200 REGISTER']);
    assert.equal(headerOf(bob.heard[0]?.message, 'Via').split(';').at(-1), keep);
    assert.equal(headerOf(bob.heard[0]?.message, 'Flow-Timer'), flowTimer);
  });

test('nothing is agreed on with who does not offer it, nor by an answer that registers nothing (RFC 6223 §4.4)', async () => {
  const site = await createSite({ config: open() });
  const bob = site.peer('bob');
  bob.send(registration(bob, ''), site.place);
  bob.send(registration(bob, ';keep').replaceAll('bob@example.com', 'bob@other.example'), site.place);
  await site.world.runFor(1_000);
  const vias = bob.heard.map(({ label, message }) => `${label} ${headerOf(message, 'Via')}`);
  assert.equal(vias.length, 2);
  for (const text of vias) assert.doesNotMatch(text, /keep=/);
});

test('in a call all responses that can begin it say the same, and the request goes on without a value (RFC 6223 §4.4, §10)', async () => {
  const { site, alice, bob } = await siteWithBob();
  bob.onMessage = ({ label, message, from }) => {
    if (label !== 'INVITE') return;
    const vias = linesOf(message, 'Via');
    for (const status of [180, 200]) bob.send(answer(message, status, vias), from);
  };
  alice.send(invitation(alice, ';keep'), site.place);
  await site.world.runFor(1_000);
  assert.deepEqual(
    linesOf(heardRequest(bob, 'INVITE'), 'Via').map((via) => /;keep.*/.exec(via)?.[0]),
    [undefined, ';keep'],
  );
  const told = alice.heard.map(({ label, message }) => `${label} ${/keep\S*/.exec(headerOf(message, 'Via'))?.[0]}`);
  assert.deepEqual(told.slice(0, 3), ['100 INVITE keep', '180 INVITE keep=0', '200 INVITE keep=0']);
});

test('a value that somebody behind us made up comes off, of whomever it is for (RFC 6223 §10)', async () => {
  const { site, alice, bob } = await siteWithBob();
  bob.onMessage = ({ label, message, from }) => {
    if (label !== 'INVITE') return;
    const vias = linesOf(message, 'Via').map((via) => via.replace(/;keep(=\d+)?/, ';keep=1'));
    for (const status of [180, 486]) bob.send(answer(message, status, vias), from);
  };
  alice.send(
    invitation(alice, ';keep').replace('From:', 'Via: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKlow;keep\r\nFrom:'),
    site.place,
  );
  await site.world.runFor(1_000);
  const told = alice.heard.map(({ label, message }) =>
    [label, ...linesOf(message, 'Via').map((via) => /keep[^;]*/.exec(via)?.[0])].join(' '),
  );
  assert.deepEqual(told.slice(0, 3), ['100 INVITE keep keep', '180 INVITE keep=0 keep', '486 INVITE keep keep']);
});

test('without Record-Route no keep-alives are agreed on for a call (RFC 6223 §4.4)', async () => {
  const { site, alice, bob } = await siteWithBob('proxy: { recordRoute: false }');
  bob.onMessage = ({ label, message, from }) => {
    if (label === 'INVITE') bob.send(answer(message, 200, linesOf(message, 'Via')), from);
  };
  alice.send(invitation(alice, ';keep'), site.place);
  await site.world.runFor(1_000);
  assert.match(headerOf(alice.heard.at(-1)?.message, 'Via'), /;keep(;|$)/);
});

async function siteWithBob(rest = ''): Promise<{ site: Site; alice: Peer; bob: Peer }> {
  const site = await createSite({ config: open(rest) });
  const [alice, bob] = [site.peer('alice'), site.peer('bob')];
  await play(site.world, async () => {
    bob.send(registration(bob, ''), site.place);
    await bob.next('200 REGISTER');
  });
  return { site, alice, bob };
}

const registration = (peer: Peer, params: string): string =>
  written(peer, {
    method: 'REGISTER',
    uri: 'sip:example.com',
    via: `SIP/2.0/UDP ${peer.local.host}:5060;branch=z9hG4bKr${params.length}${params}`,
    from: '<sip:bob@example.com>;tag=1',
    to: '<sip:bob@example.com>',
    callId: `r${params.length}`,
    headers: {
      Supported: 'path, outbound',
      Contact: `<sip:bob@${peer.local.host}>;+sip.instance="<urn:uuid:1>";reg-id=1`,
    },
  });

const invitation = (peer: Peer, params: string): string =>
  written(peer, {
    method: 'INVITE',
    uri: 'sip:bob@example.com',
    via: `SIP/2.0/UDP ${peer.local.host}:5060;branch=z9hG4bKi${params}`,
    from: '<sip:alice@example.com>;tag=1',
    headers: { Contact: `<sip:alice@${peer.local.host}>` },
  });

const answer = (message: Parameters<typeof linesOf>[0], status: number, vias: readonly string[]): string =>
  [
    `SIP/2.0 ${status} Reason`,
    ...vias.map((via) => `Via: ${via}`),
    ...['From', 'Call-ID', 'CSeq', 'Record-Route'].flatMap((name) =>
      linesOf(message, name).map((value) => `${name}: ${value}`),
    ),
    `To: ${headerOf(message, 'To')};tag=t`,
    'Contact: <sip:bob@10.0.0.12>',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
