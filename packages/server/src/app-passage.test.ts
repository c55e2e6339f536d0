import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from '@strowger/sip/message';
import { type Context, drop, pass, reply, ring } from '@strowger/sip/routing';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { answersTo } from '../sim/answers.ts';
import { headerOf, heardRequest, linesOf, pair } from '../sim/heard.ts';
import { createSite } from '../sim/site.ts';
import { App } from './app.ts';
import { forward } from './forward.ts';

test('handlers see only what may pass: who claims to be one of us has proved it, and who is refused is not seen', async () => {
  const seen: string[] = [];
  const app = new App().on('*', ({ request }) => {
    seen.push(`${request.method} ${headerOf(request, 'From').replace(/;.*/, '')}`);
    return pass;
  });
  const site = await createSite({ app });
  const [alice] = await pair(site);
  const peer = site.peer('peer', { at: '10.0.0.66' });
  assert.deepEqual(seen.splice(0), ['REGISTER <sip:alice@example.com>', 'REGISTER <sip:bob@example.com>']);
  const liar = { method: 'MESSAGE', uri: 'sip:bob@example.com', from: '<sip:alice@example.com>;tag=1' };
  assert.deepEqual(await answersTo(site, peer, liar), ['407 MESSAGE']);
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: 'sip:x@10.0.0.77' }), ['403 MESSAGE']);
  assert.deepEqual(seen, []);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'x'))).status, 200);
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: 'sip:bob@example.com' }), ['200 MESSAGE']);
  assert.deepEqual(seen, ['MESSAGE <sip:alice@example.com>', 'MESSAGE <sip:stranger@elsewhere.example>']);
});

test('attack: a program that forwards every call does not make a relay of us for strangers', async () => {
  const app = new App().on('INVITE', ({ request }) => forward(ring(request.uri)));
  const site = await createSite({ app });
  const [stranger, victim] = [site.peer('stranger', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  assert.deepEqual(await answersTo(site, stranger, { method: 'INVITE', uri: 'sip:x@10.0.0.77' }), ['403 INVITE']);
  assert.deepEqual(victim.labels, []);
});

test('what a program forwards carries no proof that was meant for us, and brings no challenge in our name (RFC 3261 §22.3)', async () => {
  const app = new App().on('MESSAGE', () => forward(ring('sip:x@10.0.0.77')));
  const site = await createSite({ app });
  const [alice, far] = [site.phone('alice'), site.phone('far', { at: '10.0.0.77' })];
  const challenge = { headers: [line('Proxy-Authenticate', 'Digest realm="example.com", nonce="n"')] };
  far.onRequest = (asked) => void asked.respond(407, challenge);
  assert.equal((await site.play(() => alice.message('sip:bob@example.com', 'x'))).status, 403);
  assert.deepEqual(linesOf(heardRequest(far, 'MESSAGE'), 'Proxy-Authorization'), []);
});

test('onAnybody sees everything before anybody is asked who he is; what it passes goes the usual way', async () => {
  const app = new App()
    .onAnybody('MESSAGE', ({ request }) => (request.uri.includes('scan') ? drop('a scanner') : pass))
    .onAnybody('OPTIONS', async () => reply(486));
  const site = await createSite({ app });
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const from = '<sip:alice@example.com>;tag=1';
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: 'sip:scan@example.com', from }), []);
  assert.deepEqual(await answersTo(site, peer, { method: 'OPTIONS', uri: 'sip:x@10.0.0.77', from }), ['486 OPTIONS']);
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: 'sip:bob@example.com', from }), [
    '407 MESSAGE',
  ]);
  assert.equal((await app.handleAnybody(contextOf('MESSAGE'))).type, 'pass');
});

const contextOf = (method: string): Context => ({
  request: requestOf(messageText([`${method} sip:bob@example.com SIP/2.0`])),
  flow: { local: { protocol: 'udp', host: '10.0.0.1', port: 5060 }, host: '10.0.0.2', port: 5060, connection: 0 },
  now: 0,
  unix: 0,
  signal: new AbortController().signal,
});
