import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from '@strowger/sip/message';
import type { Peer } from '@strowger/testkit';
import { answersTo } from '../sim/answers.ts';
import { headerOf, heardRequest, linesOf, pair } from '../sim/heard.ts';
import { createSite, type Site, type SiteOptions, USUAL } from '../sim/site.ts';

const CALL = { callId: 'strange', from: '<sip:mallory@elsewhere.example>;tag=m' } as const;

/** A stranger in a call with bob, with what he knows of it; bob’s contact may be his public address. */
async function strangerInCall(options: SiteOptions & { readonly contact?: string } = {}) {
  const site = await createSite(options);
  const [, bob] = await pair(site);
  const [carol] = await site.registered('carol');
  assert.ok(carol !== undefined);
  const stranger = site.peer('stranger', { at: '10.0.0.66' });
  const { contact } = options;
  if (contact !== undefined)
    bob.onInvite = ({ asked }) => {
      const headers = linesOf(asked.request, 'Record-Route').map((value) => line('Record-Route', value));
      asked.respond(200, { headers: [...headers, line('Contact', contact)] });
    };
  const headers = { Contact: '<sip:mallory@10.0.0.66>' };
  await answersTo(site, stranger, { method: 'INVITE', uri: 'sip:bob@example.com', ...CALL, headers }, 1_000);
  const answer = stranger.heard.find(({ label }) => label === '200 INVITE')?.message;
  const [route = ''] = linesOf(answer, 'Record-Route');
  return { site, bob, carol, stranger, route, to: headerOf(answer, 'To') };
}

const finalOf = async (site: Site, peer: Peer, request: Parameters<typeof answersTo>[2]): Promise<string> =>
  (await answersTo(site, peer, request, 1_000)).find((label) => label.endsWith(request.method)) ?? 'nothing';

for (const [what, contact] of [
  ['his phone', undefined],
  ['his public address', '<sip:bob@example.com>'],
] as const)
  for (const spoofed of [
    'sip:alice@example.com',
    'sip:bob@example.com',
    'sip:alice@10.0.0.1',
    'sip:%61lice@EXAMPLE.com',
  ])
    for (const method of ['INVITE', 'MESSAGE'])
      test(`attack: who is in a call with bob at ${what} is not ${spoofed} thereby: 407 (${method}, RFC 3261 §22.3)`, async () => {
        const call = await strangerInCall(contact === undefined ? {} : { contact });
        const { site, bob, carol, stranger, route, to } = call;
        const heard = [bob, carol].map(({ peer }) => peer.heard.length);
        const from = `"The Boss" <${spoofed}>;tag=m`;
        for (const uri of ['sip:bob@example.com', 'sip:carol@example.com', bob.contact]) {
          const request = { method, uri, ...CALL, from, to, cseq: 7, headers: { Route: route } };
          assert.equal(await finalOf(site, stranger, request), `407 ${method}`, uri);
        }
        assert.deepEqual(
          [bob.peer.heard.length, carol.peer.heard.length].map((n, i) => n - (heard[i] ?? 0)),
          [0, 0],
        );
      });

test('both sides of a call with a stranger go on unasked, under the names that the call began with (RFC 3261 §12.2.1.1)', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  const dave = site.phone('dave', { aor: 'sip:dave@elsewhere.example', at: '10.0.0.40' });
  const call = dave.call('sip:bob@10.0.0.1');
  assert.equal((await site.play(() => call.answered)).status, 200);
  await site.world.runFor(500);
  const { dialog } = bob.incoming[0] ?? assert.fail();
  assert.equal((await site.play(() => dialog.request('INFO'))).status, 200);
  assert.equal((await site.play(() => call.dialog.request('INFO'))).status, 200);
  assert.equal((await site.play(() => dialog.bye())).status, 200);
  assert.deepEqual(
    dave.peer.labels.filter((label) => label.startsWith('407')),
    [],
  );
});

test('attack: more of our own Routes than a passage has do not bring a request back to us from our own address', async () => {
  const trusted = `${USUAL}trusted: [10.0.0.1/32]\n`;
  const names = { 'example.com': ['10.0.0.1'] };
  const call = await strangerInCall({ config: trusted, names, contact: '<sip:bob@example.com>' });
  const { site, stranger, route, to } = call;
  const victim = site.peer('victim', { at: '10.0.0.77' });
  for (let own = 1; own < 8; own += 1)
    for (const back of ['<sip:example.com;lr>', '<sip:10.0.0.1;lr>', '<sip:bob@example.com;lr>'])
      for (const uri of ['sip:+1900@10.0.0.77', 'sip:example.com;lr']) {
        const Route = [...Array.from({ length: own }, () => route), back, '<sip:10.0.0.77;lr>'].join(', ');
        await answersTo(site, stranger, { method: 'INVITE', uri, ...CALL, to, cseq: own, headers: { Route } }, 500);
      }
  assert.deepEqual(victim.labels, []);
});

test('attack: a token is worth nothing to a server with another key', async () => {
  const { bob, route, to } = await strangerInCall();
  const other = await createSite({ world: { seed: 99 } });
  const [, sameBob] = await pair(other);
  assert.equal(sameBob.contact, bob.contact);
  const stranger = other.peer('stranger', { at: '10.0.0.66' });
  const request = { method: 'INFO', uri: bob.contact, ...CALL, to, headers: { Route: route } };
  assert.equal(await finalOf(other, stranger, request), '403 INFO');
});

test('the same token is good after a restart with the same key', async () => {
  const { site, bob, stranger, route, to } = await strangerInCall();
  await site.play(() => site.restart());
  const request = { method: 'INFO', uri: bob.contact, ...CALL, to, cseq: 9, headers: { Route: route } };
  assert.match(await finalOf(site, stranger, request), /^(?:200|481) INFO$/);
  assert.ok(bob.peer.labels.includes('INFO'));
});

/** A call of a stranger to bob, who is behind a NAT, so that a flow leads to him; its Route carries `f`. */
async function callOverFlow() {
  const site = await createSite();
  const bob = site.phone('bob', { protocol: 'tcp' });
  const contact = '<sip:bob@192.168.7.7;ob>;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"';
  const headers = { Supported: 'outbound, path' };
  assert.equal((await site.play(() => bob.register({ contacts: [contact], headers }))).status, 200);
  bob.onInvite = ({ asked }) => {
    const routes = linesOf(asked.request, 'Record-Route').map((value) => line('Record-Route', value));
    asked.respond(200, { headers: [...routes, line('Contact', '<sip:bob@192.168.7.7;ob>')] });
  };
  const stranger = site.peer('stranger', { at: '10.0.0.66' });
  const invite = { method: 'INVITE', uri: 'sip:bob@example.com', ...CALL, headers: { Contact: '<sip:m@10.0.0.66>' } };
  await answersTo(site, stranger, invite, 1_000);
  const answer = stranger.heard.find(({ label }) => label === '200 INVITE')?.message;
  const routes = linesOf(answer, 'Record-Route').flatMap((value) => value.split(/,\s*/));
  const Route = routes.join(', ');
  assert.match(Route, /;f=/);
  return { site, bob, stranger, Route, to: headerOf(answer, 'To'), uri: 'sip:bob@192.168.7.7;ob' };
}

test('a flow token leads the requests of its call to the phone (RFC 5626 §5.3)', async () => {
  const { site, bob, stranger, Route, to, uri } = await callOverFlow();
  await finalOf(site, stranger, { method: 'INFO', uri, ...CALL, to, cseq: 3, headers: { Route } });
  heardRequest(bob, 'INFO');
});

for (const [what, change] of [
  ['another call', (_: string) => ({ callId: 'another' })],
  ['another caller', (_: string) => ({ from: '<sip:x@elsewhere.example>;tag=x' })],
  ['a route token that is none', (Route: string) => ({ headers: { Route: Route.replaceAll(/;t=[^;>]+/g, ';t=0.0') } })],
  ['no route token', (Route: string) => ({ headers: { Route: Route.replaceAll(/;t=[^;>]+/g, '') } })],
  ['another place', (_: string) => ({ uri: 'sip:bob@192.168.7.8' })],
  ['no dialog', (_: string) => ({ to: '<sip:bob@example.com>' })],
] as const)
  test(`attack: a flow token leads nowhere with ${what} (RFC 5626 §5.3, §11)`, async () => {
    const { site, bob, stranger, Route, to, uri } = await callOverFlow();
    const heard = bob.peer.heard.length;
    const request = { method: 'INFO', uri, ...CALL, to, cseq: 3, headers: { Route }, ...change(Route) };
    assert.equal(await finalOf(site, stranger, request), '403 INFO');
    assert.equal(bob.peer.heard.length, heard);
  });

test('attack: who has seen the Via of an INVITE cannot cancel it from elsewhere: 481 (RFC 3261 §22.1)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  const call = alice.call('sip:bob@example.com');
  await site.world.runFor(1_000);
  const invite = heardRequest(bob, 'INVITE');
  const via = (linesOf(invite, 'Via').at(-1) ?? '').replace(/;(?:received|rport)[^;]*/g, '');
  const evil = site.peer('evil', { at: '10.0.0.66' });
  const cancel = { uri: 'sip:bob@example.com', from: headerOf(invite, 'From'), callId: headerOf(invite, 'Call-ID') };
  assert.deepEqual(await answersTo(site, evil, { method: 'CANCEL', via, ...cancel }, 1_000), ['481 CANCEL']);
  assert.deepEqual(
    bob.peer.labels.filter((label) => label === 'CANCEL'),
    [],
  );
  call.cancel();
  assert.equal((await site.play(() => call.answered)).status, 487, 'the caller himself can');
});

test('attack: a 200 by a stranger who knows everything but the branch ends nothing (RFC 3261 §17.1.3)', async () => {
  const site = await createSite();
  const [alice, bob] = await pair(site);
  bob.onInvite = (call) => call.ring();
  const call = alice.call('sip:bob@example.com');
  await site.world.runFor(1_000);
  const invite = heardRequest(bob, 'INVITE');
  const [ours = '', hers = ''] = linesOf(invite, 'Via');
  const branch = /branch=([^;]+)/.exec(ours)?.[1] ?? assert.fail();
  const evil = site.peer('evil', { at: '10.0.0.66' });
  const parts = branch.split('.');
  const guesses = parts.map((part, i) =>
    parts.with(i, `${part.slice(0, -1)}${part.endsWith('0') ? '1' : '0'}`).join('.'),
  );
  for (const guess of [...guesses, parts.slice(0, -1).join('.'), 'z9hG4bK']) {
    const names = ['From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headerOf(invite, name)}`);
    const vias = [`Via: ${ours.replace(branch, guess)}`, `Via: ${hers}`];
    const contact = ['Contact: <sip:evil@10.0.0.66>', 'Content-Length: 0', '', ''];
    evil.send(['SIP/2.0 200 OK', ...vias, ...names, ...contact].join('\r\n'), site.place);
  }
  await site.world.runFor(1_000);
  assert.deepEqual(
    alice.peer.labels.filter((label) => label === '200 INVITE'),
    [],
  );
  call.cancel();
  assert.equal((await site.play(() => call.answered)).status, 487);
});

test('attack: an ACK flood to a user goes to one phone, is not answered, and to anybody else nowhere (RFC 3261 §17.1.1.3)', async () => {
  const site = await createSite();
  await pair(site);
  const desk = site.phone('bob', { name: 'desk' });
  await site.play(() => desk.register());
  await site.world.runFor(60_000);
  const [stranger, victim] = [site.peer('stranger', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  const before = site.world.traffic.length;
  const to = '<sip:bob@example.com>;tag=2';
  for (let i = 0; i < 20; i += 1) {
    await answersTo(site, stranger, { method: 'ACK', uri: 'sip:bob@example.com', to, callId: `a${i}` }, 10);
    await answersTo(site, stranger, { method: 'ACK', uri: 'sip:x@10.0.0.77', to, callId: `b${i}` }, 10);
  }
  const sent = site.world.traffic.slice(before).filter(({ from }) => from.host === '10.0.0.1');
  assert.ok(sent.length <= 20, `${sent.length} for 20`);
  assert.deepEqual([...victim.labels, ...stranger.labels], []);
  assert.equal(site.server.engine.core.servers.size, 0);
});

for (const [name, value] of [
  ['Replaces', 'abc@10.0.0.77;to-tag=1;from-tag=2'],
  ['Join', 'abc@10.0.0.77;to-tag=1;from-tag=2'],
  ['Refer-To', '<sip:+1900@10.0.0.77?Replaces=abc%3Bto-tag%3D1>'],
  ['Target-Dialog', 'abc;local-tag=1;remote-tag=2'],
  ['Alert-Info', '<http://10.0.0.77/ring.wav>'],
  ['Reply-To', '<sip:x@10.0.0.77>'],
] as const)
  test(`${name} is for the phone: it is passed on and decides nothing here`, async () => {
    const site = await createSite();
    const [, bob] = await pair(site);
    const [stranger, victim] = [site.peer('stranger', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
    const method = name === 'Refer-To' ? 'REFER' : 'INVITE';
    await answersTo(site, stranger, { method, uri: 'sip:bob@example.com', headers: { [name]: value } }, 1_000);
    assert.equal(headerOf(heardRequest(bob, method), name), value);
    assert.deepEqual(victim.labels, []);
  });

test('each response to an INVITE gets tokens for the contact that it names itself (RFC 3261 §16.7 step 8)', async () => {
  const site = await createSite();
  const [, bob] = await pair(site);
  bob.onInvite = ({ asked }) => {
    const headers = linesOf(asked.request, 'Record-Route').map((value) => line('Record-Route', value));
    for (const [status, host] of [
      [180, '10.0.0.71'],
      [183, '10.0.0.71'],
      [183, '10.0.0.72'],
      [200, '10.0.0.73'],
    ] as const)
      asked.respond(status, { headers: [...headers, line('Contact', `<sip:bob@${host}>`)] });
  };
  const stranger = site.peer('stranger', { at: '10.0.0.66' });
  const headers = { Contact: '<sip:mallory@10.0.0.66>' };
  await answersTo(site, stranger, { method: 'INVITE', uri: 'sip:bob@example.com', ...CALL, headers }, 1_000);
  const heard = stranger.heard.filter(({ label }) => /^(?:18[03]|200) INVITE$/.test(label));
  const routes = heard.map(({ message }) => linesOf(message, 'Record-Route').join());
  assert.equal(routes.length >= 4, true);
  assert.equal(routes[0], routes[1]);
  assert.equal(new Set(routes).size, 3);
});
