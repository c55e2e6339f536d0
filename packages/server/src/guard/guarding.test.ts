import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineEvent } from '@strowger/sip/engine';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../../sim/answers.ts';
import { pair } from '../../sim/heard.ts';
import { createSite, type Site, USUAL } from '../../sim/site.ts';

/** The events of the guard, in short. */
function watch(site: Site): readonly string[] {
  const told: string[] = [];
  const tell = (event: EngineEvent): void => {
    if (event.type === 'guard.dropped') told.push(`${event.count} ${event.reason}`);
    if (event.type === 'guard.banned') told.push(`+${event.network} ${event.reason} ${event.by}`);
    if (event.type === 'guard.unbanned') told.push(`-${event.network}`);
  };
  site.server.observe(tell, ['guard.dropped', 'guard.banned', 'guard.unbanned']);
  return told;
}

const OPTIONS = { method: 'OPTIONS', uri: 'sip:example.com' };
const SCANNER = { ...OPTIONS, headers: { 'User-Agent': 'friendly-scanner' } };

/** Asks for one user after the other. */
async function probe(site: Site, peer: Peer, count: number): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let i = 0; i < count; i += 1)
    answers.push(...(await answersTo(site, peer, { method: 'INVITE', uri: `sip:${100 + i}@example.com` }, 100)));
  return answers;
}

test('500 phones behind one address register with digest after a power cut, all at once, and none is kept waiting', async () => {
  const users = Array.from({ length: 500 }, (_, i) => `u${i}`);
  const list = users.map((user) => `  - { name: ${user}, password: ${user} }`).join('\n');
  const site = await createSite({ config: `domains: [example.com]\nusers:\n${list}\n` });
  const told = watch(site);
  const phones = users.map((user, i) => site.phone(user, { at: '203.0.113.1', port: 10_000 + i, name: 'office' }));
  // So far away that every request is sent three times more before its answer can come.
  site.world.link('server', 'office').set({ delayMs: 1_900 });
  const start = site.world.now;
  const outcomes = await site.play(() => Promise.all(phones.map((phone) => phone.register())));
  assert.ok(outcomes.every(({ status }) => status === 200));
  assert.ok(site.world.now - start < 10_000, `${site.world.now - start} ms`);
  const sent = site.world.traffic.filter(({ label }) => label === 'REGISTER').length;
  assert.ok(sent >= 4_000, `${sent} REGISTERs`);
  assert.deepEqual([told, site.server.bans?.list()], [[], []]);
});

test('a scanner gets no answer, is banned, and what it sends then is counted once a second', async () => {
  const site = await createSite();
  const told = watch(site);
  const scanner = site.peer('scanner', { at: '192.0.2.66' });
  assert.deepEqual(await answersTo(site, scanner, SCANNER), []);
  assert.deepEqual(told, ['+192.0.2.66 scanner guard', '1 scanner']);
  for (let i = 0; i < 10; i += 1) assert.deepEqual(await answersTo(site, scanner, OPTIONS, 10), []);
  await site.world.runFor(2_000);
  assert.deepEqual(told.slice(2), ['10 banned']);
  assert.deepEqual(await answersTo(site, site.peer('phone', { at: '192.0.2.67' }), OPTIONS), ['200 OPTIONS']);
  await site.world.runFor(600_000);
  assert.deepEqual(await answersTo(site, scanner, { ...OPTIONS, callId: 'later', via: VIA }), ['200 OPTIONS']);
});

test('who asks for one user after the other hears 480 a dozen times and then nothing', async () => {
  const site = await createSite();
  const told = watch(site);
  const answers = await probe(site, site.peer('stranger', { at: '192.0.2.66' }), 40);
  assert.ok(answers.length >= 12 && answers.length < 20, `${answers.length}`);
  assert.ok(answers.every((label) => label === '480 INVITE'));
  assert.equal(told[0], '+192.0.2.66 no such user guard');
});

test('who guesses passwords is banned; a phone that has the right one at the second try is not', async () => {
  const site = await createSite();
  const told = watch(site);
  const guesser = site.phone('alice', { at: '192.0.2.66', password: 'guess' });
  await site.play(async () => {
    for (let i = 0; i < 120 && told.length === 0; i += 1) void guesser.register();
    await site.world.sleep(5_000);
  });
  assert.equal(told[0], '+192.0.2.66 wrong password guard');
  const typo = site.phone('bob', { at: '192.0.2.67', password: 'bop' });
  await site.play(() => typo.register());
  const right = site.phone('bob', { at: '192.0.2.67', port: 5062 });
  assert.equal((await site.play(() => right.register())).status, 200);
});

test('nobody has an office banned by writing its address on datagrams (RFC 3261 §26.3.2.4)', async () => {
  const site = await createSite();
  const told = watch(site);
  const [alice] = await pair(site);
  const neighbour = site.peer('alice', { at: alice.peer.local.host, port: 6_666 });
  for (let i = 0; i < 5; i += 1) assert.deepEqual(await answersTo(site, neighbour, SCANNER, 10), []);
  await probe(site, neighbour, 40);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'still here'))).status, 200);
  assert.deepEqual(
    told.filter((line) => line.startsWith('+')),
    [],
  );
});

test('an office that had registered before a restart is known again at once', async () => {
  const site = await createSite();
  const [alice] = await pair(site);
  await site.play(() => site.restart());
  const told = watch(site);
  const neighbour = site.peer('alice', { at: alice.peer.local.host, port: 6_666 });
  await answersTo(site, neighbour, SCANNER, 10);
  assert.deepEqual(
    told.filter((line) => line.startsWith('+')),
    [],
  );
});

test('who sends rubbish is banned; who is trusted or exempt is not', async () => {
  for (const [more, isBanned] of [
    ['', true],
    ['trusted: [192.0.2.0/24]', false],
    ['guard: { exempt: [192.0.2.66] }', false],
    ['guard: { enabled: false }', false],
  ] as const) {
    const site = await createSite({ config: `${USUAL}${more}\n` });
    const told = watch(site);
    const peer = site.peer('stranger', { at: '192.0.2.66' });
    for (let i = 0; i < 60; i += 1) peer.send(`INVITE what is this ${i}\r\n\r\n`, site.place);
    await site.world.runFor(10);
    assert.equal(told.includes('+192.0.2.66 malformed guard'), isBanned, more);
    assert.deepEqual(await answersTo(site, peer, OPTIONS), isBanned ? [] : ['200 OPTIONS'], more);
  }
});

test('a banned source loses its connection with the next bytes', async () => {
  const site = await createSite();
  const peer = site.peer('scanner', { at: '192.0.2.66', protocol: 'tcp' });
  const via = 'SIP/2.0/TCP 192.0.2.66:5060;branch=z9hG4bK-t';
  assert.deepEqual(await answersTo(site, peer, { ...OPTIONS, via }), ['200 OPTIONS']);
  await answersTo(site, peer, { ...SCANNER, via: `${via}2` });
  assert.deepEqual(await answersTo(site, peer, { ...OPTIONS, via: `${via}3` }), []);
  assert.equal(site.server.bans?.list().length, 1);
});

test('on a stream too, more messages than the rate allows are dropped and counted', async () => {
  const site = await createSite({ config: `${USUAL}guard: { rates: { other: 1 } }\n` });
  const told = watch(site);
  const peer = site.peer('eager', { at: '192.0.2.66', protocol: 'tcp' });
  const answers: string[] = [];
  for (let i = 0; i < 35; i += 1) {
    const via = `SIP/2.0/TCP 192.0.2.66:5060;branch=z9hG4bK-e${i}`;
    answers.push(...(await answersTo(site, peer, { ...OPTIONS, via }, 25)));
  }
  await site.world.runFor(2_000);
  assert.equal(answers.length, 30);
  assert.deepEqual(told, ['5 too many: other']);
});

const VIA = 'SIP/2.0/UDP 192.0.2.66:5060;branch=z9hG4bK-later';
