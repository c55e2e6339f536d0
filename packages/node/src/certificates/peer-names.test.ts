import assert from 'node:assert/strict';
import type { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { namesOf } from './peer-names.ts';

/** What Node says of a certificate. */
const said = (subjectAltName: string | undefined, subject: string | undefined): X509Certificate =>
  ({ subjectAltName, subject }) as Partial<X509Certificate> as X509Certificate;

test('the names of each kind are told apart', () => {
  const text =
    'URI:sip:a.example, DNS:a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, email:x@a.example';
  assert.deepEqual(namesOf(said(text, 'C=DE\nO=A\nCN=a.example')), {
    altNames: 'present',
    uris: ['sip:a.example'],
    dnsNames: ['a.example'],
    addresses: ['192.0.2.1', '2001:DB8:0:0:0:0:0:1'],
    commonNames: ['a.example'],
  });
});

test('a name with a comma in it is one name, whatever it pretends to be', () => {
  const { dnsNames, uris } = namesOf(said('DNS:"good.example, DNS:evil.example", URI:"sip:a\\u002cb"', undefined));
  assert.deepEqual(dnsNames, ['good.example, DNS:evil.example']);
  assert.deepEqual(uris, ['sip:a,b']);
  assert.deepEqual(namesOf(said('DNS:"\\q"', undefined)).dnsNames, ['']);
});

test('a name of a kind that means nothing here hides none behind it', () => {
  const text =
    'othername:<unsupported>, X400Name:<unsupported>, DirName:"CN=a, O=b", Registered ID:1.2.3, DNS:a.example';
  assert.deepEqual(namesOf(said(text, undefined)).dnsNames, ['a.example']);
});

test('what is no list of names ends it, however long it is', () => {
  const from = performance.now();
  assert.deepEqual(namesOf(said(`DNS:a.example, ${'a'.repeat(200_000)}`, undefined)).dnsNames, ['a.example']);
  assert.ok(performance.now() - from < 2_000, 'a start at each letter takes a minute');
});

test('without alternative names there are the common names, without a subject none', () => {
  assert.deepEqual(namesOf(said(undefined, 'CN=a.example\nCN=b.example')).commonNames, ['a.example', 'b.example']);
  assert.deepEqual(namesOf(said(undefined, undefined)).commonNames, []);
  assert.equal(namesOf(said(undefined, undefined)).altNames, 'absent');
});
