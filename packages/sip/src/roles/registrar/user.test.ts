import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Hash } from '../../auth/hash.ts';
import { digestsOf } from '../../auth/passwords.ts';
import { UsageFault } from '../../text/faults.ts';
import { requireUser } from './user.ts';

test('the digests of a password can be stored', () => {
  requireUser(ALICE);
});

test('a password in the place of a digest is refused', () => {
  assert.throws(() => requireUser({ ...ALICE, ha1s: { ...ALICE.ha1s, MD5: 'secret' } }), UsageFault);
  assert.throws(() => requireUser({ ...ALICE, ha1s: { ...ALICE.ha1s, 'SHA-256': 'A'.repeat(64) } }), UsageFault);
  assert.throws(() => requireUser({ ...ALICE, userhashes: { ...ALICE.userhashes, 'SHA-512-256': '' } }), UsageFault);
});

test('a realm in upper case and an empty name are refused', () => {
  assert.throws(() => requireUser({ ...ALICE, realm: 'Example.com' }), UsageFault);
  assert.throws(() => requireUser({ ...ALICE, realm: '' }), UsageFault);
  assert.throws(() => requireUser({ ...ALICE, username: '' }), UsageFault);
});

const hash: Hash = (algorithm, data) =>
  createHash(algorithm === 'SHA-512-256' ? 'sha512-256' : algorithm)
    .update(data)
    .digest('hex');

const ALICE = digestsOf('alice', 'example.com', 'secret', hash);
