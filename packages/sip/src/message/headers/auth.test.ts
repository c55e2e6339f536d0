import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareParam, quotedParam } from '../../text/auth-value.ts';
import { SyntaxFault } from '../../text/faults.ts';
import type { HeaderDef } from '../header.ts';
import { authenticationInfo, authorization, proxyAuthenticate, proxyAuthorization, wwwAuthenticate } from './auth.ts';

test('a challenge is a scheme with parameters, whose commas belong to it (RFC 3261 §20.44)', () => {
  for (const def of [wwwAuthenticate, proxyAuthenticate]) {
    assert.equal(def.arity, 'lines');
    reads(def, 'Digest realm="atlanta.com", qop="auth", nonce="f84f1cec41e6cbe5aea9c8e88d359"', {
      scheme: 'Digest',
      params: [
        quotedParam('realm', 'atlanta.com'),
        quotedParam('qop', 'auth'),
        quotedParam('nonce', 'f84f1cec41e6cbe5aea9c8e88d359'),
      ],
    });
  }
  refuses(wwwAuthenticate, { '': 0, Digest: 6, 'Digest realm="a': 15, 'Digest realm="a" nonce="b"': 17 });
});

test('credentials are a scheme with parameters (RFC 3261 §20.7)', () => {
  for (const def of [authorization, proxyAuthorization])
    reads(def, 'Digest username="Alice", nc=00000001', {
      scheme: 'Digest',
      params: [quotedParam('username', 'Alice'), bareParam('nc', '00000001')],
    });
});

test('Authentication-Info has parameters alone (RFC 3261 §20.6)', () => {
  reads(authenticationInfo, 'nextnonce="47364c23432d2e131a5fb210812c"', [
    quotedParam('nextnonce', '47364c23432d2e131a5fb210812c'),
  ]);
  refuses(authenticationInfo, { '': 0, nextnonce: 9 });
});

function reads<T>(def: HeaderDef<T>, text: string, value: T, canonical = text): void {
  assert.deepEqual(def.decode(text), value, text);
  assert.equal(def.encode(value), canonical);
  assert.deepEqual(def.decode(canonical), value);
}

function refuses(def: HeaderDef<unknown>, faults: Readonly<Record<string, number>>): void {
  for (const [text, at] of Object.entries(faults))
    assert.throws(
      () => def.decode(text),
      (fault) => fault instanceof SyntaxFault && fault.at === at,
      `${def.name}: ${text}`,
    );
}
