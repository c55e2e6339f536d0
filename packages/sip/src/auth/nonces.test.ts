import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageFault } from '../text/faults.ts';
import type { Hash } from './hash.ts';
import { createNonces, type NonceOptions } from './nonces.ts';
import { type SipKey, siphash, siphashHex } from './siphash.ts';

let calls = 0;
const hash: Hash = (algorithm, data) => {
  calls += 1;
  return createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
};
const secret = new TextEncoder().encode('sixteen bytes!!!');
const options: NonceOptions = { secret, realm: 'büro.example', lifetimeSeconds: 300, skewSeconds: 5, hash };
const nonces = createNonces(options);
const now = 1_700_000_000_000;

test('a nonce is time, random number and source, and a hash of them under a key of secret and realm (RFC 7616 §3.3)', () => {
  const derived = createHmac('sha256', secret).update('büro.example', 'utf8').digest();
  const word = (at: number): number => derived.readUInt32BE(at * 4);
  const key: SipKey = [word(0), word(1), word(2), word(3)];
  const [source] = siphash(key, 'source 192.0.2.7');
  const head = `${now.toString(16).padStart(12, '0')}0000002a${source.toString(16).padStart(8, '0')}`;
  assert.equal(nonces.issue(now, 42, '192.0.2.7'), head + siphashHex(key, head));
});

test('a nonce says who got it, in digits that tell the address to nobody', () => {
  const of = (random: number, source?: string): string => nonces.sourceOf(nonces.issue(now, random, source));
  assert.equal(of(1, '192.0.2.7'), of(2, '192.0.2.7'));
  assert.notEqual(of(1, '192.0.2.7'), of(1, '192.0.2.8'));
  assert.notEqual(of(1, '192.0.2.7'), of(1));
  assert.equal(nonces.isFor(nonces.issue(now, 1, '192.0.2.7'), '192.0.2.7'), true);
  assert.equal(nonces.isFor(nonces.issue(now, 1, '192.0.2.7'), '192.0.2.8'), false);
  assert.match(of(1, 'ü'), /^[0-9a-f]{8}$/);
  const other = createNonces({ ...options, secret: secret.map((b) => b ^ 1) });
  assert.notEqual(of(1, '192.0.2.7'), other.sourceOf(other.issue(now, 1, '192.0.2.7')));
});

test('a nonce is made and checked without a call of the hash port', () => {
  const some = createNonces(options);
  calls = 0;
  assert.equal(some.check(some.issue(now, 7), now), 'fresh');
  assert.equal(calls, 0);
});

test('a nonce is fresh for its lifetime and stale from then on (RFC 7616 §5.4)', () => {
  const nonce = nonces.issue(now, 1);
  assert.equal(nonces.check(nonce, now), 'fresh');
  assert.equal(nonces.check(nonce, now + 300_000), 'fresh');
  assert.equal(nonces.check(nonce, now + 300_001), 'stale');
});

test('a nonce from the future is fresh within the skew of the clocks and stale beyond it', () => {
  const nonce = nonces.issue(now, 1);
  assert.equal(nonces.check(nonce, now - 5_000), 'fresh');
  assert.equal(nonces.check(nonce, now - 5_001), 'stale');
});

test('a nonce with any character changed is forged (property)', () => {
  fc.assert(
    fc.property(
      fc.nat(43),
      fc.constantFrom(...'0123456789abcdefABZ"'),
      fc.nat(2 ** 32 - 1),
      (at, character, random) => {
        const nonce = nonces.issue(now, random);
        fc.pre(nonce.charAt(at) !== character);
        assert.equal(nonces.check(nonce.slice(0, at) + character + nonce.slice(at + 1), now), 'forged');
      },
    ),
  );
});

test('a nonce of another secret or another realm is forged', () => {
  const nonce = nonces.issue(now, 1);
  assert.equal(createNonces({ ...options, realm: 'other' }).check(nonce, now), 'forged');
  assert.equal(createNonces({ ...options, secret: secret.map((b) => b ^ 1) }).check(nonce, now), 'forged');
  assert.equal(createNonces({ ...options }).check(nonce, now), 'fresh', 'the same secret in another process');
});

test('a text that has not the form of a nonce is forged and has no time', () => {
  for (const text of ['', 'x', '0'.repeat(43), '0'.repeat(45), 'G'.repeat(44), 'dcd98b7102dd2f0e8b11d0f600bfb0c093'])
    assert.equal(nonces.check(text, now), 'forged');
  assert.equal(nonces.timeOf('x'), undefined);
});

test('the age of a known nonce is told from its time alone', () => {
  const nonce = nonces.issue(now, 1);
  assert.equal(nonces.age(nonce, now), 'fresh');
  assert.equal(nonces.age(nonce, now + 300_001), 'stale');
  assert.equal(nonces.timeOf(nonce), now);
});

test('nonces of the same millisecond differ by their random numbers (RFC 7616 §3.3)', () => {
  assert.notEqual(nonces.issue(now, 1), nonces.issue(now, 2));
});

test('a short secret, a negative time and a random number of more than 32 bits are bugs of the caller', () => {
  assert.throws(() => createNonces({ ...options, secret: secret.slice(1) }), UsageFault);
  assert.throws(() => nonces.issue(-1, 1), UsageFault);
  assert.throws(() => nonces.issue(2 ** 48, 1), UsageFault);
  assert.throws(() => nonces.issue(now, 2 ** 32), UsageFault);
  assert.throws(() => nonces.issue(now, -1), UsageFault);
  assert.throws(() => nonces.issue(now, Number.NaN), UsageFault);
});
