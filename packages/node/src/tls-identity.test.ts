import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Party, Trial } from '@strowger/testkit/suites';
import { bytesOf } from '@strowger/testkit/suites';
import { createSampleAuthority } from '../test/sample-credentials.ts';
import { tlsTrial } from '../test/tls-site.ts';
import { Credentials } from './certificates/credentials.ts';
import type { TlsOptions } from './tls.ts';

const authority = await createSampleAuthority();
const alicesOwn = await authority.issue({ domains: ['a.example'] });
const bobsOwn = await authority.issue({ domains: ['b.example', 'b.test'] });
const alices = authority.credentials(alicesOwn);
const bobs = authority.credentials(bobsOwn);

test('a peer that proves another name is not trusted, and the fault names both (RFC 5922 §7.3)', async (t) => {
  const [trial, alice, bob] = await pair(t, {});
  ask(alice, bob, 'C.Example');
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
  const [failed] = alice.witness.all('failed');
  assert.equal(failed?.fault.code, 'untrusted');
  assert.match(
    failed?.fault.text ?? '',
    /^127\.0\.0\.1:\d+ is not trusted: expected a certificate for c\.example, found one for b\.example, b\.test$/,
  );
  assert.equal(bob.witness.receivedBytes(), 0);
});

test('a peer whose authority nobody believes is not trusted', async (t) => {
  const stranger = await createSampleAuthority();
  const [trial, alice, bob] = await pair(t, {}, stranger.credentials(await stranger.issue({ domains: ['b.example'] })));
  ask(alice, bob, 'b.example');
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
  assert.equal(alice.witness.all('failed')[0]?.fault.code, 'untrusted');
  await trial.until(() => bob.witness.all('refused').length === 1, 'the word of the other side');
});

test('without an identity the address has to be proved', async (t) => {
  const [trial, alice, bob] = await pair(t, {});
  ask(alice, bob, undefined);
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure');
  assert.match(alice.witness.all('failed')[0]?.fault.text ?? '', /expected a certificate for 127\.0\.0\.1, found/);
});

test('a connection serves every name that its peer has proved, and none besides (RFC 5923 §8.1)', async (t) => {
  const [trial, alice, bob] = await pair(t, {});
  ask(alice, bob, 'b.example');
  await trial.until(() => bob.witness.receivedBytes() === 5, 'the first');
  ask(alice, bob, 'B.test');
  await trial.until(() => bob.witness.receivedBytes() === 10, 'the second');
  assert.equal(alice.witness.all('connected').length, 1);
  ask(alice, bob, 'c.example');
  await trial.until(() => alice.witness.all('failed').length === 1, 'the failure of the third');
  assert.equal(bob.witness.receivedBytes(), 10);
});

test('a listener that requires certificates refuses who has none that it believes, with the reason (RFC 5922 §7.4)', async (t) => {
  const stranger = await createSampleAuthority();
  const own = await stranger.issue({ domains: ['a.example'] });
  const believing = { own, domains: new Map(), authorities: [authority.pem.certificatePem] };
  const [trial, alice, bob] = await pair(t, { clientCertificates: 'require' }, bobs, new Credentials(() => believing));
  ask(alice, bob, 'b.example');
  await trial.until(() => bob.witness.all('refused').length === 1, 'the refusal');
  const [refused] = bob.witness.all('refused');
  assert.equal(refused?.fault.code, 'untrusted');
  assert.match(
    refused?.fault.text ?? '',
    /showed a certificate that is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/,
  );
  assert.equal(bob.witness.all('connected').length, 0);
});

test('a listener that requires or asks for certificates takes who shows a good one', async (t) => {
  for (const clientCertificates of ['require', 'ask'] as const) {
    const [trial, alice, bob] = await pair(t, { clientCertificates });
    ask(alice, bob, 'b.example');
    await trial.until(() => bob.witness.receivedBytes() === 5, 'the message');
  }
});

test('a phone that has no certificate is reached on its connection by the address that it came from', async (t) => {
  const [trial, alice, bob] = await pair(t, {});
  ask(alice, bob, 'b.example');
  await trial.until(() => bob.witness.receivedBytes() === 5, 'the message');
  const { host, port } = bob.witness.all('connected')[0]?.flow ?? { host: '', port: 0 };
  for (const identity of [undefined, host]) bob.transport.send(bytesOf('hello'), host, port, 0, 1, identity);
  bob.flush();
  await trial.until(() => alice.witness.receivedBytes() === 10, 'both messages');
  assert.equal(bob.witness.all('connected').length, 1);
  bob.transport.send(bytesOf('hello'), host, port, 0, 2, 'a.example');
  await trial.until(() => bob.witness.all('failed').length === 1, 'the failure of a name that was not proved');
});

test('an alias leads over the connection of a peer that has proved the name (RFC 5923 §8.2)', async (t) => {
  const [trial, alice, bob] = await pair(t, { clientCertificates: 'ask' });
  ask(alice, bob, 'b.example');
  await trial.until(() => bob.witness.receivedBytes() === 5, 'the message');
  const connection = bob.witness.all('connected')[0]?.flow.connection ?? 0;
  bob.transport.alias?.(connection, alice.transport.local.port);
  ask(bob, alice, 'a.example');
  await trial.until(() => alice.witness.receivedBytes() === 5, 'the message back');
  assert.equal(bob.witness.all('connected').length, 1);
  ask(bob, alice, 'other.example');
  await trial.until(() => bob.witness.all('failed').length === 1, 'the failure of a name that was not proved');
  assert.equal(alice.witness.receivedBytes(), 5);
});

test('an alias of a peer that has shown no certificate is no alias (RFC 5923 §9.2)', async (t) => {
  const [trial, alice, bob] = await pair(t, { clientCertificates: 'none' });
  ask(alice, bob, 'b.example');
  await trial.until(() => bob.witness.receivedBytes() === 5, 'the message');
  bob.transport.alias?.(bob.witness.all('connected')[0]?.flow.connection ?? 0, alice.transport.local.port);
  ask(bob, alice, 'a.example');
  await trial.until(() => alice.witness.receivedBytes() === 5, 'the message back');
  assert.equal(bob.witness.all('connected').length, 2);
});

test('an alias ends with its connection', async (t) => {
  const [trial, alice, bob] = await pair(t, { clientCertificates: 'ask' });
  ask(alice, bob, 'b.example');
  await trial.until(() => bob.witness.receivedBytes() === 5, 'the message');
  const connection = bob.witness.all('connected')[0]?.flow.connection ?? 0;
  bob.transport.alias?.(connection, alice.transport.local.port);
  bob.transport.disconnect(connection);
  await trial.until(() => bob.witness.all('closed').length === 1, 'the end');
  ask(bob, alice, 'a.example');
  await trial.until(() => alice.witness.receivedBytes() === 5, 'the message on a new connection');
  assert.equal(bob.witness.all('connected').length, 2);
});

async function pair(
  t: TestContext,
  bobsOptions: Partial<TlsOptions>,
  bobsCredentials: Credentials = bobs,
  alicesCredentials: Credentials = alices,
): Promise<readonly [Trial, Party, Party]> {
  const trial = tlsTrial(t, (index) =>
    index === 0 ? { credentials: alicesCredentials } : { credentials: bobsCredentials, ...bobsOptions },
  );
  return [trial, await trial.party(), await trial.party()];
}

function ask(from: Party, to: Party, identity: string | undefined): void {
  const { host, port } = to.transport.local;
  from.transport.send(bytesOf('hello'), host, port, 0, 1, identity);
  from.flush();
}
