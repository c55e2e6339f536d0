import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../../sim/answers.ts';
import { headerOf, incoming, pair } from '../../sim/heard.ts';
import { createSite, type Site } from '../../sim/site.ts';

/** A server that has been too busy for so long that it takes next to nothing new; `work.busy` may be changed. */
async function overloaded(): Promise<{ site: Site; work: { busy: number }; stranger: Peer }> {
  const work = { busy: 0.1 };
  const site = await createSite({ busy: () => work.busy });
  return { site, work, stranger: site.peer('stranger', { at: '192.0.2.66' }) };
}

async function overload(site: Site, work: { busy: number }): Promise<void> {
  work.busy = 1;
  await site.world.runFor(5_000);
}

const OPTIONS = { method: 'OPTIONS', uri: 'sip:example.com' };
const OFFER = 'SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bKoc;oc;oc-algo="loss"';

test('under overload new work is answered 503 with a time to come again (RFC 3261 §21.5.4), and nothing is kept of it', async () => {
  const { site, work, stranger } = await overloaded();
  assert.deepEqual(await answersTo(site, stranger, OPTIONS), ['200 OPTIONS']);
  await site.world.runFor(60_000);
  await overload(site, work);
  const told: number[] = [];
  site.server.observe((event) => event.type === 'guard.dropped' && told.push(event.count), ['guard.dropped']);
  for (let i = 0; i < 10; i += 1) {
    const via = `SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bKo${i}`;
    assert.deepEqual(await answersTo(site, stranger, { ...OPTIONS, via }, 50), ['503 OPTIONS']);
    assert.match(headerOf(stranger.heard.at(-1)?.message, 'Retry-After'), /^\d+$/);
  }
  assert.equal(site.server.engine.core.servers.size, 0);
  await site.world.runFor(2_000);
  assert.equal(
    told.reduce((sum, count) => sum + count, 0),
    10,
  );
});

test('calls that are there go on and end, and an emergency call gets through', async () => {
  const { site, work, stranger } = await overloaded();
  const [alice, bob] = await pair(site);
  const call = alice.call('sip:bob@example.com');
  await site.play(() => call.answered);
  await overload(site, work);
  const outcomes = await site.play(async () => {
    const again = await call.dialog.invite();
    return [again.status, (await incoming(bob).dialog.bye()).status];
  });
  assert.deepEqual(outcomes, [200, 200]);
  const priority = { method: 'INVITE', uri: 'sip:carol@example.com', headers: { 'Resource-Priority': 'esnet.1' } };
  assert.deepEqual(await answersTo(site, stranger, priority), ['480 INVITE']);
});

test('when the rush is over everything is taken again', async () => {
  const { site, work, stranger } = await overloaded();
  await overload(site, work);
  work.busy = 0.1;
  await site.world.runFor(10_000);
  assert.deepEqual(await answersTo(site, stranger, OPTIONS), ['200 OPTIONS']);
});

test('a neighbour that offers it is told how much less to send, and gets no Retry-After (RFC 7339 §5.1, §5.2)', async () => {
  const { site, work, stranger } = await overloaded();
  assert.deepEqual(await answersTo(site, stranger, { ...OPTIONS, via: OFFER }), ['200 OPTIONS']);
  assert.match(headerOf(stranger.heard.at(-1)?.message, 'Via'), /;oc=0;oc-algo="loss";oc-validity=0;oc-seq=\d+\.\d+/);
  await site.world.runFor(60_000);
  await overload(site, work);
  assert.deepEqual(await answersTo(site, stranger, { ...OPTIONS, via: OFFER }), ['503 OPTIONS']);
  const answer = stranger.heard.at(-1)?.message;
  assert.match(headerOf(answer, 'Via'), /;oc=9\d;oc-algo="loss";oc-validity=500;oc-seq=\d+\.\d+/);
  assert.equal(headerOf(answer, 'Retry-After'), '');
});

test('who does not want it sheds nothing', async () => {
  const site = await createSite({
    config: 'domains: [example.com]\nguard: { overload: false }\n',
    busy: () => 1,
  });
  await site.world.runFor(5_000);
  const peer = site.peer('stranger', { at: '192.0.2.66' });
  assert.deepEqual(await answersTo(site, peer, OPTIONS), ['200 OPTIONS']);
});
