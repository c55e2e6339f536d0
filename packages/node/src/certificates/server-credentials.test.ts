import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSampleAuthority } from '../../test/sample-credentials.ts';
import { namesOf } from './peer-names.ts';
import { checkCertificates, createServerCredentials } from './server-credentials.ts';

const authority = await createSampleAuthority();
const NAMES = { domains: ['a.example'], addresses: [] };
const NONE = { ca: [], domains: [] };
const now = (): Date => new Date();

function folderOf(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'strowger-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function writePair(folder: string, name: string, domain: string): Promise<{ certificate: string; key: string }> {
  const { certificatePem, keyPem } = await authority.issue({ domains: [domain] });
  const files = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  writeFileSync(files.key, keyPem);
  writeFileSync(`${files.certificate}.new`, certificatePem);
  renameSync(`${files.certificate}.new`, files.certificate);
  return files;
}

test('a server whose settings name no certificate shows its own, and its authority is believed', async (t) => {
  const options = { settings: NONE, data: folderOf(t), names: NAMES, now };
  const { credentials, own } = await createServerCredentials(options);
  assert.equal(own?.made, 'everything');
  assert.deepEqual(namesOf(credentials.material.own.leaf).uris, ['sip:a.example']);
  assert.equal(credentials.material.authorities.length, 1);
});

test('a server that keeps nothing has a certificate in memory', async () => {
  const { credentials, own, renew } = await createServerCredentials({
    settings: NONE,
    data: undefined,
    names: NAMES,
    now,
  });
  assert.equal(own, undefined);
  const before = credentials.material.own.certificatePem;
  await renew();
  assert.notEqual(credentials.material.own.certificatePem, before);
});

test('the certificates of the settings are shown, those of domains by domain', async (t) => {
  const folder = folderOf(t);
  const [own, special] = [await writePair(folder, 'a', 'a.example'), await writePair(folder, 'b', 'b.example')];
  const settings = { ...own, ca: [own.certificate], domains: [{ name: 'B.example', ...special }] };
  checkCertificates(settings, now());
  const { credentials } = await createServerCredentials({ settings, data: folder, names: NAMES, now });
  assert.deepEqual([...credentials.material.domains.keys()], ['b.example']);
  assert.notEqual(credentials.contextFor('b.EXAMPLE'), undefined);
  assert.equal(credentials.contextFor('a.example'), undefined);
});

test('a missing file of any key is a fault when the settings are checked', async (t) => {
  const folder = folderOf(t);
  const own = await writePair(folder, 'a', 'a.example');
  const gone = { certificate: join(folder, 'gone.pem'), key: own.key };
  for (const settings of [
    { ...gone, ca: [], domains: [] },
    { ...own, ca: [gone.certificate], domains: [] },
    { ...own, ca: [], domains: [{ name: 'a.example', ...gone }] },
  ])
    assert.throws(() => checkCertificates(settings, now()), { code: 'NODE_E_CERTIFICATE_MISSING' });
});

test('a certificate that is exchanged is noticed', async (t) => {
  const folder = folderOf(t);
  const settings = { ...(await writePair(folder, 'a', 'a.example')), ca: [], domains: [] };
  const made = await createServerCredentials({ settings, data: folder, names: NAMES, now, lookMs: 20 });
  const changed = new Promise<void>((resolve) => {
    t.after(made.watch(resolve));
  });
  await writePair(folder, 'a', 'new.example');
  await changed;
  made.credentials.reload();
  assert.deepEqual(namesOf(made.credentials.material.own.leaf).dnsNames, ['new.example']);
});
