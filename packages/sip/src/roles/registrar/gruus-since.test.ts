import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Binding } from './binding.ts';
import { gruusSince } from './gruus-since.ts';

const NOW = 1_764_000_000_000;
const OLD = NOW - 1000;

test('a refresh under the same Call-ID keeps the temporary GRUUs good (RFC 5627 §5.1)', () => {
  const before = [binding('phone', 1), binding('other', 1)];
  assert.deepEqual(momentsAfter('call-1', before, binding('phone', 1)), { 'phone 1': OLD, 'other 1': OLD });
});

test('another flow of the same phone ends nothing, whatever its Call-ID (RFC 5627 §5.1)', () => {
  assert.deepEqual(momentsAfter('call-2', [binding('phone', 2)], binding('phone', 1)), {
    'phone 2': OLD,
    'phone 1': OLD,
  });
});

test('another Call-ID for the same flow ends them in all bindings of the phone, and of no other (RFC 5627 §5.1)', () => {
  const before = [binding('phone', 1), binding('phone', 2), binding('other', 1)];
  const after = momentsAfter('call-2', before, binding('phone', 1));
  assert.deepEqual(after, { 'phone 1': NOW, 'phone 2': NOW, 'other 1': OLD });
});

test('without a reg-id the latest binding of the phone is compared (RFC 5627 §5.1)', () => {
  const latest = { ...binding('phone', undefined, 'b'), callId: 'call-2', updatedAt: OLD + 1 };
  const before = [binding('phone', undefined, 'a'), latest];
  const made = binding('phone', undefined, 'c');
  assert.equal(momentsAfter('call-2', before, made)['phone undefined'], OLD);
  assert.equal(momentsAfter('call-1', before, made)['phone undefined'], NOW);
});

test('the first binding of a phone begins them; one without an instance has none', () => {
  assert.deepEqual(momentsAfter('call-1', [], binding('phone', 1)), { 'phone 1': NOW });
  const plain = { ...binding('', undefined), instance: undefined };
  assert.deepEqual(gruusSince('call-1', [], [plain], NOW), [plain]);
});

test('two changes of the Call-ID in one millisecond end them twice', () => {
  const before = [{ ...binding('phone', 1), gruusSince: NOW }];
  assert.deepEqual(momentsAfter('call-2', before, binding('phone', 1)), { 'phone 1': NOW + 1 });
});

/** When the GRUUs of each binding begin after a REGISTER made `made`, which takes the place of the binding with its key. */
function momentsAfter(
  callId: string,
  before: readonly Binding[],
  made: Binding,
): Readonly<Record<string, number | undefined>> {
  const fresh = { ...made, callId, gruusSince: undefined };
  const after = [...before.filter(({ key }) => key !== made.key), fresh];
  return Object.fromEntries(
    gruusSince(callId, before, after, NOW).map((b) => [`${b.instance} ${b.regId}`, b.gruusSince]),
  );
}

const binding = (instance: string, regId: number | undefined, key = `${instance} ${regId}`): Binding => ({
  key,
  contact: 'sip:a',
  params: '',
  q: undefined,
  callId: 'call-1',
  cseq: 1,
  expiresAt: NOW + 60_000,
  registeredAt: OLD,
  updatedAt: OLD,
  path: [],
  flow: { local: { protocol: 'udp', host: '192.0.2.1', port: 5060 }, host: '198.51.100.7', port: 5062, connection: 0 },
  reach: 'flow',
  instance,
  regId,
  gruusSince: OLD,
  userAgent: undefined,
});
