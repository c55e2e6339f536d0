import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Binding } from './binding.ts';
import { type Candidate, decide, type Registration, type RegistrationPolicy } from './decide.ts';

const NOW = 1_764_000_000_000;

test('no verdict lists an expired binding or two with one key (RFC 3261 §10.3)', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      if (verdict.type === 'reject') return;
      assert.ok(verdict.bindings.every((b) => b.expiresAt > NOW));
      assert.equal(new Set(verdict.bindings.map((b) => b.key)).size, verdict.bindings.length);
    }),
  );
});

test('no verdict takes an address-of-record above its limit, nor higher where it is above', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      if (verdict.type === 'reject') return;
      const before = current.filter((b) => b.expiresAt > NOW).length;
      assert.ok(verdict.bindings.length <= Math.max(rules.maxBindings, before));
    }),
  );
});

test('the difference told is the difference made', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      const live = current.filter((b) => b.expiresAt > NOW);
      if (verdict.type === 'unchanged') assert.deepEqual(verdict.bindings, live);
      if (verdict.type !== 'store') return;
      const changed = new Set([...verdict.refreshed, ...verdict.removed].map((b) => b.key));
      const rebuilt = [...live.filter((b) => !changed.has(b.key)), ...verdict.refreshed, ...verdict.added];
      assert.deepEqual(byKey(rebuilt), byKey(verdict.bindings));
      assert.ok(verdict.added.every((b) => !live.some((old) => old.key === b.key)));
      assert.ok(verdict.added.length + verdict.refreshed.length + verdict.removed.length > 0);
    }),
  );
});

test('all bindings of one instance agree from when on its temporary GRUUs are good (RFC 5627 §5.1)', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      if (verdict.type !== 'store') return;
      for (const instance of ['urn:x:1', 'urn:x:2']) {
        const moments = verdict.bindings.filter((b) => b.instance === instance).map((b) => b.gruusSince);
        assert.ok(new Set(moments).size <= 1 && !moments.includes(undefined));
      }
    }),
  );
});

test('a request that is refused would have been refused for one of its contacts alone, or for their number', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      if (verdict.type !== 'reject' || (verdict.status !== 423 && verdict.status !== 500)) return;
      const alone = request.contacts.map((contact) => decide({ ...request, contacts: [contact] }, current, rules, NOW));
      assert.ok(alone.some((one) => one.type === 'reject' && one.status === verdict.status));
    }),
  );
});

test('all or nothing: what is accepted is accepted for every contact', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      if (verdict.type === 'reject') return;
      const last = new Map<string, Candidate>();
      for (const contact of request.contacts) if (contact !== '*') last.set(contact.key, contact);
      for (const { key, expires } of last.values()) {
        const made: Binding | undefined = verdict.bindings.find((b) => b.key === key);
        if ((expires ?? request.expires) === '0') assert.equal(made, undefined);
        else assert.deepEqual([made?.callId, made?.cseq], [request.callId, request.cseq]);
      }
    }),
  );
});

test('the order of different contacts and of the stored bindings changes nothing but the order', () => {
  const input = fc
    .tuple(registration, bindings)
    .chain(([request, current]) =>
      fc.tuple(fc.constant(request), fc.constant(current), shuffled(distinct(request.contacts)), shuffled(current)),
    );
  fc.assert(
    fc.property(input, policy, ([request, current, contacts, mixed], rules) => {
      const straight = decide({ ...request, contacts: distinct(request.contacts) }, current, rules, NOW);
      const turned = decide({ ...request, contacts }, mixed, rules, NOW);
      assert.equal(turned.type, straight.type);
      if (straight.type === 'reject' || turned.type === 'reject') return;
      assert.deepEqual(byKey(turned.bindings), byKey(straight.bindings));
    }),
  );
});

test('a request that was accepted is out of order when it comes again (RFC 3261 §10.3 step 7)', () => {
  fc.assert(
    fc.property(registration, bindings, policy, (request, current, rules) => {
      const verdict = decide(request, current, rules, NOW);
      if (verdict.type !== 'store' || verdict.added.length + verdict.refreshed.length === 0) return;
      assert.equal(decide(request, verdict.bindings, rules, NOW).type, 'reject');
    }),
  );
});

const FLOW = {
  local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
  host: '198.51.100.7',
  port: 5062,
  connection: 0,
} as const;

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const callId = fc.constantFrom('call-1', 'call-2');
const interval = fc.constantFrom(undefined, '0', '5', '60', '3600', '999999', 'x');

const candidate: fc.Arbitrary<Candidate> = fc.record({
  key,
  contact: key.map((k) => `sip:${k}`),
  params: fc.constant(''),
  q: fc.constantFrom(undefined, 0, 500),
  expires: interval,
  reach: fc.constantFrom('contact', 'flow'),
  instance: fc.constantFrom(undefined, 'urn:x:1', 'urn:x:2'),
  regId: fc.constantFrom(undefined, undefined, undefined, 1),
});

const registration: fc.Arbitrary<Registration> = fc.record({
  callId,
  cseq: fc.nat(5),
  expires: interval,
  contacts: fc.array(
    fc.oneof({ weight: 9, arbitrary: candidate }, { weight: 1, arbitrary: fc.constant('*' as const) }),
    {
      maxLength: 4,
    },
  ),
  path: fc.constant([]),
  flow: fc.constant(FLOW),
  userAgent: fc.constant(undefined),
});

const bindings: fc.Arbitrary<readonly Binding[]> = fc.uniqueArray(
  fc.record({
    key,
    contact: key.map((k) => `sip:${k}`),
    params: fc.constant(''),
    q: fc.constant(undefined),
    callId,
    cseq: fc.nat(5),
    expiresAt: fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + 60_000),
    registeredAt: fc.constant(NOW - 1000),
    updatedAt: fc.constant(NOW - 1000),
    path: fc.constant([]),
    flow: fc.constant(FLOW),
    reach: fc.constant('contact'),
    instance: fc.constantFrom(undefined, 'urn:x:1', 'urn:x:2'),
    regId: fc.constant(undefined),
    gruusSince: fc.constant(NOW - 1000),
    userAgent: fc.constant(undefined),
  }),
  { selector: (b) => b.key, maxLength: 5 },
);

const policy: fc.Arbitrary<RegistrationPolicy> = fc.record({
  minSeconds: fc.constantFrom(1, 60),
  maxSeconds: fc.constantFrom(60, 3600),
  defaultSeconds: fc.constant(600),
  maxBindings: fc.integer({ min: 1, max: 4 }),
});

const byKey = (list: readonly Binding[]): readonly Binding[] => [...list].sort((a, b) => (a.key < b.key ? -1 : 1));

function distinct(contacts: Registration['contacts']): Registration['contacts'] {
  const keyOf = (contact: '*' | Candidate): string => (contact === '*' ? '*' : contact.key);
  return contacts.filter((contact, i) => contacts.findIndex((other) => keyOf(other) === keyOf(contact)) === i);
}

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
