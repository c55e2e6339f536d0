import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { credentialsFor } from '../sim/credentials.ts';
import { headerOf, heardRequest, pair } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

const HIDDEN = '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1928301774';
const FAR = 'sip:far@10.0.0.77';

interface Attempt {
  readonly from: string;
  readonly uri: string;
  readonly user: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a phone hears that sends a MESSAGE and answers one challenge as this user; and the realm of the challenge. */
async function answersAs(site: Site, peer: Peer, { from, uri, user, headers = {} }: Attempt) {
  const request = { method: 'MESSAGE', uri, from, headers };
  const first = await answersTo(site, peer, request);
  if (first[0] !== '407 MESSAGE') return { answers: first, realm: '' };
  const challenge = headerOf(peer.heard.at(-1)?.message, 'Proxy-Authenticate');
  const proof = { ...headers, 'Proxy-Authorization': credentialsFor(challenge, user, 'MESSAGE', uri) };
  const second = await answersTo(site, peer, { ...request, headers: proof, cseq: 2 });
  return { answers: [...first, ...second], realm: /realm="([^"]*)"/.exec(challenge)?.[1] ?? '' };
}

for (const from of [
  HIDDEN,
  '<sip:thisis@anonymous.invalid>;tag=1',
  '<sips:x@ANONYMOUS.INVALID>;tag=1',
  '<sip:anonymous@example.com>;tag=1',
  '<sip:Anonymous@EXAMPLE.com>;tag=1',
])
  test(`a user of ours who hides in From ${from} proves who he is and calls anywhere; From stays (RFC 3323 §4.1.1.3)`, async () => {
    const site = await createSite();
    const [peer, far] = [site.peer('peer', { at: '10.0.0.66' }), site.phone('far', { at: '10.0.0.77' })];
    const { answers } = await answersAs(site, peer, { from, uri: FAR, user: 'alice' });
    assert.deepEqual(answers, ['407 MESSAGE', '200 MESSAGE']);
    const heard = heardRequest(far, 'MESSAGE');
    assert.equal(headerOf(heard, 'From'), from);
    assert.equal(headerOf(heard, 'Proxy-Authorization'), '', 'nor is he known by his proof');
  });

for (const from of [HIDDEN, '<sip:anonymous@example.com>;tag=1'])
  test(`attack: ${from} is no way past the password`, async () => {
    const site = await createSite();
    const [peer, far] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('far', { at: '10.0.0.77' })];
    const { answers } = await answersAs(site, peer, { from, uri: FAR, user: 'mallory' });
    assert.deepEqual(answers, ['407 MESSAGE', '407 MESSAGE']);
    assert.deepEqual(far.labels, []);
  });

test('a stranger who hides himself reaches our users as any stranger does; one who hides behind our domain must prove it', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const uri = 'sip:bob@example.com';
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri, from: HIDDEN }), ['200 MESSAGE']);
  assert.equal(headerOf(heardRequest(bob, 'MESSAGE'), 'From'), HIDDEN);
  const from = '<sip:anonymous@example.com>;tag=1';
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri, from }), ['407 MESSAGE']);
});

test('of several domains P-Preferred-Identity tells whose user he is, else the first is asked for (RFC 3325 §9.2)', async () => {
  const users = 'users: [{ name: alice, password: alice, domain: two.example }]';
  const site = await createSite({ config: `domains: [one.example, two.example]\n${users}\n` });
  site.phone('far', { at: '10.0.0.77' });
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const base = { from: HIDDEN, uri: FAR, user: 'alice' };
  const headers = { 'P-Preferred-Identity': '<sip:alice@two.example>' };
  assert.deepEqual(await answersAs(site, peer, { ...base, headers }), {
    answers: ['407 MESSAGE', '200 MESSAGE'],
    realm: 'two.example',
  });
  for (const hint of ['', '<sip:alice@elsewhere.example>', '<<', 'tel:+1']) {
    const other = hint === '' ? {} : { 'P-Preferred-Identity': hint };
    assert.equal((await answersAs(site, peer, { ...base, headers: other })).realm, 'one.example', hint);
  }
});

test('with auth: none nobody can prove anything, and who hides himself reaches our users alone', async () => {
  const site = await createSite({ config: `${USUAL}auth: none\n` });
  await pair(site);
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const message = { method: 'MESSAGE', from: HIDDEN };
  assert.deepEqual(await answersTo(site, peer, { ...message, uri: FAR }), ['403 MESSAGE']);
  assert.deepEqual(await answersTo(site, peer, { ...message, uri: 'sip:bob@example.com' }), ['200 MESSAGE']);
});
