import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { createSite, SERVER, whyNoNamespaces } from '../nat/namespaces.ts';
import { type Authority, createAuthority } from './peers/authority.ts';
import { accountLine, startAnsweringBaresip } from './peers/baresip.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { type Linphone, startLinphone } from './peers/linphone.ts';
import { freePort } from './peers/port.ts';
import { type Account, ALICE, addressOf, BOB, DOMAIN, type RunningServer, startServerWith } from './peers/server.ts';
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

test('linphonec believes what the server made for itself when the URI of its proxy is the domain, with the address as maddr', {
  skip,
}, async (t) => {
  const { lab, server, port, phoneOf } = await setUp(t, 'made by the server');
  const ca = join(lab.folder, 'data/certificates/authority.pem');
  phoneOf(ALICE, ca, `sip:${SERVER}:${port};transport=tls`);
  await server.child.line(/transport\.failed .*failed in TLS: .*bad certificate/, SOON_MS);
  phoneOf(BOB, ca, `sip:${DOMAIN}:${port};maddr=${SERVER};transport=tls`);
  await server.child.line(/message\.sent peer=tls.* start="200 OK" from=<sip:bob@.* REGISTER"/, SOON_MS);
  assert.doesNotMatch(server.child.lines.join('\n'), /start="200 OK" from=<sip:alice@/);
});

interface Site {
  readonly lab: Lab;
  readonly authority: Authority;
  readonly server: RunningServer;
  /** Of TLS. */
  readonly port: number;
  readonly namespace: string;
  /** A linphonec for alice. */
  phone(ca: string): Linphone;
  phoneOf(account: Account, ca: string, outbound: string): Linphone;
}

/** The server and the phones in a namespace, which has an address that is not one of the loopback interface's own. */
async function setUp(t: TestContext, certificate: 'given' | 'made by the server' = 'given'): Promise<Site> {
  const site = createSite([]);
  t.after(() => site.end());
  const lab = createLab(t);
  const authority = createAuthority(lab);
  const [namespace, port] = [site.server, await freePort()];
  const server = await startServerWith(lab, {
    host: SERVER,
    namespace,
    listen: [`tls:${SERVER}:${port}`],
    settings: certificate === 'given' ? [settingsOf(authority)] : [],
  });
  const phoneOf: Site['phoneOf'] = (account, ca, outbound) =>
    startLinphone(lab, { account, outbound, ca, plays: MELODY, namespace });
  const phone: Site['phone'] = (ca) => phoneOf(ALICE, ca, `sip:${SERVER}:${port};transport=tls`);
  return { lab, authority, server, port, namespace, phone, phoneOf };
}

/** A certificate with the address among the DNS names, where linphonec looks for it. */
function settingsOf(authority: Authority): string {
  const names = [`DNS:${DOMAIN}`, `URI:sip:${DOMAIN}`, `IP:${SERVER}`, `DNS:${SERVER}`];
  const { certificate, key } = authority.issue(DOMAIN, ...names);
  return `tls: { certificate: ${certificate}, key: ${key}, ca: [${authority.certificate}] }`;
}

const SOON_MS = 10_000;
