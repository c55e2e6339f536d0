import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { UsageFault } from '../text/faults.ts';
import type { Hash } from './hash.ts';
import { digestsOf } from './passwords.ts';

const hash: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');

test('a password becomes a digest and a user hash for each of the three hash functions (RFC 7616 §3.4.2, §3.4.4)', () => {
  const digests = digestsOf('bob', 'biloxi.com', 'zanzibar', hash);
  assert.deepEqual(digests, {
    username: 'bob',
    realm: 'biloxi.com',
    ha1s: {
      MD5: createHash('md5').update('bob:biloxi.com:zanzibar').digest('hex'),
      'SHA-256': createHash('sha256').update('bob:biloxi.com:zanzibar').digest('hex'),
      'SHA-512-256': createHash('sha512-256').update('bob:biloxi.com:zanzibar').digest('hex'),
    },
    userhashes: {
      MD5: createHash('md5').update('bob:biloxi.com').digest('hex'),
      'SHA-256': createHash('sha256').update('bob:biloxi.com').digest('hex'),
      'SHA-512-256': createHash('sha512-256').update('bob:biloxi.com').digest('hex'),
    },
  });
});

test('the digests hold the password nowhere (RFC 7616 §5.2)', () => {
  assert.equal(JSON.stringify(digestsOf('bob', 'biloxi.com', 'zanzibar', hash)).includes('zanzibar'), false);
});

test('two spellings of the same characters give the same digests, those of form C (RFC 7616 §4)', () => {
  const composed = digestsOf('J\u00e4s\u00f8n', 'r', 'caf\u00e9', hash);
  assert.deepEqual(digestsOf('Ja\u0308s\u00f8n', 'r', 'cafe\u0301', hash), composed);
  assert.equal(composed.username, 'J\u00e4s\u00f8n');
});

test('any other character may stand in names and passwords (RFC 7616 §4)', () => {
  for (const text of ['日本', 'a b', '"\\', 'ß', '\u{1f600}', 'a@b;c=d'])
    assert.equal(
      digestsOf(text, 'r', `:${text}:`, hash).ha1s.MD5,
      createHash('md5').update(`${text}:r::${text}:`, 'utf8').digest('hex'),
    );
});

test('a user name with a colon is refused (RFC 7616 §4)', () => {
  assert.throws(() => digestsOf('a:b', 'r', 'p', hash), UsageFault);
});
