import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../../sim/answers.ts';
import { linesOf } from '../../sim/heard.ts';
import { createSite, type Site } from '../../sim/site.ts';

const OFFICE = '203.0.113.1';
const GUESSES = 60;

test('wrong passwords on datagrams that bear the address of an office are charged to whom the nonce was given, not to the office (RFC 3261 §26.3.2.4)', async () => {
  const { site, told, guesser, forger } = await create();
  const nonce = await nonceFor(site, guesser);
  for (let i = 0; i < GUESSES; i += 1) await guess(site, forger, nonce, i, 'alice');
  for (let i = 0; i < GUESSES; i += 1) await guess(site, forger, nonce, GUESSES + i, `user${i}`);
  assert.deepEqual(told.banned, []);
  const locks = ['account at source alice@example.com', 'source user39@example.com'];
  assert.deepEqual(told.locked, locks, 'for the one who guesses');
  const newcomer = site.phone('alice', { at: OFFICE, port: 10_000, name: 'office' });
  assert.equal((await site.play(() => newcomer.register())).status, 200);
  const bob = site.phone('bob', { at: '203.0.113.2' });
  assert.equal((await site.play(() => bob.register())).status, 200);
});

test('the same guesses from the address that the nonce was given to have that one banned', async () => {
  const { site, told, guesser } = await create();
  const nonce = await nonceFor(site, guesser);
  for (let i = 0; i < GUESSES && told.banned.length === 0; i += 1) await guess(site, guesser, nonce, i, `user${i}`);
  assert.deepEqual(told.banned, ['192.0.2.66 wrong password']);
});

test('over TCP nobody has the address of another: there a guess counts where it comes from, whose nonce it may bear', async () => {
  const { site, told, guesser } = await create();
  const nonce = await nonceFor(site, guesser);
  const other = site.peer('other', { at: '192.0.2.77', protocol: 'tcp' });
  for (let i = 0; i < GUESSES && told.banned.length === 0; i += 1) await guess(site, other, nonce, i, `user${i}`);
  assert.deepEqual(told.banned, ['192.0.2.77 wrong password']);
});

test('guesses with nonces that nobody was given are challenged and charged to nobody', async () => {
  const { site, told, guesser, forger } = await create();
  const nonce = await nonceFor(site, guesser);
  const forged = [nonce.slice(0, -1) + (nonce.endsWith('0') ? '1' : '0'), '0'.repeat(nonce.length), 'nonce'];
  for (let i = 0; i < GUESSES; i += 1)
    assert.deepEqual(await guess(site, forger, forged[i % forged.length] ?? '', i, `user${i}`), ['401 REGISTER']);
  assert.deepEqual(told, { banned: [], locked: [] });
});

/** A server, one who guesses passwords, and a socket of his that writes the address of an office on what it sends. */
async function create() {
  const site = await createSite();
  const told = { banned: [] as string[], locked: [] as string[] };
  site.server.observe(
    (event) => {
      if (event.type === 'guard.banned') told.banned.push(`${event.network} ${event.reason}`);
      if (event.type === 'login.locked') told.locked.push(`${event.scope} ${event.account}`);
    },
    ['guard.banned', 'login.locked'],
  );
  const guesser = site.peer('guesser', { at: '192.0.2.66' });
  const forger = site.peer('office', { at: OFFICE, port: 6_666 });
  return { site, told, guesser, forger };
}

const REGISTER = { method: 'REGISTER', uri: 'sip:example.com' };

/** What the server challenges this peer with. */
async function nonceFor(site: Site, peer: Peer): Promise<string> {
  assert.deepEqual(await answersTo(site, peer, REGISTER, 100), ['401 REGISTER']);
  const [challenge = ''] = linesOf(peer.heard.at(-1)?.message, 'WWW-Authenticate');
  return /nonce="([^"]+)"/.exec(challenge)?.[1] ?? assert.fail('no nonce');
}

/** The answers to a REGISTER of this user with a wrong password. */
function guess(site: Site, peer: Peer, nonce: string, count: number, user: string): Promise<readonly string[]> {
  const credentials = [
    `Digest username="${user}"`,
    'realm="example.com"',
    `nonce="${nonce}"`,
    'uri="sip:example.com"',
    'algorithm=MD5',
    'qop=auth',
    'cnonce="c"',
    `nc=${(count + 1).toString(16).padStart(8, '0')}`,
    `response="${'0'.repeat(32)}"`,
  ].join(', ');
  const { protocol, host, port } = peer.local;
  const via = `SIP/2.0/${protocol.toUpperCase()} ${host}:${port};branch=z9hG4bK-guess${count}`;
  const headers = { Authorization: credentials };
  const address = `<sip:${user}@example.com>`;
  return answersTo(site, peer, { ...REGISTER, via, headers, from: `${address};tag=f`, to: address }, 100);
}
