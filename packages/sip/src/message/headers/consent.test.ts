import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import { permissionMissing, policyContact, policyId, triggerConsent } from './consent.ts';

test('Permission-Missing names recipients (RFC 5360 §5.9.3)', () => {
  reads(
    permissionMissing,
    'sip:C@example.com',
    new NameAddr('', 'sip:C@example.com', new Params('')),
    '<sip:C@example.com>',
  );
});

test('Trigger-Consent names a relay without brackets, and the recipient (RFC 5360 §5.11.2)', () => {
  reads(
    triggerConsent,
    'sip:123@relay.example.com ;target-uri="sip:friends@relay.example.com"',
    { uri: 'sip:123@relay.example.com', target: 'sip:friends@relay.example.com' },
    'sip:123@relay.example.com;target-uri="sip:friends@relay.example.com"',
  );
  reads(triggerConsent, '<sip:a@b.c>;x', { uri: 'sip:a@b.c', params: new Params(';x') }, 'sip:a@b.c;x');
  refuses(triggerConsent, { '': 0, ';target-uri="a"': 0, 'sip:': 4, 'sip:a@b.c;target-uri=""': 10 });
});

test('Policy-ID names policies with their versions (RFC 6794 §4.4.5.1)', () => {
  reads(policyId, 'sip:policy@example.com;token=1', { uri: 'sip:policy@example.com', token: '1' });
  refuses(policyId, { '': 0, policy: 6, 'sip:a@b.c;token=': 16 });
});

test('Policy-Contact says where policies are (RFC 6794 §4.4.5.2)', () => {
  const params = new Params(';non-cacheable;alt-uri=example.net');
  reads(policyContact, '<sip:policy@example.com>;non-cacheable;alt-uri=example.net', {
    uri: 'sip:policy@example.com',
    params,
  });
  refuses(policyContact, { '': 0, 'sip:a@b.c': 0, '<sip:a@b.c': 10, '<>': 1, '<sip:a@>': 7 });
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
