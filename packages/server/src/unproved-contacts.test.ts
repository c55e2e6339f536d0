import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersTo } from '../sim/answers.ts';
import { pair } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';

const OPEN = `${USUAL}auth: none\n`;

/** What a stranger at 10.0.0.66 hears who registers bob with these lines. */
async function registering(headers: Readonly<Record<string, string>>, config = OPEN): Promise<string> {
  const site = await createSite({ config, names: { 'victim.example': ['10.0.0.77'] } });
  const [peer, victim] = [site.peer('peer', { at: '10.0.0.66' }), site.peer('victim', { at: '10.0.0.77' })];
  const bob = '<sip:bob@example.com>';
  const request = { method: 'REGISTER', uri: 'sip:example.com', to: bob, from: `${bob};tag=1`, headers };
  const [answer = 'nothing'] = await answersTo(site, peer, request);
  await answersTo(site, peer, { method: 'MESSAGE', uri: 'sip:bob@example.com' }, 1_000);
  if (answer.startsWith('403')) assert.deepEqual(victim.labels, []);
  return answer;
}

for (const contact of [
  '<sip:+1900@victim.example>',
  '<sip:+1900@10.0.0.77>',
  '<sip:bob@10.0.0.66>, <sip:+1900@victim.example>',
  '<sip:bob@10.0.0.66;maddr=10.0.0.77>',
  '<sip:bob@example.com;maddr=10.0.0.77>',
  '<sip:bob@x.invalid;maddr=10.0.0.77>',
  '<sip:bob@example.com:5099>',
  '<sip:+1900@victim.example>;expires=60',
])
  test(`attack: with auth: none nobody makes us call a third party by registering ${contact}: 403`, async () => {
    assert.equal(await registering({ Contact: contact }), '403 REGISTER');
  });

test('attack: nor by a Path that leads there (RFC 3327 §5.3)', async () => {
  const path = { Supported: 'path', Contact: '<sip:bob@10.0.0.66>' };
  assert.equal(await registering({ ...path, Path: '<sip:victim.example;lr>' }), '403 REGISTER');
  assert.equal(await registering({ ...path, Path: '<sip:10.0.0.66;lr>, <sip:inner.example;lr>' }), '200 REGISTER');
});

for (const contact of [
  '<sip:bob@10.0.0.66>',
  '<sip:bob@10.0.0.66:5099;transport=tcp>',
  '<sip:carol@example.com>',
  '<sip:bob@df7jal23ls0d.invalid;transport=ws>',
  '<sip:+1900@victim.example>;expires=0',
])
  test(`with auth: none a phone may register ${contact}`, async () => {
    assert.equal(await registering({ Contact: contact }), '200 REGISTER');
  });

test('with auth: none the list of bindings and their end may be asked for from anywhere (RFC 3261 §10.2.2, §10.2.3)', async () => {
  assert.equal(await registering({}), '200 REGISTER');
  assert.equal(await registering({ Contact: '*', Expires: '0' }), '200 REGISTER');
  assert.equal(await registering({ Contact: '<sip:x@victim.example>', Expires: '0' }), '200 REGISTER');
});

test('attack: nor a gateway in a trusted network, which would believe us', async () => {
  const contact = { Contact: '<sip:+1900@10.0.0.77>' };
  assert.equal(await registering(contact, `${OPEN}trusted: [10.0.0.77/32]\n`), '403 REGISTER');
});

test('attack: nor by a Path through ourselves, whose end would come from our own address', async () => {
  const headers = { Supported: 'path', Contact: '<sip:+1900@10.0.0.77>', Path: '<sip:10.0.0.1;lr>' };
  assert.equal(await registering(headers, `${OPEN}trusted: [10.0.0.1/32]\n`), '403 REGISTER');
});

test('a trusted source may register anything; so may who proves himself', async () => {
  const contact = { Contact: '<sip:bob@10.0.0.77>' };
  assert.equal(await registering(contact, `${OPEN}trusted: [10.0.0.66/32]\n`), '200 REGISTER');
  const site = await createSite({ names: { 'victim.example': ['10.0.0.77'] } });
  const bob = site.phone('bob');
  assert.equal((await site.play(() => bob.register({ contacts: ['<sip:b@victim.example>'] }))).status, 200);
});

test('the refusal says why, and keeps nothing', async () => {
  const site = await createSite({ config: OPEN });
  const bob = site.phone('bob');
  const { status, response } = await site.play(() => bob.register({ contacts: ['<sip:b@far.example>'] }));
  assert.deepEqual([status, response?.reason], [403, 'Contact Is Not Where You Are']);
  assert.equal(site.server.engine.core.servers.size, 0);
});

test('attack: with auth: none a phone cannot send its callers elsewhere by a 302 either, whatever recurse says', async () => {
  const site = await createSite({ config: `${OPEN}proxy: { recurse: true }\n` });
  const [alice, bob] = await pair(site);
  const victim = site.peer('victim', { at: '10.0.0.77' });
  bob.onInvite = ({ asked }) =>
    void asked.respond(302, { headers: [{ id: 0, name: 'Contact', value: '<sip:x@10.0.0.77>' }] });
  assert.equal((await site.play(() => alice.call('sip:bob@example.com').answered)).status, 302);
  assert.deepEqual(victim.labels, []);
});
