import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lacking } from '../../scripts/peers.ts';
import { type Authority, createAuthority } from './peers/authority.ts';
import type { Child } from './peers/child.ts';
import { createLab, type Lab } from './peers/lab.ts';
import { sendRequest, startSecureClient, VERIFIED } from './peers/openssl.ts';
import { freePort } from './peers/port.ts';
import { DOMAIN, HOST, type RunningServer, startServerWith } from './peers/server.ts';
import { strangersRequest } from './peers/stranger.ts';

const skip = lacking('openssl');

for (const version of ['1.2', '1.3'] as const) {
  test(`openssl speaks TLS ${version} with the server, whose OPTIONS it asks for`, { skip }, async (t) => {
    const { connect } = await setUp(t);
    const client = connect(`-tls${version.replace('.', '_')}`);
    await client.line(new RegExp(`^Protocol version: TLSv${version}$`), SOON_MS);
    await client.line(VERIFIED, SOON_MS);
    sendRequest(client, OPTIONS);
    await client.line(/^SIP\/2\.0 200 OK$/, SOON_MS);
    await client.line(/^Allow: .*INVITE/, SOON_MS);
  });
}

for (const version of ['1', '1.1'] as const) {
  test(`the server refuses TLS ${version === '1' ? '1.0' : version} (RFC 8996 §5)`, { skip }, async (t) => {
    const { connect } = await setUp(t);
    // Without security level 0, openssl would not even ask.
    const client = connect(`-tls${version.replace('.', '_')}`, '-cipher', 'DEFAULT@SECLEVEL=0');
    assert.equal(await client.exit(SOON_MS), 1);
    assert.match(client.tail(100), /alert protocol version/);
  });
}

test('openssl that wants to renegotiate TLS 1.2 is told that there is no such thing (RFC 5246 §7.2.2)', {
  skip,
}, async (t) => {
  const { connect } = await setUp(t);
  const client = connect('-tls1_2');
  await client.line(VERIFIED, SOON_MS);
  client.say('R');
  await client.line(/no renegotiation/, SOON_MS);
  assert.equal(await client.exit(SOON_MS), 1);
});

test('a client that asks for a domain is shown its certificate, others the first (RFC 6066 §3)', {
  skip,
}, async (t) => {
  const { connect } = await setUp(t);
  for (const [args, subject] of [
    [['-servername', 'other.test'], 'CN = other.test'],
    [['-servername', 'OTHER.test'], 'CN = other.test'],
    [['-servername', DOMAIN], `CN = ${DOMAIN}`],
    [['-servername', 'unknown.test'], `CN = ${DOMAIN}`],
    [['-noservername'], `CN = ${DOMAIN}`],
  ] as const) {
    const client = connect(...args);
    const [, shown] = await client.line(/^Peer certificate: (.*)$/, SOON_MS);
    assert.equal(shown, subject, args.join(' '));
    await client.stop();
  }
});

test('a client that shows no certificate is turned away where one is required, one with a good one is not', {
  skip,
}, async (t) => {
  const { server, authority, connect } = await setUp(t, 'require');
  const { certificate, key } = authority.issue('client.test', 'DNS:client.test');
  const client = connect('-cert', certificate, '-key', key);
  await client.line(VERIFIED, SOON_MS);
  sendRequest(client, OPTIONS);
  await client.line(/^SIP\/2\.0 200 OK$/, SOON_MS);
  const stranger = connect();
  await server.child.line(/transport\.failed.*showed no certificate/, SOON_MS);
  await stranger.exit(SOON_MS);
});

interface Site {
  readonly server: RunningServer;
  readonly authority: Authority;
  connect(...args: readonly string[]): Child;
}

/** A server with two domains that have a certificate each. */
async function setUp(t: TestContext, clientCertificates = 'none'): Promise<Site> {
  const lab: Lab = createLab(t);
  const authority = createAuthority(lab);
  const [own, other] = [DOMAIN, 'other.test'].map((name) => authority.issue(name, `DNS:${name}`, `URI:sip:${name}`));
  assert.ok(own !== undefined && other !== undefined);
  const port = await freePort();
  const server = await startServerWith(lab, {
    domains: ['other.test'],
    listen: [`tls:${HOST}:${port}`],
    settings: [
      'tls:',
      `  certificate: ${own.certificate}`,
      `  key: ${own.key}`,
      `  ca: [${authority.certificate}]`,
      `  clientCertificates: ${clientCertificates}`,
      `  domains: [{ name: other.test, certificate: ${other.certificate}, key: ${other.key} }]`,
    ],
  });
  const connect = (...args: readonly string[]): Child =>
    startSecureClient(lab, { host: HOST, port, ca: authority.certificate, args });
  return { server, authority, connect };
}

const OPTIONS = strangersRequest('TLS', 'OPTIONS', `sip:${DOMAIN}`);
const SOON_MS = 5_000;
