import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headersOf } from '@strowger/sip/message';
import { type Peer, play } from '@strowger/testkit';
import { createSite, type Site } from '../sim/site.ts';

const OPEN = 'domains: [example.com]\nauth: none\nusers: [{ name: alice, password: a }, { name: bob, password: b }]';

test('a phone with two flows is called on the latest, and on the other one when that ends (RFC 5626 §7)', async () => {
  const { site, caller, first, second } = await siteWithTwoFlows();
  message(caller, site, 'sip:bob@example.com', 1);
  await site.world.runFor(1_000);
  assert.deepEqual([requestsOf(first), requestsOf(second)], [[], ['MESSAGE']]);
  await play(site.world, () => second.close());
  await site.world.runFor(1_000);
  message(caller, site, 'sip:bob@example.com', 2);
  await site.world.runFor(1_000);
  assert.deepEqual(requestsOf(first), ['MESSAGE']);
  await site.world.runFor(200_000);
  const left = await site.server.locations.lookup('sip:bob@example.com', site.server.engine.core.unix);
  assert.deepEqual(
    left.map(({ regId }) => regId),
    [1],
  );
});

test('when every flow of the phone has ended, it is not there: 480 (RFC 5626 §11.5)', async () => {
  const { site, caller, first, second } = await siteWithTwoFlows();
  await play(site.world, () => Promise.all([first.close(), second.close()]).then(() => undefined));
  await site.world.runFor(1_000);
  message(caller, site, 'sip:bob@example.com', 1);
  await site.world.runFor(1_000);
  assert.equal(caller.labels.at(-1), '480 MESSAGE');
});

test('GRUUs lead to their phone, one that was never given out leads nowhere, as a stranger hears it (RFC 5627 §6.1)', async () => {
  const { site, caller, second } = await siteWithTwoFlows();
  const contacts = [...headersOf(second.heard[0]?.message ?? assert.fail('no answer'))]
    .map(([, value]) => value)
    .join('\n');
  const gruus = ['pub-gruu', 'temp-gruu'].map((name) => new RegExp(`${name}="([^"]+)"`).exec(contacts)?.[1] ?? '');
  for (const [i, gruu] of gruus.entries()) {
    message(caller, site, gruu, i + 1);
    await site.world.runFor(1_000);
    assert.equal(requestsOf(second).length, i + 1, gruu);
  }
  for (const [i, wrong] of ['sip:bob@example.com;gr=1', 'sip:tgruu.xyz@example.com;gr'].entries()) {
    message(caller, site, wrong, i + 10);
    await site.world.runFor(1_000);
    assert.equal(caller.labels.at(-1), '480 MESSAGE', wrong);
  }
});

/** Bob's phone has registered over two connections, the second one last. */
async function siteWithTwoFlows() {
  const site = await createSite({ config: OPEN });
  const caller = site.peer('alice');
  const [first, second] = [1, 2].map((regId) =>
    site.peer(`bob${regId}`, { protocol: 'tcp', at: `10.0.0.4${regId}`, port: 6000 + regId }),
  );
  assert.ok(first !== undefined && second !== undefined);
  for (const [i, peer] of [first, second].entries()) {
    peer.send(registration(peer, i + 1), site.place);
    await site.world.runFor(1_000);
    assert.deepEqual(peer.labels, ['200 REGISTER']);
    const [answer] = peer.heard;
    assert.ok(answer !== undefined);
    peer.onMessage = ({ label, from, connection, message: heard }) => {
      if (label !== 'MESSAGE') return;
      const vias = [...headersOf(heard)].filter(([name]) => /^(via|from|to|call-id|cseq)$/i.test(name));
      const lines = vias.map(([name, value]) => `${name}: ${value}${name === 'To' ? ';tag=1' : ''}`);
      peer.send(['SIP/2.0 200 OK', ...lines, 'Content-Length: 0', '', ''].join('\r\n'), from, connection);
    };
  }
  return { site, caller, first, second };
}

const requestsOf = (peer: Peer): readonly string[] => peer.labels.filter((label) => label === 'MESSAGE');

const registration = ({ local }: Peer, regId: number): string =>
  [
    'REGISTER sip:example.com SIP/2.0',
    `Via: SIP/2.0/TCP ${local.host}:${local.port};branch=z9hG4bKr${regId}`,
    'Max-Forwards: 70',
    'From: <sip:bob@example.com>;tag=1',
    'To: <sip:bob@example.com>',
    `Call-ID: r${regId}`,
    'CSeq: 1 REGISTER',
    'Supported: path, outbound, gruu',
    `Contact: <sip:bob@10.0.0.40:6000;transport=tcp>;+sip.instance="<urn:uuid:1>";reg-id=${regId}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

function message(caller: Peer, site: Site, uri: string, number: number): void {
  caller.send(
    [
      `MESSAGE ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${caller.local.host}:${caller.local.port};branch=z9hG4bKm${number}`,
      'Max-Forwards: 70',
      'From: <sip:alice@example.com>;tag=1',
      `To: <${uri.replace(/;.*/, '')}>`,
      `Call-ID: m${number}`,
      'CSeq: 1 MESSAGE',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
    site.place,
  );
}
