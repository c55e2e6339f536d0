import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyntaxFault } from '../../text/faults.ts';
import { Params } from '../../text/params.ts';
import type { HeaderDef } from '../header.ts';
import { NameAddr } from '../name-addr.ts';
import { contact, expires, expiresOf, instanceOf, minExpires, qOf, regIdOf } from './contact.ts';

test('a contact is an address with parameters (RFC 3261 §20.10)', () => {
  const watson = '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600';
  reads(
    contact,
    watson,
    new NameAddr('Mr. Watson', 'sip:watson@worcester.bell-telephone.com', new Params(';q=0.7; expires=3600')),
  );
  assert.deepEqual([qOf(address(watson)), expiresOf(address(watson))], [700, 3600]);
  reads(contact, '<sips:bob@192.0.2.4>;expires=60', new NameAddr('', 'sips:bob@192.0.2.4', new Params(';expires=60')));
  refuses(contact, { '': 0, alice: 0, '*;expires=0': 0, '<sip:a@b.c': 10, 'sip:a@b.c?x=y': 9 });
});

test('a star is all bindings (RFC 3261 §10.2.2)', () => {
  reads(contact, '*', '*');
  assert.equal(contact.decode(' * '), '*');
});

test('a preference is a number from 0 to 1, in thousandths; 1 where there is none (RFC 3261 §20.10)', () => {
  assert.equal(qOf(address('<sip:a@b.c>')), 1000);
  assert.equal(qOf(address('<sip:a@b.c>;Q=0.123')), 123);
  refuses(contact, { '<sip:a@b.c>;q=1.1': 14, '<sip:a@b.c>;q=0.1234': 14, '<sip:a@b.c>;q=x': 14 });
});

test('a malformed expires parameter counts as an hour, a huge one as 2**32-1 (RFC 3261 §20.10, §10.2.1.1)', () => {
  assert.equal(expiresOf(address('<sip:a@b.c>')), undefined);
  assert.equal(expiresOf(address('<sip:a@b.c>;expires=0')), 0);
  assert.equal(expiresOf(address('<sip:a@b.c>;expires=soon')), 3600);
  assert.equal(expiresOf(address('<sip:a@b.c>;expires')), 3600);
  assert.equal(expiresOf(address('<sip:a@b.c>;expires=280297596632815')), 2 ** 32 - 1);
});

test('instance and flow of a contact are read (RFC 5626 §4.1, §4.2)', () => {
  const phone = address('<sip:a@b.c>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>";reg-id=1');
  assert.deepEqual([instanceOf(phone), regIdOf(phone)], ['urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF', 1]);
  assert.deepEqual([instanceOf(address('<sip:a@b.c>')), regIdOf(address('<sip:a@b.c>'))], [undefined, undefined]);
  for (const bad of ['0', 'x', '2147483648', '12345678901'])
    assert.equal(regIdOf(address(`<sip:a@b.c>;reg-id=${bad}`)), undefined);
});

test('Expires and Min-Expires are seconds; more than 2**32-1 counts as that (RFC 3261 §20.19, §10.2.1.1)', () => {
  for (const def of [expires, minExpires]) {
    reads(def, '5', 5);
    reads(def, '4294967295', 2 ** 32 - 1);
    reads(def, '1000000000000000000000000000', 2 ** 32 - 1, '4294967295');
    refuses(def, { '': 0, '-1': 0, '1.5': 1, '1h': 1, 'Thu, 01 Dec 1994 16:00:00 GMT': 0 });
  }
});

function address(text: string): NameAddr {
  const value = contact.decode(text);
  assert.ok(value !== '*');
  return value;
}

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
