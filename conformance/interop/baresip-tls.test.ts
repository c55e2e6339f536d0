import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { type Authority, createAuthority, pairFile } from './peers/authority.ts';
import { accountLine, type Baresip, startBaresip } from './peers/baresip.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, DOMAIN, HOST, type RunningServer, startServerWith } from './peers/server.ts';
import { likeness, melody, tone, toneShare } from './wav.ts';

const skip = lacking('baresip', 'openssl');
const MELODY = melody(20);
const TONE = tone(440, 20);

for (const caller of ['tls', 'udp'] as const) {
  const called = caller === 'tls' ? 'udp' : 'tls';
  test(`a baresip over ${caller} calls one over ${called}, and each hears what the other plays`, {
    skip,
  }, async (t) => {
    const site = await setUp(t);
    const bob = await (called === 'udp' ? plain(site, BOB) : secure(site, BOB));
    const alice = await (caller === 'udp' ? plain(site, ALICE) : secure(site, ALICE));

    alice.control.command('dial', addressOf(BOB));
    await bob.control.event('CALL_INCOMING');
    bob.control.command('accept');
    await Promise.all([alice.control.event('CALL_ESTABLISHED'), bob.control.event('CALL_ESTABLISHED')]);
    await Promise.all([alice.hears(2.5), bob.hears(2.5)]);
    // The one over TLS is told, along its connection.
    const [first, second] = caller === 'udp' ? [alice, bob] : [bob, alice];
    first.control.command('hangup');
    await second.control.event('CALL_CLOSED');
    await alice.off();
    await bob.off();

    assert.ok(toneShare(alice.heard, 440) > 0.9, `alice heard the tone with ${toneShare(alice.heard, 440)}`);
    assert.ok(likeness(MELODY, bob.heard) > 0.9, `bob heard the melody with ${likeness(MELODY, bob.heard)}`);
  });
}

interface Site {
  readonly lab: Lab;
  readonly authority: Authority;
  readonly server: RunningServer;
  readonly tls: number;
}

async function setUp(t: TestContext): Promise<Site> {
  const lab = createLab(t);
  const authority = createAuthority(lab);
  const { certificate, key } = authority.issue(DOMAIN, `DNS:${DOMAIN}`, `URI:sip:${DOMAIN}`, `IP:${HOST}`);
  const tls = await freePort();
  const server = await startServerWith(lab, {
    listen: [`tls:${HOST}:${tls}`],
    settings: [`tls: { certificate: ${certificate}, key: ${key}, ca: [${authority.certificate}] }`],
  });
  return { lab, authority, server, tls };
}

const soundOf = (account: typeof ALICE) => (account === BOB ? TONE : MELODY);

const plain = ({ lab, server }: Site, account: typeof ALICE): Promise<Baresip> =>
  startBaresip(lab, { account, line: accountLine(account, server.uri('udp')), plays: soundOf(account) });

function secure({ lab, authority, tls }: Site, account: typeof ALICE): Promise<Baresip> {
  const line = accountLine(account, `sip:${HOST}:${tls};transport=tls`);
  return startBaresip(lab, {
    account,
    line,
    plays: soundOf(account),
    ca: authority.certificate,
    certificate: pairFile(lab, authority.issue(account.name, `IP:${HOST}`)),
  });
}
