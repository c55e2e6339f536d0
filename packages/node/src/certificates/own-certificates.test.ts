import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ensureOwnCertificates, ownCertificateFiles } from './own-certificates.ts';
import { namesOf } from './peer-names.ts';

const NAMES = { domains: ['a.example', '192.0.2.9'], addresses: ['192.0.2.1', '2001:db8::1'] };
const NOW = new Date('2026-03-01T12:00:00Z');
const after = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);

function dataFolder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'strowger-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const read = (file: string): X509Certificate => new X509Certificate(readFileSync(file));

test('an authority and a certificate of it are made once, for the owner only', async (t) => {
  const data = dataFolder(t);
  const first = await ensureOwnCertificates(data, NAMES, NOW, 'due');
  assert.equal(first.made, 'everything');
  for (const { certificate, key } of [first.server, first.authority])
    for (const file of [certificate, key])
      if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600, file);
  const before = readFileSync(first.server.certificate, 'utf8');
  assert.equal((await ensureOwnCertificates(data, NAMES, after(1), 'due')).made, 'nothing');
  assert.equal(readFileSync(first.server.certificate, 'utf8'), before);
});

test('the certificate names domains as SIP URIs and in DNS, and addresses (RFC 5922 §6)', async (t) => {
  const { server, authority } = await ensureOwnCertificates(dataFolder(t), NAMES, NOW, 'due');
  const [leaf, root] = [read(server.certificate), read(authority.certificate)];
  const { uris, dnsNames, addresses } = namesOf(leaf);
  assert.deepEqual(uris, ['sip:a.example', 'sip:192.0.2.9']);
  assert.deepEqual(dnsNames, ['a.example']);
  assert.deepEqual(addresses, ['192.0.2.1', '2001:DB8:0:0:0:0:0:1', '192.0.2.9']);
  assert.deepEqual([leaf.ca, root.ca], [false, true]);
  assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root));
  assert.ok(leaf.validToDate.getTime() - NOW.getTime() < 825 * 86_400_000);
});

test('a certificate is renewed before it ends, when a name is missing, and when it is asked for; the authority stays', async (t) => {
  const data = dataFolder(t);
  const { authority } = await ensureOwnCertificates(data, NAMES, NOW, 'due');
  const root = readFileSync(authority.certificate, 'utf8');
  const more = { ...NAMES, addresses: [...NAMES.addresses, '192.0.2.2'] };
  assert.equal((await ensureOwnCertificates(data, more, after(1), 'due')).made, 'certificate');
  assert.equal((await ensureOwnCertificates(data, NAMES, after(2), 'due')).made, 'nothing');
  assert.equal((await ensureOwnCertificates(data, NAMES, after(2), 'forced')).made, 'certificate');
  assert.equal((await ensureOwnCertificates(data, NAMES, after(780), 'due')).made, 'certificate');
  assert.equal(readFileSync(authority.certificate, 'utf8'), root);
  assert.equal((await ensureOwnCertificates(data, NAMES, after(3_640), 'due')).made, 'everything');
});

test('what was damaged is made anew', async (t) => {
  const data = dataFolder(t);
  const { server, authority } = ownCertificateFiles(data);
  await ensureOwnCertificates(data, NAMES, NOW, 'due');
  writeFileSync(server.key, readFileSync(authority.key));
  assert.equal((await ensureOwnCertificates(data, NAMES, NOW, 'due')).made, 'certificate');
  writeFileSync(authority.certificate, 'nothing of use');
  assert.equal((await ensureOwnCertificates(data, NAMES, NOW, 'due')).made, 'everything');
});

test('a folder that cannot be written to is a fault that names it', async (t) => {
  const data = dataFolder(t);
  mkdirSync(join(data, 'certificates'));
  const { server } = ownCertificateFiles(data);
  mkdirSync(`${server.key}.new`);
  await assert.rejects(ensureOwnCertificates(data, NAMES, NOW, 'due'), {
    name: 'CertificateFault',
    code: 'NODE_E_CERTIFICATE_UNWRITABLE',
    file: server.key,
  });
});

test('a data folder that cannot be made is told with its cause', async (t) => {
  const data = join(dataFolder(t), 'file');
  writeFileSync(data, '');
  const folders = process.platform === 'linux' ? [data, '/proc/x'] : [data];
  for (const folder of folders)
    await assert.rejects(ensureOwnCertificates(folder, NAMES, NOW, 'due'), {
      name: 'CertificateFault',
      code: 'NODE_E_CERTIFICATE_UNWRITABLE',
      message: /certificates cannot be made \((a part of the path is a file|the system makes no folders there)\)\.$/,
    });
});
