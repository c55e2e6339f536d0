import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Heard, Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { headerOf, linesOf, pair } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

const FROM = '<sip:mallory@elsewhere.example>;tag=m';

interface Invite {
  readonly callId: string;
  readonly from: string;
  readonly cseq: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The Record-Routes, and the To, that a stranger hears in the answer to an INVITE for bob. */
async function answerOf(site: Site, peer: Peer, { headers, ...invite }: Invite) {
  const before = peer.heard.length;
  const all = { Contact: '<sip:m@10.0.0.66>', ...headers };
  await answersTo(site, peer, { method: 'INVITE', uri: 'sip:bob@example.com', ...invite, headers: all }, 1_000);
  const isAnswer = ({ label, message }: Heard): boolean =>
    label === '200 INVITE' && headerOf(message, 'CSeq') === `${invite.cseq} INVITE`;
  const answer = peer.heard.slice(before).find(isAnswer);
  assert.ok(answer !== undefined, 'bob answers');
  return { routes: routesOf(linesOf(answer.message, 'Record-Route')), to: headerOf(answer.message, 'To') };
}

const routesOf = (values: readonly string[]): readonly string[] => values.flatMap((value) => value.split(/,\s*/));

/** Sends requests with each of these Routes, as from within the call, to where a stranger may not send any. */
async function tryAll(site: Site, peer: Peer, routes: readonly string[], invite: Invite & { readonly to: string }) {
  for (const [i, route] of routes.entries())
    for (const method of ['INVITE', 'MESSAGE', 'ACK']) {
      const request = { ...invite, method, uri: 'sip:+1900@10.0.0.77', cseq: 10 + i, headers: { Route: route } };
      await answersTo(site, peer, request, 1_000);
    }
}

for (const [mode, protocol] of [
  ['stateful', 'udp'],
  ['stateful', 'tcp'],
  ['stateless', 'udp'],
] as const) {
  const config = mode === 'stateful' ? USUAL : `${USUAL}proxy: { stateless: true }\n`;

  test(`attack: a Record-Route of ours that a caller brings along gets no token for what he wrote above it (${mode}, ${protocol})`, async () => {
    const site = await createSite({ config });
    await pair(site);
    const [peer, victim] = [site.peer('peer', { at: '10.0.0.66', protocol }), site.peer('victim', { at: '10.0.0.77' })];
    const call = { callId: 'two-invites', from: FROM };
    const first = await answerOf(site, peer, { ...call, cseq: 1 });
    const brought = ['<sip:10.0.0.77;lr>', ...first.routes];
    const headers = { 'Record-Route': brought.join(', ') };
    const { routes, to } = await answerOf(site, peer, { ...call, cseq: 2, headers });
    assert.equal(routes.length, first.routes.length + brought.length);
    assert.deepEqual(routes.slice(first.routes.length), brought, 'what he brought comes back as it was');
    await tryAll(site, peer, routes, { ...call, to, cseq: 3 });
    assert.deepEqual(victim.labels, []);
  });

  test(`attack: nor does one that a stranger was given when a user of ours called him (${mode}, ${protocol})`, async () => {
    const site = await createSite({ config });
    const [alice] = await pair(site);
    const [evil, victim] = [site.peer('evil', { at: '10.0.0.66', protocol }), site.peer('victim', { at: '10.0.0.77' })];
    alice.call(`sip:evil@10.0.0.66;transport=${protocol}`);
    await site.world.runFor(1_000);
    const invite = evil.heard.find(({ label }) => label === 'INVITE')?.message;
    const [given] = linesOf(invite, 'Record-Route');
    assert.match(given ?? '', /;t=/);
    const tag = /;tag=[^;]+/.exec(headerOf(invite, 'From'))?.[0];
    const call = { callId: headerOf(invite, 'Call-ID'), from: `<sip:evil@elsewhere.example>${tag}` };
    const headers = { 'Record-Route': `<sip:10.0.0.77;lr>, ${given}` };
    const { routes, to } = await answerOf(site, evil, { ...call, cseq: 2, headers });
    await tryAll(site, evil, routes, { ...call, to, cseq: 3 });
    assert.deepEqual(victim.labels, []);
  });
}

test('attack: a request of the call that brings Record-Routes along makes no token for the next one (stateless)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { stateless: true }\n` });
  const [, bob] = await pair(site);
  const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  const call = { callId: 'within', from: FROM };
  const { routes, to } = await answerOf(site, peer, { ...call, cseq: 1 });
  const headers = { Route: routes[0] ?? '', 'Record-Route': `<sip:10.0.0.77;lr>, ${routes[0]}` };
  await answersTo(site, peer, { method: 'INVITE', uri: bob.contact, to, ...call, cseq: 2, headers }, 1_000);
  const heard = peer.heard.findLast(({ label }) => label === '200 INVITE')?.message;
  const second = routesOf(linesOf(heard, 'Record-Route'));
  await tryAll(site, peer, second, { ...call, to, cseq: 3 });
  assert.deepEqual(victim.labels, []);
});
