import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash } from './hash.ts';

const hash = createHash();

test('MD5 gives the digests of its specification (RFC 1321 §A.5)', () => {
  assert.equal(hash('MD5', ''), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(hash('MD5', 'message digest'), 'f96b697d7cb7938d525a2f31aaf161d0');
});

test('SHA-256 gives the digest of its example (FIPS 180-4, "abc")', () => {
  assert.equal(hash('SHA-256', 'abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('SHA-512-256 is SHA-512/256, not a shortened SHA-512 (FIPS 180-4 §6.7, "abc")', () => {
  assert.equal(hash('SHA-512-256', 'abc'), '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23');
});

test('text is hashed as its UTF-8 bytes, and bytes as they are', () => {
  const bytes = Uint8Array.of(0x4a, 0xc3, 0xa4, 0x73, 0xc3, 0xb8, 0x6e);
  assert.equal(hash('SHA-256', 'Jäsøn'), hash('SHA-256', bytes));
});
