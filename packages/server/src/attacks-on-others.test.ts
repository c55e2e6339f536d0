import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Traffic } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { headerOf, linesOf, pair, type Written } from '../sim/heard.ts';
import { createSite, type Site, USUAL } from '../sim/site.ts';

/** A request as short as it can be, which anybody may send with the address of another as its sender. */
const shortest = (method: string, uri: string, from: string): string =>
  [
    `${method} ${uri} SIP/2.0`,
    'v:SIP/2.0/UDP a;branch=z9hG4bKa',
    `f:<${from}>;tag=1`,
    `t:<${from}>`,
    'i:1',
    `CSeq:1 ${method}`,
    '',
    '',
  ].join('\r\n');

/** What the server sends within a minute of a datagram that says it is from 10.0.0.66. */
async function sentFor(site: Site, text: string | Uint8Array): Promise<readonly Traffic[]> {
  const peer = site.peer('spoofed', { at: '10.0.0.66' });
  const before = site.world.traffic.length;
  peer.send(text, site.place);
  await site.world.runFor(60_000);
  return site.world.traffic.slice(before).filter(({ from }) => from.host === site.place.host);
}

const ALL = `${USUAL}digest: [SHA-512-256, SHA-256, MD5]\n`;

for (const [what, method, uri, config, most] of [
  ['a challenge', 'REGISTER', 'sip:example.com', USUAL, 4],
  ['a challenge', 'INVITE', 'sip:bob@example.com', USUAL, 4],
  ['three challenges', 'REGISTER', 'sip:example.com', ALL, 5],
  ['what the server can do', 'OPTIONS', 'sip:example.com', USUAL, 3],
  ['a refusal', 'INVITE', 'sip:x@10.0.0.77', USUAL, 3],
] as const)
  test(`${what} for a ${method} with a forged sender is one datagram, at most ${most} times as long as the shortest request (RFC 3261 §26.1.5)`, async () => {
    const site = await createSite({ config });
    const text = shortest(method, uri, 'sip:alice@example.com');
    const sent = await sentFor(site, text);
    assert.equal(sent.length, 1);
    assert.ok((sent[0]?.bytes.length ?? 0) <= most * text.length, `${sent[0]?.bytes.length} for ${text.length}`);
  });

test('a STUN request is answered with no more than an address, other datagrams that are no SIP with nothing (RFC 5626 §8)', async () => {
  const id = Array.from({ length: 12 }, (_, i) => i);
  const stun = (type: number, ...rest: readonly number[]): Uint8Array =>
    Uint8Array.from([0, type, 0, rest.length, 0x21, 0x12, 0xa4, 0x42, ...id, ...rest]);
  const [answer, ...more] = await sentFor(await createSite(), stun(1));
  assert.equal(more.length, 0);
  assert.ok((answer?.bytes.length ?? 99) <= 20 + 12);
  const others = [stun(0x11), Uint8Array.from([1, 1, ...stun(1).subarray(2)]), Uint8Array.from([0, 0, 0, 0])];
  for (const bytes of [...others, Uint8Array.from([13, 10, 13, 10]), new Uint8Array(1_000)])
    assert.deepEqual(await sentFor(await createSite(), bytes), []);
});

for (const via of [
  'SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bK1',
  'SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bK1;received=10.0.0.77',
  'SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bK1;received=10.0.0.77;rport=5060',
  'SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bK1;maddr=10.0.0.77',
  'SIP/2.0/TCP 10.0.0.77:5060;branch=z9hG4bK1',
  'SIP/2.0/UDP victim.example;branch=z9hG4bK1',
  'SIP/2.0/UDP 10.0.0.66;branch=z9hG4bK1, SIP/2.0/UDP 10.0.0.77;branch=z9hG4bK2',
  'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1',
  'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport, SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK2',
])
  for (const uri of ['sip:example.com', 'sip:bob@example.com', 'sip:nobody@example.com', 'sip:x@10.0.0.77'])
    test(`attack: ${via} sends the answer to ${uri} to nobody but the sender (RFC 3261 §18.2.2, RFC 3581 §4)`, async () => {
      const site = await createSite({ names: { 'victim.example': ['10.0.0.77'] } });
      await pair(site);
      const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
      const before = site.world.traffic.length;
      await answersTo(site, peer, { method: 'OPTIONS', uri, via }, 10_000);
      assert.deepEqual(victim.labels, []);
      const loops = site.world.traffic.slice(before).filter(({ to, from }) => to.host === from.host);
      assert.deepEqual(loops, [], 'nor does the server talk to itself');
    });

/** What it takes to make the server send INVITEs to 10.0.0.77: the lines of a REGISTER for bob. */
const register = (headers: Readonly<Record<string, string>>): Written => ({
  method: 'REGISTER',
  uri: 'sip:example.com',
  from: '<sip:bob@example.com>;tag=1',
  to: '<sip:bob@example.com>',
  headers,
});

for (const [what, headers] of [
  ['its contact', { Contact: '<sip:b@10.0.0.77>' }],
  ['ten contacts', { Contact: Array.from({ length: 10 }, (_, i) => `<sip:b${i}@10.0.0.77>`).join(', ') }],
  ['its Path', { Contact: '<sip:b@10.0.0.66>', Path: '<sip:10.0.0.77;lr>', Supported: 'path' }],
  ['a flow of a Path', { Contact: '<sip:b@10.0.0.66>', Path: '<sip:x@10.0.0.77;lr;ob>', Supported: 'path, outbound' }],
] as const)
  test(`attack: without a password nobody makes a third party ${what}`, async () => {
    for (const config of [USUAL, `${USUAL}auth: none\n`]) {
      const site = await createSite({ config });
      const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
      assert.match((await answersTo(site, peer, register(headers), 1_000)).join(), /^40[13] REGISTER$/);
      await answersTo(site, peer, { method: 'INVITE', uri: 'sip:bob@example.com' }, 40_000);
      assert.deepEqual(victim.labels, []);
    }
  });

test('a user may have so many contacts and no more: a call of a stranger becomes no flood (registrar.maxBindings)', async () => {
  const site = await createSite({ config: `${USUAL}registrar: { maxBindings: 3 }\n` });
  const bob = site.phone('bob');
  const contacts = (count: number): string[] => Array.from({ length: count }, (_, i) => `<sip:b${i}@10.0.0.77>`);
  assert.equal((await site.play(() => bob.register({ contacts: contacts(4) }))).status, 403);
  assert.equal((await site.play(() => bob.register({ contacts: contacts(3) }))).status, 200);
});

test('attack: GRUUs cannot be made, and those of others lead to them alone (RFC 5627 §6.1, §8)', async () => {
  const site = await createSite();
  const [alice, bob] = [site.phone('alice'), site.phone('bob')];
  const gruuOf = async (phone: typeof bob, number: number): Promise<readonly string[]> => {
    const contact = `<${phone.contact}>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-00000000000${number}>"`;
    const answer = await site.play(() => phone.register({ contacts: [contact], headers: { Supported: 'gruu' } }));
    const value = headerOf(answer.response, 'Contact');
    return ['pub-gruu', 'temp-gruu'].map((name) => new RegExp(`${name}="([^"]+)"`).exec(value)?.[1] ?? assert.fail());
  };
  const [pub = '', temp = ''] = await gruuOf(bob, 1);
  const [hers = ''] = await gruuOf(alice, 2);
  const seal = (uri: string): string => uri.replace(/^.*gr=/, '');
  const peer = site.peer('peer', { at: '10.0.0.66' });
  const at = temp.indexOf('@');
  const flipped = (from: number): string =>
    `${temp.slice(0, from)}${temp[from] === 'A' ? 'B' : 'A'}${temp.slice(from + 1)}`;
  const forged = [
    pub.replace('bob', 'alice'),
    `sip:bob@example.com;gr=${seal(hers)}`,
    `sip:bob@example.com;gr=urn:uuid:00000000-0000-1000-8000-000000000001`,
    `${pub.slice(0, -1)}${pub.endsWith('0') ? '1' : '0'}`,
    ...[12, 20, 40, at - 1].map(flipped),
    temp.replace('@example.com', '@10.0.0.1'),
    'sip:tgruu.@example.com;gr',
  ];
  const count = bob.peer.heard.length + alice.peer.heard.length;
  for (const uri of forged)
    assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri }, 500), ['480 MESSAGE'], uri);
  assert.equal(bob.peer.heard.length + alice.peer.heard.length, count);
  assert.deepEqual(await answersTo(site, peer, { method: 'MESSAGE', uri: temp }, 500), ['200 MESSAGE']);
  const claims = { method: 'MESSAGE', uri: 'sip:alice@example.com', from: `<${temp}>;tag=1` };
  assert.deepEqual(await answersTo(site, peer, claims, 500), ['407 MESSAGE'], 'nor is it a name to call under');
});

for (const mode of ['digest', 'none'] as const)
  test(`attack: Routes through our own address are no way out, though it is a trusted one (auth: ${mode})`, async () => {
    const config = `${USUAL}auth: ${mode}\ntrusted: [10.0.0.1/32]\n`;
    const site = await createSite({ config, names: { 'example.com': ['10.0.0.1'] } });
    await pair(site);
    const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
    for (const Route of ['<sip:example.com;lr>', '<sip:10.0.0.1;lr>, <sip:10.0.0.1;lr>', '<sip:10.0.0.1:5060>'])
      for (const uri of ['sip:+1900@10.0.0.77', 'sip:bob@example.com', 'sip:bob@10.0.0.1;lr']) {
        const headers = { Route: `${Route}, <sip:10.0.0.77;lr>` };
        const answers = await answersTo(site, peer, { method: 'INVITE', uri, headers }, 500);
        assert.match(answers.join(), /^403 INVITE$/);
      }
    assert.deepEqual(victim.labels, []);
  });

test('the answer to a stranger names no phone of a user, but where the server redirects', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const peer = site.peer('peer', { at: '10.0.0.66' });
  for (const method of ['REGISTER', 'OPTIONS', 'SUBSCRIBE']) {
    const uri = method === 'REGISTER' ? 'sip:example.com' : 'sip:example.com';
    await answersTo(site, peer, { method, uri, to: '<sip:bob@example.com>' }, 500);
    assert.deepEqual(linesOf(peer.heard.at(-1)?.message, 'Contact'), [], `${method} tells ${bob.contact}`);
  }
});
