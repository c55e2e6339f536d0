import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import {
  identity,
  pAssertedIdentity,
  pAssertedService,
  pChargeInfo,
  pPreferredIdentity,
  pPreferredService,
  privacy,
} from './identity.ts';

test('asserted, preferred and charged parties are addresses (RFC 3325 §9.1, §9.2, RFC 8496 §6)', () => {
  for (const def of [pAssertedIdentity, pPreferredIdentity, pChargeInfo]) {
    reads(
      def,
      '"Cullen Jennings" <sip:fluffy@cisco.com>',
      new NameAddr('Cullen Jennings', 'sip:fluffy@cisco.com', NONE),
    );
    reads(def, 'tel:+14085264000', new NameAddr('', 'tel:+14085264000', NONE), '<tel:+14085264000>');
    refuses(def, { '': 0, Cullen: 0 });
  }
});

test('services are URNs (RFC 6050 §4.1, §4.2)', () => {
  for (const def of [pAssertedService, pPreferredService]) {
    const urn = 'urn:urn-7:3gpp-service.exampletelephony.version1';
    reads(def, urn, urn);
    refuses(def, { '': 0, 'sip:a@b.c': 0, 'urn:urn-7:a b': 11 });
  }
});

test('Privacy lists what shall be hidden, between semicolons, and read also between commas (RFC 3323 §4.2, erratum 5184)', () => {
  reads(privacy, 'id', ['id']);
  reads(privacy, 'Header; user ;critical', ['header', 'user', 'critical'], 'header;user;critical');
  reads(privacy, 'id, user', ['id', 'user'], 'id;user'); // erratum 5184
  refuses(privacy, { '': 0, 'id;': 3, 'id:user': 2, ';id': 0 });
});

test('a signed identity has a token, its certificate and how it was signed (RFC 8224 §4)', () => {
  const digest =
    'eyJhbGciOiJFUzI1NiJ9.eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX19.rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1VOgFWSjHBr8Qjpjlk-cpFYpFYsojNCpTzO3QfPOlckGaS6hEck7w';
  reads(identity, `${digest};info=<https://biloxi.example.org/biloxi.cert>`, {
    digest,
    info: 'https://biloxi.example.org/biloxi.cert',
  });
  reads(
    identity,
    '..rq3pjT1hoRwak;alg=ES256;x="a;b"; info = <https://cert.example.org/passport.cer> ;ppt="shaken"',
    {
      digest: '..rq3pjT1hoRwak',
      info: 'https://cert.example.org/passport.cer',
      alg: 'ES256',
      ppt: 'shaken',
      params: new Params(';x="a;b"'),
    },
    '..rq3pjT1hoRwak;info=<https://cert.example.org/passport.cer>;alg=ES256;ppt=shaken;x="a;b"',
  );
});

test('a signed identity without a certificate is left to the verifier, other damage is refused', () => {
  reads(identity, '..abc;alg=ES256', { digest: '..abc', alg: 'ES256' });
  refuses(identity, {
    '': 0,
    '"abc";info=<https://a.b/>': 0,
    '..a b': 4,
    '..a;info=<>': 10,
    '..a;info=<https://a.b/': 22,
    '..a;': 4,
    '..a;alg=': 8,
  });
});

const NONE = new Params('');

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
