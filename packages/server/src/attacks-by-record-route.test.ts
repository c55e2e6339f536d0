import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { headerOf, linesOf, pair } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

const CALL = { callId: 'two-invites', from: '<sip:mallory@elsewhere.example>;tag=m' } as const;

/** The Record-Routes that the caller hears in the last answer to this INVITE of a stranger. */
async function routesHeard(site: Site, peer: Peer, cseq: number, headers: Readonly<Record<string, string>>) {
  const before = peer.heard.length;
  const contact = { Contact: '<sip:m@10.0.0.66>', ...headers };
  await answersTo(site, peer, { method: 'INVITE', uri: 'sip:bob@example.com', ...CALL, cseq, headers: contact }, 1_000);
  const answer = peer.heard.slice(before).findLast(({ label }) => label === '200 INVITE' || label === '180 INVITE');
  assert.ok(answer !== undefined, 'bob answers');
  const routes = linesOf(answer.message, 'Record-Route').flatMap((value) => value.split(/,\s*/));
  return { routes, to: headerOf(answer.message, 'To') };
}

for (const mode of ['stateful', 'stateless'] as const)
  test(`attack: a Record-Route of ours that a caller brings along gets no token for what stands above it (${mode})`, async () => {
    const site = await createSite({ config: mode === 'stateful' ? USUAL : `${USUAL}proxy: { stateless: true }\n` });
    await pair(site);
    const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
    const first = await routesHeard(site, peer, 1, {});
    const ours = first.routes[0] ?? assert.fail();
    const second = await routesHeard(site, peer, 2, { 'Record-Route': `<sip:10.0.0.77;lr>, ${ours}` });
    console.log(second.routes);
    for (const [i, route] of second.routes.entries())
      for (const method of ['INVITE', 'MESSAGE', 'ACK']) {
        const request = { method, uri: 'sip:+1900@10.0.0.77', to: second.to, ...CALL, cseq: 10 + i };
        const answers = await answersTo(site, peer, { ...request, headers: { Route: route } }, 1_000);
        console.log(method, answers);
      }
    assert.deepEqual(victim.labels, []);
  });
