import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Party, Trial } from '@strowger/testkit/suites';
import { createSampleAuthority } from '../test/sample-credentials.ts';
import { tlsTrial } from '../test/tls-site.ts';
import type { CredentialMaterial } from './certificates/credentials.ts';
import { Credentials } from './certificates/credentials.ts';
import { namesOf } from './certificates/peer-names.ts';
import type { TlsOptions } from './tls.ts';

const authority = await createSampleAuthority();
const first = await authority.issue({ domains: ['first.example'] });
const second = await authority.issue({ domains: ['second.example'] });
const third = await authority.issue({ domains: ['third.example'] });

test('TLS 1.2 and 1.3 are spoken, nothing older (RFC 8996)', async (t) => {
  const [, bob] = await listener(t, {});
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const client = dial(t, bob, { minVersion: version, maxVersion: version });
    await once(client, 'secureConnect');
    assert.equal(client.getProtocol(), version);
  }
  const old = dial(t, bob, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
  const [error] = await once(old, 'error');
  assert.match(String(error), /protocol version|unsupported protocol/i);
});

test('nobody may renegotiate', async (t) => {
  const [, bob] = await listener(t, {});
  const client = dial(t, bob, { maxVersion: 'TLSv1.2' });
  await once(client, 'secureConnect');
  const failed = once(client, 'error');
  client.renegotiate({}, () => {});
  assert.match(String((await failed)[0]), /no.renegotiation/i);
});

test('each domain has its certificate, and whoever asks for none or another gets the own one (RFC 5922 §7.8)', async (t) => {
  const credentials = authority.credentials(first, new Map([['second.example', second]]));
  const [, bob] = await listener(t, { credentials });
  for (const [asked, shown] of [
    ['second.example', 'second.example'],
    ['SECOND.example', 'second.example'],
    ['third.example', 'first.example'],
    [undefined, 'first.example'],
  ] as const)
    assert.equal(await shownTo(t, bob, asked), shown);
});

test('a reload gives new connections the new certificates and leaves the open ones alone', async (t) => {
  let material: CredentialMaterial = { own: first, domains: new Map([['second.example', second]]), authorities: [] };
  const credentials = new Credentials(() => material);
  const [trial, bob] = await listener(t, { credentials });
  const client = dial(t, bob, {});
  await once(client, 'secureConnect');
  material = { own: third, domains: new Map([['second.example', third]]), authorities: [] };
  credentials.reload();
  assert.equal(await shownTo(t, bob, undefined), 'third.example');
  assert.equal(await shownTo(t, bob, 'second.example'), 'third.example');
  client.write('still here');
  await trial.until(() => bob.witness.receivedBytes() === 10, 'bytes on the old connection');
});

test('a reload that fails leaves everything as it was', async (t) => {
  let reads = 0;
  const credentials = new Credentials(() => {
    reads += 1;
    if (reads > 1) throw new Error('broken');
    return { own: first, domains: new Map(), authorities: [] };
  });
  const [, bob] = await listener(t, { credentials });
  assert.throws(() => credentials.reload(), /broken/);
  assert.equal(await shownTo(t, bob, undefined), 'first.example');
});

test('a handshake that is not finished in time is broken off and told', async (t) => {
  const [trial, bob] = await listener(t, { handshakeTimeoutMs: 20 });
  const silent = plain(t, bob);
  await Promise.all([closed(silent), trial.until(() => bob.witness.all('refused').length === 1, 'the refusal')]);
  assert.equal(bob.witness.all('refused')[0]?.fault.code, 'timeout');
});

test('what is no TLS is refused with a reason', async (t) => {
  const [trial, bob] = await listener(t, {});
  plain(t, bob).write('OPTIONS sip:a SIP/2.0\r\n\r\n');
  await trial.until(() => bob.witness.all('refused').length === 1, 'the refusal');
  const [refused] = bob.witness.all('refused');
  assert.match(refused?.fault.text ?? '', /^127\.0\.0\.1:\d+ failed in TLS: /);
});

test('there are only so many handshakes at once, and a place comes free with each that ends', async (t) => {
  const [trial, bob] = await listener(t, { maxHandshakes: 2 });
  const silent = [plain(t, bob), plain(t, bob)];
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  await closed(plain(t, bob));
  assert.equal(bob.witness.all('refused')[0]?.fault.code, 'queueFull');
  silent[0]?.destroy();
  await trial.until(() => bob.witness.all('refused').length === 2, 'the end of a handshake');
  const client = dial(t, bob, {});
  await once(client, 'secureConnect');
});

test('handshakes count as connections of their address', async (t) => {
  const [trial, bob] = await listener(t, { maxConnectionsPerPeer: 1 });
  await once(plain(t, bob), 'connect');
  await closed(plain(t, bob));
  await trial.until(() => bob.witness.all('refused').length === 1, 'the refusal');
  assert.match(bob.witness.all('refused')[0]?.fault.text ?? '', /has too many connections/);
});

test('a source that the owner does not admit is turned away before its handshake', async (t) => {
  const [trial, bob] = await listener(t, {});
  Object.assign(bob.witness, { admits: () => false });
  const client = dial(t, bob, {});
  await Promise.all([closed(client), trial.until(() => bob.witness.all('refused').length === 1, 'the refusal')]);
  assert.equal(bob.witness.all('refused')[0]?.fault.code, 'refused');
});

test('a transport closes while handshakes go on', async (t) => {
  const [trial, bob] = await listener(t, {});
  const silent = plain(t, bob);
  await once(silent, 'connect');
  await trial.connect(await trial.party(), bob);
  await Promise.all([closed(silent), bob.transport.close()]);
});

async function listener(t: TestContext, options: Partial<TlsOptions>): Promise<readonly [Trial, Party]> {
  const addressed = authority.credentials(await authority.issue({ addresses: ['127.0.0.1'] }));
  const trial = tlsTrial(t, () => ({ credentials: addressed, ...options }));
  return [trial, await trial.party()];
}

function dial(t: TestContext, { transport }: Party, options: ConnectionOptions): TLSSocket {
  const { host, port } = transport.local;
  const socket = connect({ host, port, rejectUnauthorized: false, ...options });
  t.after(() => socket.destroy());
  return socket.on('error', () => {});
}

function plain(t: TestContext, { transport }: Party): Socket {
  const { host, port } = transport.local;
  const socket = connectTcp({ host, port });
  t.after(() => socket.destroy());
  return socket.on('error', () => {}).resume();
}

const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

async function shownTo(t: TestContext, party: Party, servername: string | undefined): Promise<string | undefined> {
  const client = dial(t, party, servername === undefined ? {} : { servername });
  await once(client, 'secureConnect');
  const certificate = client.getPeerX509Certificate();
  client.destroy();
  return certificate === undefined ? undefined : namesOf(certificate).dnsNames[0];
}
