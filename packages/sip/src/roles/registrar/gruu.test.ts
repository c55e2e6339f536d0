import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@strowger/testkit';
import fc from 'fast-check';
import type { SipKey } from '../../auth/siphash.ts';
import { createSipUri, type SipUri, sameUri, tryParseUri, withHost, withUser } from '../../uri/index.ts';
import type { Binding } from './binding.ts';
import { Gruus } from './gruu.ts';

const AOR = 'sip:alice@example.com';
const SINCE = 1_764_000_000_000;

test('a public GRUU is the address with an opaque gr, the same for ever (RFC 5627 §3.1.1, §5.4)', () => {
  const text = gruus(1).publicOf(uriOf(AOR), AOR, 'urn:uuid:1');
  assert.match(text, /^sip:alice@example\.com;gr=[0-9a-f]{32}$/);
  assert.equal(gruus(2).publicOf(uriOf(AOR), AOR, 'urn:uuid:1'), text, 'whatever the chance');
  assert.notEqual(gruus(1).publicOf(uriOf(AOR), AOR, 'urn:uuid:2'), text);
  assert.ok(sameUri(uriOf(text), uriOf(AOR)), 'it equals the address (RFC 5627 §5.4)');
});

test('a public GRUU leads to the contacts of its instance, and to nobody when there are none (RFC 5627 §5.3, §6.1)', () => {
  const one = gruus(1);
  const uri = uriOf(one.publicOf(uriOf(AOR), AOR, 'urn:uuid:1'));
  const bindings = [binding('urn:uuid:1'), binding('urn:uuid:2'), binding(undefined), binding('urn:uuid:1')];
  assert.deepEqual(one.bindingsOf(uri, AOR, bindings), [bindings[0], bindings[3]]);
  assert.deepEqual(one.bindingsOf(uri, AOR, []), []);
  assert.deepEqual(one.bindingsOf(uriOf(AOR), AOR, bindings), bindings, 'no GRUU at all');
});

test('what was never given out is no GRUU: another gr, another user, another key (RFC 5627 §6.1)', () => {
  const one = gruus(1);
  const uri = uriOf(one.publicOf(uriOf(AOR), AOR, 'urn:uuid:1'));
  for (const forged of ['sip:alice@example.com;gr', 'sip:alice@example.com;gr=urn:uuid:1', uri.text.replace(/.$/, 'g')])
    assert.equal(one.bindingsOf(uriOf(forged), AOR, [binding('urn:uuid:1')]), undefined, forged);
  assert.equal(one.bindingsOf(withUser(uri, 'bob'), 'sip:bob@example.com', [binding('urn:uuid:1')]), undefined);
  assert.equal(gruus(1, [9, 9, 9, 9]).bindingsOf(uri, AOR, [binding('urn:uuid:1')]), undefined);
});

test('a temporary GRUU leads to its user and instance, and shows neither (RFC 5627 §3.1.2)', () => {
  const one = gruus(1);
  const uri = uriOf(one.temporaryOf(uriOf(AOR), AOR, 'urn:uuid:1', SINCE));
  assert.match(uri.text, /^sip:tgruu\.[-\w]+@example\.com;gr$/);
  assert.doesNotMatch(Buffer.from(uri.user?.slice(6) ?? '', 'base64url').toString('latin1'), /alice|uuid/);
  assert.equal(one.addressOf(uri)?.text, AOR);
  const bindings = [binding('urn:uuid:2'), binding('urn:uuid:1')];
  assert.deepEqual(one.bindingsOf(uri, AOR, bindings), [bindings[1]]);
});

test('temporary GRUUs end with the moment of their instance and with its last contact (RFC 5627 §5.1, §5.3)', () => {
  const one = gruus(1);
  const uri = uriOf(one.temporaryOf(uriOf(AOR), AOR, 'urn:uuid:1', SINCE));
  assert.equal(one.bindingsOf(uri, AOR, [{ ...binding('urn:uuid:1'), gruusSince: SINCE + 1 }]), undefined);
  assert.equal(one.bindingsOf(uri, AOR, []), undefined);
});

test('no two temporary GRUUs are alike, and those of different users have the same length (RFC 5627 §5.1)', () => {
  const one = gruus(1);
  const made = ['alice', 'bob', 'a-longer-name', 'alice'].map((user) => {
    const aor = `sip:${user}@example.com`;
    return one.temporaryOf(uriOf(aor), aor, 'urn:uuid:1', SINCE);
  });
  assert.equal(new Set(made).size, 4);
  assert.equal(new Set(made.map((text) => text.length)).size, 1);
  assert.equal(new Set(made.map((text) => text.slice(0, 20))).size, 4);
});

test('a temporary GRUU that anybody changed leads nowhere', () => {
  const one = gruus(1);
  const uri = uriOf(one.temporaryOf(uriOf(AOR), AOR, 'urn:uuid:1', SINCE));
  const user = uri.user ?? '';
  fc.assert(
    fc.property(fc.nat(user.length - 1), fc.constantFrom('A', 'z', '0', '-', '_'), (at, char) => {
      const changed = `${user.slice(0, at)}${char}${user.slice(at + 1)}`;
      if (changed === user || at < 6) return;
      assert.equal(one.addressOf(withUser(uri, changed)), undefined);
    }),
  );
  for (const changed of ['tgruu.', 'tgruu.AAAA', user.slice(0, -1), `${user}0`])
    assert.equal(one.addressOf(withUser(uri, changed)), undefined, changed);
  assert.equal(one.addressOf(withHost(uri, 'example.org')), undefined, 'another domain');
  assert.equal(gruus(1, [9, 9, 9, 9]).addressOf(uri), undefined, 'another key');
});

test('whatever the user, a temporary GRUU brings it back, with scheme and port of the address', () => {
  const one = gruus(1);
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.nat(2 ** 45), (user, since) => {
      const address = createSipUri({ user, host: 'example.com', port: 5070, secure: true });
      const uri = uriOf(one.temporaryOf(address, address.text, 'urn:x', since));
      assert.equal(one.addressOf(uri)?.text, address.text);
      const bound = { ...binding('urn:x'), gruusSince: since };
      assert.deepEqual(one.bindingsOf(uri, address.text, [bound]), [bound]);
    }),
  );
});

test('a user whose name looks like one is not taken for a temporary GRUU', () => {
  const uri = uriOf('sip:tgruu.bob@example.com');
  assert.equal(gruus(1).addressOf(uri), uri);
});

const gruus = (seed: number, key: SipKey = [1, 2, 3, 4]): Gruus => new Gruus(key, createSeededRandom(seed, 'gruus'));

function uriOf(text: string): SipUri {
  const uri = tryParseUri(text);
  if (uri?.type !== 'sip') assert.fail(`${text} is no SIP URI`);
  return uri;
}

const binding = (instance: string | undefined): Binding => ({
  key: `${instance}`,
  contact: 'sip:alice@10.1.1.1',
  params: '',
  q: undefined,
  callId: 'c',
  cseq: 1,
  expiresAt: SINCE + 60_000,
  registeredAt: SINCE,
  updatedAt: SINCE,
  path: [],
  flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '198.51.100.7', port: 5062, connection: 0 },
  reach: 'flow',
  instance,
  regId: undefined,
  gruusSince: instance === undefined ? undefined : SINCE,
  userAgent: undefined,
});
