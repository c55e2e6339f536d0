import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { createSite, SERVER, whyNoNamespaces } from '../nat/namespaces.ts';
import { type Authority, createAuthority } from './peers/authority.ts';
import { accountLine, startAnsweringBaresip } from './peers/baresip.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { type Linphone, startLinphone } from './peers/linphone.ts';
import { freePort } from './peers/port.ts';
import { ALICE, addressOf, BOB, DOMAIN, type RunningServer, startServerWith } from './peers/server.ts';
import { likeness, melody, tone, toneShare } from './wav.ts';

const skip = lacking('linphonec', 'openssl', 'ip') || whyNoNamespaces();
const MELODY = melody(20);

test('linphonec registers over TLS and calls a baresip over UDP, and each hears what the other plays', {
  skip: skip || lacking('baresip'),
}, async (t) => {
  const { lab, server, namespace, phone, authority } = await setUp(t);
  const bob = await startAnsweringBaresip(lab, {
    account: BOB,
    line: accountLine(BOB, server.uri('udp')),
    plays: tone(440, 20),
    host: SERVER,
    namespace,
  });
  const alice = phone(authority.certificate);
  await server.child.line(/message\.sent peer=tls.* start="200 OK" from=<sip:alice@.* REGISTER"/, SOON_MS);
  alice.call(addressOf(BOB));
  await bob.child.line(/Call established/, SOON_MS);
  alice.talk();
  await Promise.all([bob.recording.hears(2.5), alice.recording.hears(2.5)]);
  await alice.off();
  await bob.child.line(/session closed/, SOON_MS);
  await bob.child.stop();

  const [byAlice, byBob] = [toneShare(alice.recording.heard, 440), likeness(MELODY, bob.recording.heard)];
  // Its recording begins with a click, and now and then its jitter buffer leaves a packet out; silence or the melody gives 0.
  assert.ok(byAlice > 0.7, `alice heard the tone with ${byAlice}`);
  assert.ok(byBob > 0.9, `bob heard the melody with ${byBob}`);
});

test('linphonec that believes another authority breaks off, and the log says why', { skip }, async (t) => {
  const { lab, server, phone } = await setUp(t);
  phone(createAuthority(lab, 'stranger').certificate);
  await server.child.line(/transport\.failed .*failed in TLS: .*unknown ca/, SOON_MS);
});

interface Site {
  readonly lab: Lab;
  readonly authority: Authority;
  readonly server: RunningServer;
  readonly namespace: string;
  /** A linphonec for alice. */
  phone(ca: string): Linphone;
}

/** The server and the phones in a namespace, which has an address that is not one of the loopback interface's own. */
async function setUp(t: TestContext): Promise<Site> {
  const site = createSite([]);
  t.after(() => site.end());
  const lab = createLab(t);
  const authority = createAuthority(lab);
  const { certificate, key } = authority.issue(
    DOMAIN,
    `DNS:${DOMAIN}`,
    `URI:sip:${DOMAIN}`,
    `IP:${SERVER}`,
    `DNS:${SERVER}`,
  );
  const [namespace, tls] = [site.server, await freePort()];
  const server = await startServerWith(lab, {
    host: SERVER,
    namespace,
    listen: [`tls:${SERVER}:${tls}`],
    settings: [`tls: { certificate: ${certificate}, key: ${key}, ca: [${authority.certificate}] }`],
  });
  const outbound = `sip:${SERVER}:${tls};transport=tls`;
  const phone = (ca: string) => startLinphone(lab, { account: ALICE, outbound, ca, plays: MELODY, namespace });
  return { lab, authority, server, namespace, phone };
}

const SOON_MS = 10_000;
