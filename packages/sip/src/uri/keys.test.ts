import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameUri } from './equality.ts';
import { aorKey, contactKey } from './keys.ts';
import { parseUri } from './uri.ts';

const contact = (text: string): string => contactKey(parseUri(text));
const aor = (text: string): string => aorKey(parseUri(text));

test('URIs that differ in writing only have one contact key (RFC 3261 §19.1.4)', () => {
  for (const [a, b] of [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:b.c;transport=tcp;method=REGISTER?to=a', 'sip:b.c;method=REGISTER;transport=tcp?To=a'],
    ['sip:a@b.c?x=1&y=2', 'sip:a@b.c?y=2&x=1'],
    ['sip:bob@[2001:db8::9:1]', 'sip:bob@[2001:DB8::9:01]'],
    ['tel:+1-201-555-0123', 'tel:+12015550123'],
    ['urn:service:SOS', 'urn:service:sos'],
  ] as const)
    assert.equal(contact(a), contact(b));
});

test('what tells contacts apart tells their keys apart', () => {
  for (const [a, b] of [
    ['sip:a@b.c', 'sips:a@b.c'],
    ['sip:a@b.c', 'sip:A@b.c'],
    ['sip:a@b.c', 'sip:a@b.c:5060'],
    ['sip:a@b.c', 'sip:a@b.c;transport=udp'],
    ['sip:a@b.c;line=1', 'sip:a@b.c;line=2'],
    ['sip:a@b.c', 'sip:b.c'],
    ['sip:a@b.c?x=1', 'sip:a@b.c'],
    ['sip:a%3Bb@b.c', 'sip:a;b@b.c'],
  ] as const)
    assert.notEqual(contact(a), contact(b), `${a} ${b}`);
});

test('equal contact keys mean equal URIs; unequal keys of equal URIs differ in a parameter of one only', () => {
  const part = <T>(...values: readonly T[]) => fc.constantFrom(...values);
  const uri = fc
    .tuple(
      part('sip:', 'sips:'),
      part('', 'a@', 'A@', '%61@', 'a:p@'),
      part('b.c', 'B.C', '[::1]', '[0::1]'),
      part('', ':5060'),
      fc.uniqueArray(part(';lr', ';x=1', ';X=2', ';transport=udp', ';transport=UDP', ';ttl=1'), {
        maxLength: 3,
        selector: (p) => p.slice(0, 3).toLowerCase(),
      }),
      part('', '?s=1', '?S=1', '?s=2'),
    )
    .map(([scheme, user, host, port, params, headers]) => `${scheme}${user}${host}${port}${params.join('')}${headers}`);
  fc.assert(
    fc.property(uri, uri, (a, b) => {
      const [x, y] = [parseUri(a), parseUri(b)];
      if (contactKey(x) === contactKey(y)) assert.ok(sameUri(x, y));
      const ignored = /;(lr|x=\d)/gi;
      if (sameUri(x, y)) assert.equal(contact(a.replace(ignored, '')), contact(b.replace(ignored, '')));
    }),
    { numRuns: 2000 },
  );
});

test('an address-of-record is scheme, user and host (RFC 3261 §10.3 step 5)', () => {
  assert.equal(aor('sips:%61lice:secret@AtLanTa.CoM:5061;user=phone?x=y'), 'sip:alice@atlanta.com');
  assert.equal(aor('sip:j%40s0n@example.com.'), 'sip:j%40s0n@example.com');
  assert.equal(aor('sip:a%2cb@example.com'), aor('sip:a,b@example.com'));
  assert.equal(aor('sip:Example.com'), 'sip:example.com');
  assert.equal(aor('tel:+1-201-555-0123'), 'tel:+12015550123');
  assert.notEqual(aor('sip:alice@example.com'), aor('sip:ALICE@example.com'));
});

test('an address-of-record is a URI of its own key', () => {
  const user = fc.string({ unit: fc.constantFrom(...'aA1;,@:#%"ü '), minLength: 1 });
  fc.assert(
    fc.property(user, (text) => {
      const key = aor(`sip:${encodeURIComponent(text)}@example.com`);
      assert.equal(aor(key), key);
    }),
  );
});

test('escaped names of parameters make no other key (RFC 3261 §19.1.4)', () => {
  assert.equal(contact('sip:a@b.example;n%61me=v%61lue'), contact('sip:a@b.example;name=value'));
});
