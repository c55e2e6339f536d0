import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line, type Response } from '@strowger/sip/message';
import { answersTo } from '../sim/answers.ts';
import { credentialsFor } from '../sim/credentials.ts';
import { headerOf, heardRequest, linesOf, pair, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';

/** What becomes of a MESSAGE in alice's name with credentials that were made for this URI. */
async function withDigestUri(digestUri: string, uri: string): Promise<string> {
  const site = await createSite();
  const [, bob] = await pair(site);
  const peer = site.peer('peer', { at: '10.0.0.66' });
  site.peer('far', { at: '10.0.0.77' });
  const request = { method: 'MESSAGE', uri, from: '<sip:alice@example.com>;tag=1' };
  assert.deepEqual(await answersTo(site, peer, request), ['407 MESSAGE']);
  const challenge = headerOf(peer.heard.at(-1)?.message, 'Proxy-Authenticate');
  const headers = { 'Proxy-Authorization': credentialsFor(challenge, 'alice', 'MESSAGE', digestUri) };
  const answers = await answersTo(site, peer, { ...request, headers, cseq: 2 });
  const heard = bob.peer.labels.includes('MESSAGE') ? 'bob' : 'nobody';
  return `${answers.join()} ${heard}`;
}

for (const uri of ['sip:bob@example.com', 'sip:+1900@10.0.0.77', 'sip:x@10.0.0.77:5060'])
  for (const digestUri of ['sip:trap@evil.example', 'sip:+1900@evil.example', 'sip:bob@evil.example', 'tel:+1900', 'x'])
    test(`attack: credentials for ${digestUri} are not accepted with a request to ${uri} (RFC 3261 §22.4)`, async () => {
      assert.match(await withDigestUri(digestUri, uri), /^40[037] MESSAGE nobody$/);
    });

for (const digestUri of [
  'sip:bob@example.com',
  'sip:example.com',
  'sip:10.0.0.1',
  'sip:10.0.0.1:5060',
  'sip:bob@10.0.0.1',
  'sip:bob@example.com:5060',
])
  test(`a phone that puts ${digestUri} into its credentials is believed (RFC 3261 §22.4)`, async () => {
    assert.equal(await withDigestUri(digestUri, 'sip:bob@example.com'), '200 MESSAGE bob');
  });

for (const [what, challenge] of [
  ['a challenge', 'Digest realm="example.com", nonce="n"'],
  ['a challenge in capitals', 'DIGEST REALM="EXAMPLE.COM", nonce="n"'],
  ['a challenge with a masked realm', 'Digest realm="exa\\mple.com", nonce="n"'],
  ['a challenge with two realms', 'Digest realm="evil.example", nonce="n", realm="example.com"'],
  ['two challenges in one line', 'Digest realm="evil.example", nonce="n", Digest realm="example.com", nonce="m"'],
  ['a challenge that cannot be read', 'Digest realm="example.com", nonce="n", "'],
  ['a challenge with a bare realm', 'Digest realm=example.com, nonce="n"'],
] as const)
  for (const status of [401, 407] as const)
    for (const mode of ['stateful', 'stateless'] as const)
      test(`attack: ${what} in our realm from downstream does not reach the caller (${status}, ${mode})`, async () => {
        const site = await createSite({
          config: mode === 'stateful' ? USUAL : `${USUAL}proxy: { stateless: true }\n`,
        });
        const [, bob] = await pair(site);
        const name = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
        bob.onRequest = (asked) => void asked.respond(status, { headers: [line(name, challenge)] });
        const peer = site.peer('peer', { at: '10.0.0.66' });
        assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: 'sip:bob@example.com' }), [
          '403 MESSAGE',
        ]);
        assert.deepEqual(linesOf(peer.heard.at(-1)?.message, name), []);
      });

test('attack: a maddr in Via that is no multicast group is not followed (RFC 3261 §18.2.2)', async () => {
  const site = await createSite();
  const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  const via = 'SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKm;maddr=10.0.0.77';
  assert.deepEqual(await answersTo(site, peer, { method: 'OPTIONS', uri: 'sip:example.com', via }), ['200 OPTIONS']);
  const nothing = { method: 'INVITE', uri: 'sip:nobody@example.com', via: `${via}2` };
  assert.ok((await answersTo(site, peer, nothing)).includes('480 INVITE'));
  assert.deepEqual(victim.labels, []);
});

for (const [what, request, answer] of [
  ['401', { method: 'REGISTER', uri: 'sip:example.com', to: '<sip:bob@example.com>' }, '401 REGISTER'],
  ['407', { method: 'INVITE', uri: 'sip:bob@example.com', from: '<sip:alice@example.com>;tag=1' }, '407 INVITE'],
  ['403', { method: 'INVITE', uri: 'sip:x@10.0.0.77' }, '403 INVITE'],
  ['403 for a Route', { method: 'INVITE', uri: 'sip:bob@example.com', headers: { Route: '<sip:x@y>' } }, '403 INVITE'],
  ['480 for nobody', { method: 'INVITE', uri: 'sip:nobody@example.com' }, '480 INVITE'],
  ['480', { method: 'INVITE', uri: 'sip:carol@example.com' }, '480 INVITE'],
  ['405', { method: 'INVITE', uri: 'sip:example.com' }, '405 INVITE'],
  ['420', { method: 'INVITE', uri: 'sip:bob@example.com', headers: { 'Proxy-Require': 'x' } }, '420 INVITE'],
  ['483', { method: 'INVITE', uri: 'sip:bob@example.com', headers: { 'Max-Forwards': '0' } }, '483 INVITE'],
  ['400 to a From that is none', { method: 'INVITE', uri: 'sip:bob@example.com', from: '<x>;tag=1' }, '400 INVITE'],
  ['416', { method: 'INVITE', uri: 'http://x', to: '<sip:bob@example.com>' }, '416 INVITE'],
  [
    '400 to bad credentials',
    {
      method: 'INVITE',
      uri: 'sip:bob@example.com',
      from: '<sip:alice@example.com>;tag=1',
      headers: { 'Proxy-Authorization': 'Digest realm="example.com"' },
    },
    '400 INVITE',
  ],
] as const)
  test(`attack: a ${what} to who has proved nothing is sent once and keeps nothing; a copy gets it again`, async () => {
    const site = await createSite();
    const [, bob] = await pair(site);
    await site.world.runFor(60_000);
    const { servers, clients } = site.server.engine.core;
    const peer = site.peer('peer', { at: '10.0.0.66' });
    const via = 'SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKonce';
    const heard = bob.peer.heard.length;
    for (const _ of ['first', 'again']) {
      assert.deepEqual(await answersTo(site, peer, { ...request, via, callId: 'once' }, 40_000), [answer]);
      assert.equal(servers.size + clients.size, 0);
    }
    const [first, again] = peer.heard.map(({ message }) => headerOf(message, 'To'));
    assert.equal(first, again, 'one transaction, one tag (RFC 3261 §8.2.7)');
    const ack = { ...request, method: 'ACK', via, to: first ?? '', callId: 'once' };
    assert.deepEqual(await answersTo(site, peer, ack), []);
    assert.equal(bob.peer.heard.length, heard);
  });

/** A response as text, with these Vias. */
const responseText = (vias: readonly string[]): string =>
  [
    'SIP/2.0 200 OK',
    ...vias.map((via) => `Via: ${via}`),
    'From: <sip:a@b>;tag=1',
    'To: <sip:c@d>;tag=2',
    'Call-ID: forged',
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

for (const mode of ['stateful', 'stateless'] as const)
  test(`attack: a response that was never asked for goes nowhere (${mode} proxy, RFC 6026 §8.2)`, async () => {
    const site = await createSite({ config: mode === 'stateful' ? USUAL : `${USUAL}proxy: { stateless: true }\n` });
    const [, bob] = await pair(site);
    const [evil, victim] = [site.peer('evil', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
    const send = async (ours: string, next: string): Promise<void> => {
      evil.send(responseText([ours, next]), site.place);
      await site.world.runFor(1_000);
    };
    const toVictim = 'SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKv';
    for (const branch of ['0.s.0123456789abcdef.0123456789abcdef', '0.s..', '0.s.x.', '.s.'])
      await send(`SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK${branch}`, toVictim);
    // A true branch of ours, which bob has seen, for another way back.
    assert.deepEqual(await answersTo(site, evil, { method: 'MESSAGE', uri: 'sip:bob@example.com' }), ['200 MESSAGE']);
    const [ours = '', next = ''] = linesOf(heardRequest(bob, 'MESSAGE'), 'Via');
    await site.world.runFor(40_000);
    await send(ours, toVictim);
    await send(ours, `${next};received=10.0.0.77`);
    await send(ours, next.replace('10.0.0.66', '10.0.0.77'));
    await send(ours, `${next.replace(/;received=[^;]*/, '')};received=10.0.0.77;rport=5060`);
    assert.deepEqual(victim.labels, []);
  });

test('a stateless proxy passes on the responses to what it sent (RFC 3261 §16.11)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { stateless: true }\n` });
  await pair(site);
  const peer = site.peer('peer', { at: '10.0.0.66', port: 5070 });
  for (const params of ['', ';rport', ';received=10.0.0.77', ';rport=1;received=10.0.0.77']) {
    const via = `SIP/2.0/UDP 10.0.0.66:5070;branch=z9hG4bK${params.length}${params}`;
    const request = { method: 'MESSAGE', uri: 'sip:bob@example.com', via };
    assert.deepEqual(await answersTo(site, peer, request), ['200 MESSAGE'], params);
  }
});

test('only who is responsible for a user looks elsewhere for him: a 302 from a stranger goes back (RFC 3261 §16.5)', async () => {
  const site = await createSite({ config: `${USUAL}proxy: { recurse: true }\n` });
  const [alice, bob] = await pair(site);
  const [far, next] = [site.phone('far', { at: '10.0.0.77' }), site.phone('next', { at: '10.0.0.88' })];
  const moved = { headers: [line('Contact', '<sip:next@10.0.0.88>')] };
  far.onInvite = ({ asked }) => void asked.respond(302, moved);
  bob.onInvite = ({ asked }) => void asked.respond(302, moved);
  assert.equal((await site.play(() => alice.call('sip:far@10.0.0.77').answered)).status, 302);
  assert.deepEqual(next.peer.labels, []);
  assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 200);
  assert.equal(next.incoming.length, 1);
});

test('a REGISTER that requires what we do not know is refused and changes nothing: 420 (RFC 3261 §10.3 step 2)', async () => {
  const site = await createSite();
  const bob = site.phone('bob');
  const outcome = await site.play(() => bob.register({ headers: { Require: 'teleportation' } }));
  assert.equal(outcome.status, 420);
  assert.deepEqual(linesOf(outcome.response as Response, 'Unsupported'), ['teleportation']);
  const stranger = site.peer('stranger');
  const message = { method: 'MESSAGE', uri: 'sip:bob@example.com' };
  assert.deepEqual(await answersTo(site, stranger, message), ['480 MESSAGE']);
});

for (const [storeMs, at] of [
  [150, undefined],
  [600, 200],
] as const)
  test(`an INVITE that is thought about for ${storeMs} ms gets one 100 (RFC 3261 §17.2.1)`, async () => {
    const site = await createSite({ storeMs });
    const [, bob] = await pair(site);
    bob.onInvite = () => undefined;
    const peer = site.peer('peer', { at: '10.0.0.66' });
    const began = site.world.now;
    peer.send(written(peer, { method: 'INVITE', uri: 'sip:bob@example.com' }), site.place);
    await site.world.runFor(3_000);
    const trying = peer.heard.filter(({ label }) => label === '100 INVITE');
    assert.equal(trying.length, 1);
    const after = (trying[0]?.at ?? 0) - began;
    if (at !== undefined) assert.ok(after >= at && after < at + 100, `${after} ms`);
  });

for (const from of [
  'sip:alice@example.com:9999',
  'sip:alice@example.com.',
  'sips:alice@EXAMPLE.COM:1',
  'sip:alice@10.0.0.1',
])
  test(`attack: who writes ${from} into From claims to be one of us, and must prove it (RFC 3261 §22.3)`, async () => {
    const site = await createSite();
    const [, bob] = await pair(site);
    const peer = site.peer('peer', { at: '10.0.0.66' });
    const request = { method: 'MESSAGE', uri: 'sip:bob@example.com', from: `<${from}>;tag=1` };
    assert.deepEqual(await answersTo(site, peer, request), ['407 MESSAGE']);
    assert.equal(bob.peer.labels.includes('MESSAGE'), false);
  });

test('a refusal after a 100 is kept and repeated: over UDP its client does not ask again (RFC 3261 §8.2.7, §17.1.1.2)', async () => {
  const site = await createSite({ storeMs: 600 });
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const request = { method: 'INVITE', uri: 'sip:nobody@example.com' };
  peer.send(written(peer, request), site.place);
  await site.world.runFor(3_000);
  assert.deepEqual(peer.labels.slice(0, 3), ['100 INVITE', '480 INVITE', '480 INVITE']);
  await site.settle();
});
