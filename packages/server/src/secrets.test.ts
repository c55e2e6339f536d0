import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { loadSecrets, madeDomain, nonceSecretOf } from './secrets.ts';

function settingsOf(values: Record<string, string> = {}) {
  const map = new Map(Object.entries(values));
  return { map, get: (name: string) => map.get(name), put: (name: string, value: string) => void map.set(name, value) };
}

function counting(): { uint32(): number } {
  let next = 0x1234_5678;
  return { uint32: () => next++ };
}

test('secrets are made once and found again after a restart', async () => {
  const settings = settingsOf();
  assert.equal(madeDomain(settings), undefined);
  const first = await loadSecrets(settings, counting());
  assert.equal(first.domain, 'strowger-1234.internal');
  assert.equal(first.nonce.length, 32);
  assert.deepEqual(await loadSecrets(settings, { uint32: () => 0 }), first);
  assert.equal(madeDomain(settings), first.domain);
});

test('a key that was damaged is made anew and never used', async () => {
  const settings = settingsOf({ domain: 'strowger-1.internal', 'secret.nonce': '', 'secret.token': 'zz' });
  const { domain, nonce, token } = await loadSecrets(settings, counting());
  assert.equal(domain, 'strowger-1.internal');
  assert.ok(nonce.some((byte) => byte !== 0) && token.every((word) => word !== 0));
  assert.match(settings.map.get('secret.token') ?? '', /^[0-9a-f]{32}$/);
});

test('servers that are given one secret sign nonces alike, whatever they have made for themselves', () => {
  const hash = (_: string, data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
  const [one, other] = [{ nonce: new Uint8Array(32).fill(1) }, { nonce: new Uint8Array(32).fill(2) }];
  const shared = 'a secret that both were given in their files';
  assert.deepEqual(nonceSecretOf(shared, one, hash), nonceSecretOf(shared, other, hash));
  assert.deepEqual([...nonceSecretOf(shared, one, hash)], [...createHash('sha256').update(shared).digest()]);
  assert.equal(nonceSecretOf('', one, hash), one.nonce);
});
