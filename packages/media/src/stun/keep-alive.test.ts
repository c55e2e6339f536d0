import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mappedAddressOf } from './address.ts';
import { errorCodeOf, unknownAttributesOf } from './error-code.ts';
import { checkFingerprint, withFingerprint } from './fingerprint.ts';
import { answerKeepAlive } from './keep-alive.ts';
import { isStun, type NewStunMessage, parseStun, printStun } from './message.ts';

const FROM = { host: '203.0.113.7', port: 61234 };
const ID = Uint8Array.from({ length: 12 }, (_, i) => i);

test('a Binding request gets the address that it came from, and its own transaction (RFC 5626 §8)', () => {
  for (const host of ['203.0.113.7', '2001:db8::7']) {
    const answer = parseStun(answerKeepAlive(request(), { host, port: 61234 }) ?? new Uint8Array());
    assert.deepEqual([answer?.kind, answer?.method, answer?.attributes.length], ['success', 1, 1]);
    assert.deepEqual(new Uint8Array(answer?.transactionId ?? []), ID);
    assert.deepEqual(answer && mappedAddressOf(answer), { host, port: 61234 });
  }
});

test('the answer is short, so that a forged source gains nothing', () => {
  assert.equal(answerKeepAlive(request(), FROM)?.length, 32);
  const many = Array.from({ length: 300 }, (_, i) => ({ type: 0x100 + i, value: new Uint8Array(0) }));
  assert.ok((answerKeepAlive(request(many), FROM)?.length ?? 0) < 100);
});

test('responses, indications, other methods and SIP get no answer (RFC 8489 §6.3)', () => {
  const others: readonly Partial<NewStunMessage>[] = [
    { kind: 'success' },
    { kind: 'error' },
    { kind: 'indication' },
    { method: 3 },
  ];
  for (const other of others) assert.equal(answerKeepAlive(printStun({ ...REQUEST, ...other }), FROM), undefined);
  assert.equal(answerKeepAlive(new Uint8Array(Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n')), FROM), undefined);
});

test('an attribute that must be understood and is not makes 420, any other is ignored (RFC 8489 §6.3.1)', () => {
  const refused = parseStun(
    answerKeepAlive(request([{ type: 0x24, value: new Uint8Array(4) }]), FROM) ?? new Uint8Array(),
  );
  assert.equal(refused?.kind, 'error');
  assert.equal(refused && errorCodeOf(refused)?.code, 420);
  assert.deepEqual(refused && unknownAttributesOf(refused), [0x24]);
  for (const type of [0x8029, 0xffff, 0x0006]) {
    const answer = answerKeepAlive(request([{ type, value: Uint8Array.of(1) }]), FROM);
    assert.equal(parseStun(answer ?? new Uint8Array())?.kind, 'success', type.toString(16));
  }
});

test('a fingerprint is answered with one; a wrong one is not STUN (RFC 8489 §7)', () => {
  const signed = withFingerprint(request());
  const answer = answerKeepAlive(signed, FROM);
  assert.equal(checkFingerprint(answer ?? new Uint8Array()), 'right');
  signed[signed.length - 1] = (signed[signed.length - 1] ?? 0) ^ 1;
  assert.equal(answerKeepAlive(signed, FROM), undefined);
});

test('no bytes make it fail, and every answer is STUN', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      const body = noise.subarray(0, noise.length & ~3);
      const bytes = new Uint8Array([...request(), ...body]);
      bytes[3] = body.length;
      const answer = answerKeepAlive(bytes, FROM);
      assert.ok(answer === undefined || isStun(answer));
    }),
  );
});

const REQUEST: NewStunMessage = { kind: 'request', method: 1, transactionId: ID, attributes: [] };

const request = (attributes: NewStunMessage['attributes'] = []): Uint8Array => printStun({ ...REQUEST, attributes });
