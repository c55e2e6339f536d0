import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headersOf, newRequest, proxyAuthorization, type Request, readAll } from '@strowger/sip/message';
import { paramOf } from '@strowger/sip/text';
import { withoutCredentialsFor } from './consumed-credentials.ts';

const REALMS = ['example.test', 'example.org'];

function requestWith(...values: readonly string[]): Request {
  const lines = newRequest().appendLine('Subject', 'first');
  for (const value of values) lines.appendLine('Proxy-Authorization', value);
  return lines.appendLine('Organization', 'last').request('INVITE', 'sip:bob@example.test');
}

const realmsIn = (request: Request): readonly (string | undefined)[] =>
  readAll(request, proxyAuthorization).map((value) => paramOf(value, 'realm'));

test('credentials for a realm of this proxy go no further (RFC 3261 §22.3)', () => {
  const request = requestWith('Digest realm="example.test", username="alice"', 'Digest realm="example.org"');
  assert.deepEqual(realmsIn(withoutCredentialsFor(request, REALMS)), []);
  assert.equal(realmsIn(request).length, 2);
});

test('credentials for proxies of other realms are left alone (RFC 3261 §22.3)', () => {
  const request = requestWith('Digest realm="elsewhere.test"', 'Digest realm="Example.Test"', 'Digest', 'Basic x');
  assert.equal(withoutCredentialsFor(request, REALMS), request);
  const mixed = requestWith('Digest realm="elsewhere.test", nonce="a,b"', 'Digest realm="example.org"');
  assert.deepEqual(realmsIn(withoutCredentialsFor(mixed, REALMS)), ['elsewhere.test']);
});

test('a request without credentials is passed on as it is', () => {
  const request = requestWith();
  assert.equal(withoutCredentialsFor(request, REALMS), request);
  assert.equal([...headersOf(request)].length, 2);
});
