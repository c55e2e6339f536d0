import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerOf, ladderFrom, linesOf, pair, written } from '../sim/heard.ts';
import { createSite, USUAL } from '../sim/site.ts';

const REDIRECT = `${USUAL}redirect: true\n`;

test('a redirect server names every place, the preferred first, and stays out of the call (RFC 3261 §8.3)', async () => {
  const site = await createSite({ config: REDIRECT });
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    await bob.register({ contacts: ['<sip:bob@10.0.0.50>;q=0.25', '<sip:bob@10.0.0.51>;q=0.9'] });
    await bob.unregister();
    const ladder = ladderFrom(site);
    const { status, response } = await alice.call('sip:bob@example.com').answered;
    assert.equal(status, 302);
    assert.deepEqual(linesOf(response, 'Contact'), ['<sip:bob@10.0.0.51>;q=0.9', '<sip:bob@10.0.0.50>;q=0.25']);
    assert.deepEqual(ladder().slice(-2), ['server ────▶ alice 302 INVITE', 'server ◀──── alice ACK']);
  });
  await site.settle();
});

test('the caller follows by himself (RFC 3261 §8.1.3.4)', async () => {
  const site = await createSite({ config: REDIRECT });
  const [alice, bob] = await pair(site);
  await site.play(async () => {
    const { response } = await alice.call('sip:bob@example.com').answered;
    const contact = /<([^>]+)>/.exec(headerOf(response, 'Contact'))?.[1] ?? '';
    const call = alice.call(contact, { to: { host: bob.peer.local.host, port: 5060 } });
    assert.equal((await call.answered).status, 200);
    assert.equal((await call.dialog.bye()).status, 200);
  });
  assert.equal(bob.incoming.length, 1);
});

test('who is not registered is not available: 480; who does not exist: 404 (RFC 3261 §8.3, §21.4)', async () => {
  const site = await createSite({ config: REDIRECT });
  const [alice] = await pair(site);
  assert.equal((await site.play(() => alice.call('sip:carol@example.com').answered)).status, 480);
  assert.equal((await site.play(() => alice.call('sip:nobody@example.com').answered)).status, 404);
});

test('a 302 is repeated until it is acknowledged, and the ACK is not answered (RFC 3261 §17.2.1)', async () => {
  const site = await createSite({ config: `${REDIRECT}auth: none\n` });
  const [, bob] = await pair(site);
  const peer = site.peer('caller');
  const uri = 'sip:bob@example.com';
  const via = 'SIP/2.0/UDP 10.0.0.13;branch=z9hG4bKx';
  peer.send(written(peer, { method: 'INVITE', uri, via }), site.place);
  await site.world.runFor(3_600);
  assert.deepEqual(
    peer.labels,
    ['302 INVITE', '302 INVITE', '302 INVITE', '302 INVITE'],
    'at 0, 0.5, 1.5 and 3.5 seconds',
  );
  const tag = /tag=(\S+)/.exec(headerOf(peer.heard[0]?.message, 'To'))?.[1];
  peer.send(written(peer, { method: 'ACK', uri, via, to: `<${uri}>;tag=${tag}` }), site.place);
  await site.settle();
  assert.equal(peer.labels.length, 4);
  assert.deepEqual(bob.incoming, []);
});
