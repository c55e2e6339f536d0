import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Binding } from './binding.ts';
import {
  type Candidate,
  decide,
  intervalOf,
  type Registration,
  type RegistrationPolicy,
  type Verdict,
} from './decide.ts';

const NOW = 1_764_000_000_000;
const POLICY: RegistrationPolicy = { minSeconds: 60, maxSeconds: 7200, defaultSeconds: 1800, maxBindings: 3 };

test('a request without Contact fetches the list and changes nothing (RFC 3261 §10.2.3, §10.3 step 6)', () => {
  const current = [binding('a'), binding('b')];
  const verdict = decide(register([], { expires: '0' }), current, POLICY, NOW);
  assert.deepEqual(verdict, { type: 'unchanged', bindings: current });
});

test('a new contact is bound with everything the request says (RFC 3261 §10.3, RFC 3327 §5.3, RFC 5626 §6)', () => {
  const contact = { ...candidate('a', '600'), q: 700, params: ';q=0.7;+x', instance: 'urn:uuid:1', regId: 1 };
  const request = register([contact], { path: ['sip:edge.example.com;lr;ob'], userAgent: 'Phone/1' });
  const expected: Binding = {
    key: 'a',
    contact: 'sip:a',
    params: ';q=0.7;+x',
    q: 700,
    callId: 'call-1',
    cseq: 10,
    expiresAt: NOW + 600_000,
    registeredAt: NOW,
    updatedAt: NOW,
    path: ['sip:edge.example.com;lr;ob'],
    flow: FLOW,
    reach: 'contact',
    instance: 'urn:uuid:1',
    regId: 1,
    gruusSince: NOW,
    userAgent: 'Phone/1',
  };
  assert.deepEqual(stored(decide(request, [], POLICY, NOW)), {
    type: 'store',
    bindings: [expected],
    added: [expected],
    refreshed: [],
    removed: [],
  });
});

test('a refresh replaces what was known, flow included, but keeps the time of the first one (RFC 5626 §6)', () => {
  const old = { ...binding('a'), registeredAt: NOW - 9_000_000, updatedAt: NOW - 9_000_000, path: ['sip:old'] };
  const other = binding('b');
  const verdict = stored(decide(register([candidate('a', '600')], { cseq: 11 }), [old, other], POLICY, NOW));
  const [refreshed] = verdict.refreshed;
  assert.ok(refreshed !== undefined);
  assert.deepEqual(verdict.bindings, [refreshed, other]);
  assert.equal(verdict.bindings[1], other);
  assert.deepEqual([verdict.added, verdict.removed], [[], []]);
  assert.equal(refreshed.registeredAt, NOW - 9_000_000);
  assert.equal(refreshed.updatedAt, NOW);
  assert.deepEqual([refreshed.cseq, refreshed.expiresAt, refreshed.path], [11, NOW + 600_000, []]);
});

test('the expires parameter goes before the Expires header field, and that before the default (RFC 3261 §10.3 step 7)', () => {
  const contacts = [candidate('a', '300'), candidate('b')];
  assert.deepEqual(granted(decide(register(contacts, { expires: '900' }), [], POLICY, NOW)), [300, 900]);
  assert.deepEqual(granted(decide(register(contacts), [], POLICY, NOW)), [300, 1800]);
});

test('a malformed interval counts as an hour, in the parameter and in the header field (RFC 3261 §10.2, RFC 4475 §3.1.2.4)', () => {
  for (const text of ['', 'soon', '-1', '1.5', ' 60', '0x10', '"60"', '1e3']) {
    assert.equal(intervalOf(text), 3600, text);
    assert.deepEqual(granted(decide(register([candidate('a', text)]), [], POLICY, NOW)), [3600]);
    assert.deepEqual(granted(decide(register([candidate('a')], { expires: text }), [], POLICY, NOW)), [3600]);
  }
});

test('an interval above 2**32-1 counts as 2**32-1 (RFC 3261 §10.2)', () => {
  assert.equal(intervalOf('4294967295'), 4_294_967_295);
  assert.equal(intervalOf('4294967296'), 4_294_967_295);
  assert.equal(intervalOf(`1${'0'.repeat(400)}`), 4_294_967_295);
});

test('a longer wish than the maximum is granted as the maximum (RFC 3261 §10.3 step 7)', () => {
  assert.deepEqual(granted(decide(register([candidate('a', '7200')]), [], POLICY, NOW)), [7200]);
  assert.deepEqual(granted(decide(register([candidate('a', '7201')]), [], POLICY, NOW)), [7200]);
});

test('a wish below the minimum is answered 423 with the minimum (RFC 3261 §10.3 step 7)', () => {
  const tooBrief = { type: 'reject', status: 423, reason: 'Interval Too Brief', minExpires: 60 };
  assert.deepEqual(decide(register([candidate('a', '59')]), [], POLICY, NOW), tooBrief);
  assert.deepEqual(decide(register([candidate('a', '1')]), [], POLICY, NOW), tooBrief);
  assert.deepEqual(granted(decide(register([candidate('a', '60')]), [], POLICY, NOW)), [60]);
});

test('a wish of an hour or more is never too brief, whatever the minimum (RFC 3261 §10.3 step 7)', () => {
  const policy = { ...POLICY, minSeconds: 7000 };
  assert.deepEqual(granted(decide(register([candidate('a', '3600')]), [], policy, NOW)), [3600]);
  assert.equal(statusOf(decide(register([candidate('a', '3599')]), [], policy, NOW)), 423);
});

test('an interval of 0 removes the binding and is never too brief (RFC 3261 §10.2.2)', () => {
  const [a, b] = [binding('a'), binding('b')];
  const verdict = stored(decide(register([candidate('a', '0')], { cseq: 11 }), [a, b], POLICY, NOW));
  assert.deepEqual(verdict, { type: 'store', bindings: [b], added: [], refreshed: [], removed: [a] });
});

test('an interval of 0 for a contact nobody knows is no error and changes nothing', () => {
  const current = [binding('b')];
  const verdict = decide(register([candidate('a', '0')]), current, POLICY, NOW);
  assert.deepEqual(verdict, { type: 'unchanged', bindings: current });
});

test('the same Call-ID needs a higher CSeq, to refresh and to remove (RFC 3261 §10.3 step 7)', () => {
  for (const expires of ['600', '0']) {
    for (const cseq of [9, 10]) {
      const verdict = decide(register([candidate('a', expires)], { cseq }), [binding('a')], POLICY, NOW);
      assert.equal(statusOf(verdict), 500, `CSeq ${cseq}, expires ${expires}`);
    }
    assert.equal(decide(register([candidate('a', expires)], { cseq: 11 }), [binding('a')], POLICY, NOW).type, 'store');
  }
});

test('another Call-ID refreshes and removes whatever its CSeq (RFC 3261 §10.3 step 7)', () => {
  const refresh = register([candidate('a', '600')], { callId: 'call-2', cseq: 1 });
  const verdict = stored(decide(refresh, [binding('a')], POLICY, NOW));
  assert.deepEqual([verdict.refreshed[0]?.callId, verdict.refreshed[0]?.cseq], ['call-2', 1]);
  const removal = register([candidate('a', '0')], { callId: 'call-2', cseq: 1 });
  assert.deepEqual(stored(decide(removal, [binding('a')], POLICY, NOW)).bindings, []);
});

test('Call-IDs are compared with regard to case (RFC 3261 §20.8)', () => {
  const verdict = decide(register([candidate('a', '600')], { callId: 'CALL-1', cseq: 1 }), [binding('a')], POLICY, NOW);
  assert.equal(verdict.type, 'store');
});

test('the order of requests is kept per binding: a second phone of the user is not asked (RFC 3261 §10.3 step 7)', () => {
  const current = [{ ...binding('a'), cseq: 500 }];
  assert.equal(decide(register([candidate('b', '600')], { cseq: 2 }), current, POLICY, NOW).type, 'store');
});

test('one contact that fails makes all fail (RFC 3261 §10.3 step 7)', () => {
  const current = [binding('a')];
  const outOfOrder = register([candidate('b', '600'), candidate('a', '600')]);
  assert.equal(statusOf(decide(outOfOrder, current, POLICY, NOW)), 500);
  const tooBrief = register([candidate('b', '600'), candidate('c', '5')]);
  assert.equal(statusOf(decide(tooBrief, current, POLICY, NOW)), 423);
});

test('* with Expires 0 removes everything, under any Call-ID or a higher CSeq (RFC 3261 §10.3 step 6)', () => {
  const current = [binding('a'), { ...binding('b'), callId: 'call-9', cseq: 99 }];
  const verdict = stored(decide(register(['*'], { expires: '0', cseq: 11 }), current, POLICY, NOW));
  assert.deepEqual(verdict, { type: 'store', bindings: [], added: [], refreshed: [], removed: current });
});

test('* with Expires 0 where nothing is bound changes nothing', () => {
  assert.deepEqual(decide(register(['*'], { expires: '0' }), [], POLICY, NOW), { type: 'unchanged', bindings: [] });
});

test('* out of order for one binding removes none (RFC 3261 §10.3 step 6)', () => {
  const current = [{ ...binding('b'), callId: 'call-9' }, binding('a')];
  assert.equal(statusOf(decide(register(['*'], { expires: '0', cseq: 10 }), current, POLICY, NOW)), 500);
});

test('* without Expires, or with any other than 0, is 400 (RFC 3261 §10.2.2, §10.3 step 6)', () => {
  for (const expires of [undefined, '1', '3600', 'never', '']) {
    assert.equal(statusOf(decide(register(['*'], { expires }), [binding('a')], POLICY, NOW)), 400, String(expires));
  }
});

test('* beside another contact is 400 (RFC 3261 §10.3 step 6)', () => {
  for (const contacts of [
    ['*', candidate('a', '0')],
    [candidate('a', '0'), '*'],
    ['*', '*'],
  ] as const) {
    assert.equal(statusOf(decide(register(contacts, { expires: '0' }), [], POLICY, NOW)), 400);
  }
});

test('an address-of-record grows to its limit and not beyond', () => {
  const current = [binding('a'), binding('b')];
  assert.equal(decide(register([candidate('c', '600')]), current, POLICY, NOW).type, 'store');
  assert.equal(statusOf(decide(register([candidate('c', '600'), candidate('d', '600')]), current, POLICY, NOW)), 403);
});

test('a contact that replaces another stays within the limit', () => {
  const current = [binding('a'), binding('b'), binding('c')];
  const swap = register([candidate('d', '600'), candidate('a', '0')], { cseq: 11 });
  assert.deepEqual(
    stored(decide(swap, current, POLICY, NOW)).bindings.map((b) => b.key),
    ['b', 'c', 'd'],
  );
});

test('who is above a limit that was lowered can still refresh and leave', () => {
  const policy = { ...POLICY, maxBindings: 1 };
  const current = [binding('a'), binding('b'), binding('c')];
  assert.equal(decide(register([candidate('a', '600')], { cseq: 11 }), current, policy, NOW).type, 'store');
  assert.equal(decide(register([candidate('a', '0')], { cseq: 11 }), current, policy, NOW).type, 'store');
});

test('an expired binding counts as absent: not listed, not counted, not asked for its CSeq', () => {
  const expired = ['a', 'b', 'c'].map((key) => ({ ...binding(key), expiresAt: NOW }));
  const verdict = stored(decide(register([candidate('a', '600')], { cseq: 1 }), expired, POLICY, NOW));
  assert.deepEqual(
    verdict.bindings.map((b) => [b.key, b.registeredAt]),
    [['a', NOW]],
  );
  assert.deepEqual([verdict.added.length, verdict.refreshed, verdict.removed], [1, [], []]);
});

test('the later value of a contact that stands twice in one request holds (RFC 3261 §10.3 step 7)', () => {
  const twice = register([candidate('a', '600'), candidate('a', '900')], { cseq: 11 });
  assert.deepEqual(granted(decide(twice, [binding('a')], POLICY, NOW)), [900]);
  assert.deepEqual(granted(decide(twice, [], POLICY, NOW)), [900]);
  const left = register([candidate('a', '600'), candidate('a', '0')], { cseq: 11 });
  assert.deepEqual(stored(decide(left, [binding('a')], POLICY, NOW)).bindings, []);
  assert.deepEqual(decide(left, [], POLICY, NOW), { type: 'unchanged', bindings: [] });
  const back = register([candidate('a', '0'), candidate('a', '900')], { cseq: 11 });
  assert.equal(stored(decide(back, [binding('a')], POLICY, NOW)).refreshed.length, 1);
});

test('a reg-id registers one contact; contacts of interval 0 may stand beside it (RFC 5626 §6)', () => {
  const outbound = { ...candidate('i', '600'), instance: 'urn:uuid:1', regId: 1 };
  assert.equal(statusOf(decide(register([outbound, candidate('b', '600')]), [], POLICY, NOW)), 400);
  assert.equal(decide(register([outbound, candidate('b', '0')]), [], POLICY, NOW).type, 'store');
  const gone = { ...outbound, expires: '0' };
  assert.equal(decide(register([gone, candidate('b', '60'), candidate('c', '60')]), [], POLICY, NOW).type, 'store');
});

test('a clock that gives fractions still makes whole numbers', () => {
  const [made] = stored(decide(register([candidate('a', '600')]), [], POLICY, NOW + 0.75)).bindings;
  assert.deepEqual([made?.expiresAt, made?.registeredAt, made?.updatedAt], [NOW + 600_000, NOW, NOW]);
});

const FLOW = {
  local: { protocol: 'udp', host: '192.0.2.1', port: 5060 },
  host: '198.51.100.7',
  port: 5062,
  connection: 0,
} as const;

function binding(key: string): Binding {
  return {
    key,
    contact: `sip:${key}`,
    params: '',
    q: undefined,
    callId: 'call-1',
    cseq: 10,
    expiresAt: NOW + 60_000,
    registeredAt: NOW - 1000,
    updatedAt: NOW - 1000,
    path: [],
    flow: FLOW,
    reach: 'contact',
    instance: undefined,
    regId: undefined,
    gruusSince: undefined,
    userAgent: undefined,
  };
}

function candidate(key: string, expires?: string): Candidate {
  return {
    key,
    contact: `sip:${key}`,
    params: '',
    q: undefined,
    expires,
    reach: 'contact',
    instance: undefined,
    regId: undefined,
  };
}

const register = (contacts: Registration['contacts'], other: Partial<Registration> = {}): Registration => ({
  callId: 'call-1',
  cseq: 10,
  expires: undefined,
  contacts,
  path: [],
  flow: FLOW,
  userAgent: undefined,
  ...other,
});

function stored(verdict: Verdict): Extract<Verdict, { type: 'store' }> {
  if (verdict.type !== 'store') assert.fail(`expected store, found ${JSON.stringify(verdict)}`);
  return verdict;
}

const granted = (verdict: Verdict): readonly number[] =>
  stored(verdict).bindings.map((b) => (b.expiresAt - NOW) / 1000);

const statusOf = (verdict: Verdict): number | undefined => (verdict.type === 'reject' ? verdict.status : undefined);
