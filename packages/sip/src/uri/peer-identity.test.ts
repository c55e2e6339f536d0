import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CertificateNames, domainsOf, isProvedBy, provedFault } from './peer-identity.ts';

const names = (given: Partial<CertificateNames>): CertificateNames => ({
  altNames: 'present',
  uris: [],
  dnsNames: [],
  addresses: [],
  commonNames: [],
  ...given,
});

test('the hosts of sip: URIs are the identities, in whatever case the scheme is (RFC 5922 §7.1)', () => {
  const found = domainsOf(
    names({ uris: ['SIP:Example.COM', 'sip:p1.example.com:5061;transport=tls', 'sip:example.com'] }),
  );
  assert.deepEqual(found, ['example.com', 'p1.example.com']);
});

test('a sip: URI with a user, a sips: URI and a URI of another scheme are no identities (RFC 5922 §7.1)', () => {
  const found = domainsOf(
    names({ uris: ['sip:alice@example.com', 'sips:example.com', 'https://example.com', 'sip:', ''] }),
  );
  assert.deepEqual(found, []);
});

test('DNS names count only where no sip: URI does (RFC 5922 §7.1)', () => {
  const dnsNames = ['Host.Example.com'];
  assert.deepEqual(domainsOf(names({ dnsNames, uris: ['sip:example.com'] })), ['example.com']);
  assert.deepEqual(domainsOf(names({ dnsNames, uris: ['sip:alice@example.com'] })), ['host.example.com']);
});

test('common names count only where there are no alternative names of any kind (RFC 5922 §7.1)', () => {
  const commonNames = ['example.com', 'Alice Cooper'];
  assert.deepEqual(domainsOf(names({ commonNames })), []);
  assert.deepEqual(domainsOf(names({ commonNames, altNames: 'absent' })), ['example.com']);
});

test('names are compared whole and without regard to case (RFC 5922 §7.2)', () => {
  const one = names({ dnsNames: ['Example.com'] });
  for (const same of ['example.com', 'EXAMPLE.com', 'example.com.']) assert.equal(isProvedBy(one, same), true, same);
  for (const other of ['foo.example.com', 'ample.com', 'example.co', 'example.com.evil.test', ''])
    assert.equal(isProvedBy(one, other), false, other);
});

test('a wildcard or a leading dot matches only itself (RFC 5922 §7.2)', () => {
  for (const wild of ['*.example.com', '.example.com']) {
    assert.equal(isProvedBy(names({ dnsNames: [wild] }), 'foo.example.com'), false);
    assert.equal(isProvedBy(names({ dnsNames: [wild] }), wild), true);
  }
});

test('an address is proved by an address of the certificate, however it is written, and by a sip: URI of it', () => {
  const one = names({ addresses: ['192.0.2.1', '2001:DB8:0:0:0:0:0:1'], uris: ['sip:example.com'] });
  for (const address of ['192.0.2.1', '2001:db8::1', '2001:db8:0::1'])
    assert.equal(isProvedBy(one, address), true, address);
  assert.equal(isProvedBy(one, '192.0.2.2'), false);
  assert.equal(isProvedBy(names({ uris: ['sip:[2001:db8::1]'] }), '2001:DB8::1'), true);
});

test('what does not fit is said with what was expected and what was found', () => {
  const wanted = 'Bank.Example';
  const one = names({ uris: ['sip:evil.example'], addresses: ['192.0.2.1'] });
  assert.equal(
    provedFault(one, wanted),
    'expected a certificate for bank.example, found one for evil.example, 192.0.2.1',
  );
  assert.equal(
    provedFault(names({}), wanted),
    'expected a certificate for bank.example, found one for no SIP identity',
  );
  assert.equal(provedFault(names({ dnsNames: ['bank.example'] }), wanted), undefined);
});
