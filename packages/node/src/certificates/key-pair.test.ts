import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSampleAuthority } from '../../test/sample-credentials.ts';
import { readAuthority, readKeyPair } from './key-pair.ts';
import { namesOf } from './peer-names.ts';

const authority = await createSampleAuthority();
const pair = await authority.issue({ domains: ['a.example'] });
const other = await authority.issue({ domains: ['a.example'] });
const NOW = new Date();

function folder(t: TestContext): (name: string, text: string) => string {
  const path = mkdtempSync(join(tmpdir(), 'strowger-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return (name, text) => {
    writeFileSync(join(path, name), text);
    return join(path, name);
  };
}

test('a certificate and its key are read', (t) => {
  const write = folder(t);
  const files = { certificate: write('a.pem', pair.certificatePem), key: write('a.key', pair.keyPem) };
  assert.deepEqual(namesOf(readKeyPair(files, NOW).leaf).dnsNames, ['a.example']);
  assert.equal(readAuthority(files.certificate), pair.certificatePem);
});

test('a file that is not there is named', (t) => {
  const write = folder(t);
  const certificate = write('a.pem', pair.certificatePem);
  assert.throws(() => readKeyPair({ certificate, key: `${certificate}.gone` }, NOW), {
    name: 'CertificateFault',
    code: 'NODE_E_CERTIFICATE_MISSING',
    message: `the key file ${certificate}.gone is not there.`,
  });
  assert.throws(() => readAuthority(`${certificate}.gone`), { code: 'NODE_E_CERTIFICATE_MISSING' });
});

test('a file that holds something else is named with what it should hold', (t) => {
  const write = folder(t);
  const [certificate, key] = [write('a.pem', pair.certificatePem), write('a.key', pair.keyPem)];
  assert.throws(() => readKeyPair({ certificate: key, key }, NOW), {
    code: 'NODE_E_CERTIFICATE_BROKEN',
    message: `${key} holds no certificate in PEM (-----BEGIN …-----).`,
  });
  assert.throws(() => readKeyPair({ certificate, key: certificate }, NOW), {
    message: `${certificate} holds no private key without a passphrase in PEM (-----BEGIN …-----).`,
  });
});

test('a key of another certificate is refused with both files', (t) => {
  const write = folder(t);
  const files = { certificate: write('a.pem', pair.certificatePem), key: write('b.key', other.keyPem) };
  assert.throws(() => readKeyPair(files, NOW), {
    code: 'NODE_E_CERTIFICATE_KEY',
    message: new RegExp(`the key ${files.key} does not belong to the certificate ${files.certificate}\\.`),
  });
});

test('a certificate out of its time is refused with the day', (t) => {
  const write = folder(t);
  const files = { certificate: write('a.pem', pair.certificatePem), key: write('a.key', pair.keyPem) };
  const late = new Date(pair.leaf.validToDate.getTime() + 1_000);
  const ended = pair.leaf.validToDate.toISOString().slice(0, 10);
  assert.throws(() => readKeyPair(files, late), {
    code: 'NODE_E_CERTIFICATE_TIME',
    message: `the validity of the certificate ${files.certificate} ended on ${ended}. Renew it.`,
  });
  const early = new Date(pair.leaf.validFromDate.getTime() - 1_000);
  assert.throws(() => readKeyPair(files, early), { code: 'NODE_E_CERTIFICATE_TIME', message: / begins on / });
});
