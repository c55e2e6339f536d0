import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from '@strowger/sip/message';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { credentialsFor } from '../sim/credentials.ts';
import { headerOf, heardRequest, linesOf, pair } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

/** A site with bob, a stranger, and one whom nobody may reach through us. */
async function strangers(config = USUAL) {
  const site = await createSite({ config, names: { 'victim.example': ['10.0.0.77'], localhost: ['10.0.0.77'] } });
  const [, bob] = await pair(site);
  const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  return { site, bob, peer, victim };
}

for (const uri of [
  'sip:bob@EXAMPLE.com',
  'sip:bob@example.com.',
  'sip:%62ob@example.com',
  'sips:bob@example.com',
  'SIP:bob@example.com;user=phone',
  'sip:bob:secret@example.com',
  'sip:bob@example.com:5060;transport=tcp',
  'sip:bob@10.0.0.1;lr',
  'sip:bob@example.com;maddr=10.0.0.1',
  'sip:bob@example.com;method=REGISTER',
])
  test(`(f) ${uri} is bob of ours, and a stranger reaches him (RFC 3261 §10.3 step 5, §19.1.4)`, async () => {
    const { site, bob, peer, victim } = await strangers();
    const to = '<sip:bob@example.com>';
    const answers = await answersTo(site, peer, { method: 'MESSAGE', uri, to }, 1_000);
    // RFC 5630 §4: sips needs a way that is secure all along, which this bob does not have
    const isReached = !uri.startsWith('sips');
    assert.equal(bob.peer.labels.includes('MESSAGE'), isReached);
    assert.ok(!isReached || answers[0] === '200 MESSAGE', answers.join());
    assert.deepEqual(victim.labels, []);
  });

for (const uri of [
  'sip:bob@example.com:5099',
  'sip:bob@example.com.victim.example',
  'sip:bob@example.comm',
  'sip:bob%40example.com@victim.example',
  'sip:bob@[::ffff:10.0.0.1]',
  'sip:bob@[::1]',
  'sip:bob@127.0.0.1',
  'sip:bob@localhost',
  'sip:bob@0.0.0.0',
  'sip:bob@010.000.000.001',
  'sip:bob@example.com;maddr=10.0.0.77',
  'sip:bob@victim.example;maddr=10.0.0.1',
  'sip:10.0.0.77',
  'sip:+1900;phone-context=example.com@victim.example;user=phone',
  'tel:+1900',
  'tel:1900;phone-context=example.com',
  'urn:service:sos',
])
  for (const method of ['INVITE', 'MESSAGE', 'SUBSCRIBE', 'REGISTER', 'OPTIONS', 'WHATEVER'])
    test(`(g) ${uri} is not ours: a ${method} of a stranger for it goes nowhere`, async () => {
      const { site, bob, peer, victim } = await strangers();
      const heard = bob.peer.heard.length;
      const answers = await answersTo(site, peer, { method, uri, to: '<sip:bob@example.com>' }, 1_000);
      assert.match(answers.join(), new RegExp(`^4(?:00|03|16) ${method}$`));
      assert.deepEqual([victim.labels.length, bob.peer.heard.length - heard], [0, 0]);
    });

for (const user of ['bob;x=1', 'bob%00', 'BOB', 'b%6Fb%20', 'bob%40example.com', '%2562ob', 'tgruu.bob', 'bob,carol'])
  test(`${user} is not bob: 480, as for a user who is not there (RFC 3261 §19.1.4)`, async () => {
    const { site, bob, peer } = await strangers();
    const heard = bob.peer.heard.length;
    const answers = await answersTo(site, peer, { method: 'MESSAGE', uri: `sip:${user}@example.com` }, 1_000);
    assert.deepEqual([...answers, bob.peer.heard.length - heard], ['480 MESSAGE', 0]);
  });

for (const from of [
  'sip:alice@EXAMPLE.COM',
  'sip:alice@example.com.',
  'sip:%61lice@example.com',
  'sips:alice@example.com',
  'sip:alice:x@example.com',
  'sip:alice@example.com;user=phone',
  'sip:alice@example.com;maddr=10.0.0.66',
  'sip:nobody@example.com',
  'sip:example.com',
  'sip:alice@10.0.0.1:5099',
])
  for (const uri of ['sip:bob@example.com', 'sip:+1900@10.0.0.77'])
    test(`(e) attack: ${from} in From is ${uri === 'sip:+1900@10.0.0.77' ? 'no way out' : 'nobody whom bob hears'} without a proof`, async () => {
      const { site, bob, peer, victim } = await strangers();
      const request = { method: 'MESSAGE', uri, from: `"Alice" <${from}>;tag=1` };
      const isOurs = from !== 'sip:alice@10.0.0.1:5099';
      const answers = await answersTo(site, peer, request, 1_000);
      if (isOurs) assert.deepEqual(answers, ['407 MESSAGE']);
      else assert.match(answers[0] ?? '', uri === 'sip:bob@example.com' ? /^200/ : /^403/);
      assert.equal(bob.peer.labels.includes('MESSAGE'), !isOurs && uri === 'sip:bob@example.com');
      assert.deepEqual(victim.labels, []);
    });

for (const from of [
  'sip:bob@example.com',
  'sip:alice%00@example.com',
  'sip:alice;x@example.com',
  'sip:Alice@example.com',
])
  test(`(e) attack: alice's password does not let her say that she is ${from}: 403 (RFC 3261 §22.3)`, async () => {
    const { site, peer, victim } = await strangers();
    for (const uri of ['sip:bob@example.com', 'sip:+1900@10.0.0.77']) {
      const request = { method: 'MESSAGE', uri, from: `<${from}>;tag=1` };
      assert.deepEqual(await proving(site, peer, request, 'alice'), '403 MESSAGE', uri);
    }
    assert.deepEqual(victim.labels, []);
  });

for (const to of [
  '<sip:bob@example.com>',
  '<sip:alice@elsewhere.example>',
  '<sip:alice%00@example.com>',
  '<tel:+1900>',
])
  test(`(d) attack: alice's password does not register for ${to}: 403 (RFC 3261 §10.3 step 4)`, async () => {
    const { site, peer } = await strangers();
    const headers = { Contact: '<sip:x@10.0.0.66>' };
    const request = { method: 'REGISTER', uri: 'sip:example.com', from: '<sip:alice@example.com>;tag=1', to, headers };
    assert.equal(await proving(site, peer, request, 'alice'), '403 REGISTER');
    const bobs = await site.server.locations.lookup('sip:bob@example.com', site.server.engine.core.unix);
    assert.equal(
      bobs.some(({ contact }) => contact.includes('10.0.0.66')),
      false,
    );
  });

test('(e) attack: a user of one domain is nobody in the other one, under the same name (RFC 7616 §5.1)', async () => {
  const both = 'domains: [one.example, two.example]\nusers:\n  - { name: alice, password: alice }\n';
  const site = await createSite({ config: both });
  const [peer, far] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('far', { at: '10.0.0.77' })];
  const request = { method: 'MESSAGE', uri: 'sip:x@10.0.0.77', from: '<sip:alice@two.example>;tag=1' };
  assert.equal(await proving(site, peer, request, 'alice'), '407 MESSAGE');
  const [challenge] = linesOf(peer.heard.at(-1)?.message, 'Proxy-Authenticate');
  const stolen = challenge?.replace('two.example', 'one.example') ?? '';
  const headers = { 'Proxy-Authorization': credentialsFor(stolen, 'alice', 'MESSAGE', 'sip:x@10.0.0.77') };
  assert.deepEqual(await answersTo(site, peer, { ...request, headers, cseq: 3 }, 1_000), ['407 MESSAGE']);
  assert.deepEqual(far.labels, []);
});

for (const [what, change] of [
  ['the same request once more', {}],
  ['another method', { method: 'INVITE' }],
  ['another Request-URI', { uri: 'sip:+1900@10.0.0.88' }],
  ['another From', { from: '<sip:bob@example.com>;tag=1' }],
  ['another header', { headers: { Authorization: '' } }],
] as const)
  test(`attack: credentials that were good once are not good for ${what} (RFC 7616 §5.5)`, async () => {
    const { site, peer, victim } = await strangers();
    const request = { method: 'MESSAGE', uri: 'sip:x@10.0.0.77', from: '<sip:alice@example.com>;tag=1' };
    const used = await credentialsOf(site, peer, request, 'alice');
    const header = 'headers' in change ? 'Authorization' : 'Proxy-Authorization';
    peer.heard.length = 0;
    const first = { ...request, headers: { 'Proxy-Authorization': used }, cseq: 2 };
    await answersTo(site, peer, first, 100);
    const before = victim.heard.length;
    assert.equal(before, 1);
    const thief = site.peer('thief', { at: '10.0.0.67' });
    const again = { ...first, ...change, headers: { [header]: used }, cseq: 3, callId: 'again' };
    const answers = await answersTo(site, thief, again, 200);
    assert.match(answers.join(), /^40[037] /);
    assert.equal(victim.labels.filter((label) => label !== 'MESSAGE').length, 0);
  });

test('attack: of several credentials one is looked at, so that one request is one guess (RFC 3261 §22.3)', async () => {
  const { site, peer, victim } = await strangers();
  const request = { method: 'MESSAGE', uri: 'sip:x@10.0.0.77', from: '<sip:alice@example.com>;tag=1' };
  const right = await credentialsOf(site, peer, request, 'alice');
  const wrong = right.replace(/response="../, 'response="00');
  const lines = `${wrong}\r\nProxy-Authorization: ${right}`;
  const answers = await answersTo(
    site,
    peer,
    { ...request, headers: { 'Proxy-Authorization': lines }, cseq: 2 },
    1_000,
  );
  assert.deepEqual([...answers, ...victim.labels], ['407 MESSAGE']);
});

test('attack: what a source says of itself in headers makes it no trusted one', async () => {
  const { site, peer, victim } = await strangers(`${USUAL}trusted: [10.9.9.9/32]\n`);
  const says = {
    'X-Forwarded-For': '10.9.9.9',
    'X-Real-IP': '10.9.9.9',
    Forwarded: 'for=10.9.9.9',
    'P-Asserted-Identity': '<sip:alice@example.com>',
    'P-Access-Network-Info': '3GPP-UTRAN-TDD; utran-cell-id-3gpp=1',
    Via: 'SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKx;received=10.9.9.9',
  };
  const via = 'SIP/2.0/UDP 10.9.9.9:5060;branch=z9hG4bKy;received=10.9.9.9;rport=5060';
  const request = { method: 'MESSAGE', uri: 'sip:+1900@10.0.0.77', headers: says, via };
  assert.deepEqual(await answersTo(site, peer, request, 1_000), ['403 MESSAGE']);
  assert.deepEqual(victim.labels, []);
});

test('attack: whoever answers for a user sends no stranger to where only users may go, by a 302 (RFC 3261 §16.5)', async () => {
  const { site, peer, victim } = await strangers(`${USUAL}proxy: { recurse: true }\n`);
  const [carol, far] = [site.phone('carol'), site.phone('far', { at: '10.0.0.88' })];
  await site.play(() => carol.register({ contacts: ['<sip:carol@10.0.0.88>'] }));
  const moved = { headers: [line('Contact', '<sip:+1900@10.0.0.77>')] };
  far.onInvite = ({ asked }) => void asked.respond(302, moved);
  const heard = await answersTo(site, peer, { method: 'INVITE', uri: 'sip:carol@example.com' }, 1_000);
  assert.ok(heard.includes('302 INVITE'), heard.join());
  assert.deepEqual(victim.labels, []);
});

test('attack: what follows a 302 asks nobody for a proof in our name, and says nothing of who calls (RFC 3325 §5)', async () => {
  const { site, bob } = await strangers(`${USUAL}proxy: { recurse: true }\n`);
  const [carol] = await site.registered('carol');
  const evil = site.phone('evil', { at: '10.0.0.88' });
  bob.onInvite = ({ asked }) => void asked.respond(302, { headers: [line('Contact', '<sip:evil@10.0.0.88>')] });
  const challenge = line('Proxy-Authenticate', 'Digest realm="example.com", nonce="n"');
  evil.onInvite = ({ asked }) => void asked.respond(407, { headers: [challenge] });
  const answer = await site.play(() => (carol ?? assert.fail()).call('sip:bob@example.com').answered);
  assert.equal(answer.status, 403);
  const invite = heardRequest(evil, 'INVITE');
  assert.deepEqual([...linesOf(invite, 'P-Asserted-Identity'), ...linesOf(invite, 'Proxy-Authorization')], []);
});

/** Credentials of a user for the challenge that this request gets. */
async function credentialsOf(site: Site, peer: Peer, request: Parameters<typeof answersTo>[2], user: string) {
  await answersTo(site, peer, request, 1_000);
  const name = request.method === 'REGISTER' ? 'WWW-Authenticate' : 'Proxy-Authenticate';
  return credentialsFor(headerOf(peer.heard.at(-1)?.message, name), user, request.method, request.uri);
}

/** What the request is answered with when it comes again with a user’s password. */
async function proving(site: Site, peer: Peer, request: Parameters<typeof answersTo>[2], user: string) {
  const proof = await credentialsOf(site, peer, request, user);
  const name = request.method === 'REGISTER' ? 'Authorization' : 'Proxy-Authorization';
  const headers = { ...request.headers, [name]: proof };
  return (await answersTo(site, peer, { ...request, headers, cseq: 2 }, 1_000)).join();
}
