import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type DigestAlgorithm, hashOf, isDigest, parseAlgorithm } from './algorithm.ts';
import { type DigestInput, ha1Of, type Protection, qopOf, responseOf, sameDigest, userhashOf } from './digest.ts';
import type { Hash, HashAlgorithm } from './hash.ts';

const hash: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
const noBody = new Uint8Array(0);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Vector {
  readonly source: string;
  readonly algorithm: HashAlgorithm;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly uri: string;
  readonly nonce: string;
  readonly cnonce: string;
  readonly ha1: string;
  readonly response: string;
}

const vectors: readonly Vector[] = [
  {
    source: 'RFC 2617 §3.5',
    algorithm: 'MD5',
    username: 'Mufasa',
    realm: 'testrealm@host.com',
    password: 'Circle Of Life',
    uri: '/dir/index.html',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    cnonce: '0a4f113b',
    ha1: '939e7578ed9e3c518a452acee763bce9',
    response: '6629fae49393a05397450978507c4ef1',
  },
  {
    source: 'RFC 7616 §3.9.1, MD5',
    algorithm: 'MD5',
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    ha1: '3d78807defe7de2157e2b0b6573a855f',
    response: '8ca523f5e9506fed4657c9700eebdbec',
  },
  {
    source: 'RFC 7616 §3.9.1, SHA-256',
    algorithm: 'SHA-256',
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    ha1: '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232',
    response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  },
  {
    source: 'RFC 7616 §3.9.2 as corrected by erratum 4897',
    algorithm: 'SHA-512-256',
    username: 'Jäsøn Doe',
    realm: 'api@example.org',
    password: 'Secret, or not?',
    uri: '/doe.json',
    nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
    cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
    ha1: '2d3d9f12c9f3d30011259dc5fecee005ae24de40e3e1f61806d03e65f1e6024f',
    response: '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
  },
];

const inputOf = (vector: Vector): DigestInput => ({
  algorithm: vector.algorithm,
  ha1: vector.ha1,
  nonce: vector.nonce,
  protection: { qop: 'auth', nc: '00000001', cnonce: vector.cnonce },
  method: 'GET',
  uri: vector.uri,
  body: noBody,
});

for (const vector of vectors)
  test(`the example of ${vector.source} is computed as printed`, () => {
    const { algorithm, username, realm, password } = vector;
    assert.equal(ha1Of(algorithm, username, realm, password, hash), vector.ha1);
    assert.equal(responseOf(inputOf(vector), hash), vector.response);
  });

test('the user hash of RFC 7616 §3.9.2 is the one of erratum 4897', () => {
  assert.equal(
    userhashOf('SHA-512-256', 'Jäsøn Doe', 'api@example.org', hash),
    '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
  );
});

test('the values that RFC 7616 §3.9.2 prints are those of SHA-512 cut to 256 bits, which is not SHA-512/256 (erratum 4897)', () => {
  const cut: Hash = (_, data) => createHash('sha512').update(data).digest('hex').slice(0, 64);
  const vector = vectors[3];
  assert.ok(vector);
  const ha1 = ha1Of('SHA-512-256', vector.username, vector.realm, vector.password, cut);
  assert.equal(
    responseOf({ ...inputOf(vector), ha1 }, cut),
    'ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd',
  );
  assert.equal(
    userhashOf('SHA-512-256', vector.username, vector.realm, cut),
    '488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec',
  );
});

/** Written down step by step from RFC 7616 §3.4.1 to §3.4.3 and RFC 2617 §3.2.2.1, without the code under test. */
function byHand(node: string, input: DigestInput, session: 'session' | 'plain'): string {
  const h = (...parts: readonly (string | Uint8Array)[]): string => {
    const digest = createHash(node);
    for (const part of parts) digest.update(part);
    return digest.digest('hex');
  };
  const { nonce, method, uri, protection } = input;
  if (protection === undefined) return h(input.ha1, ':', nonce, ':', h(method, ':', uri));
  const { qop, nc, cnonce } = protection;
  const a1 = session === 'session' ? h(input.ha1, ':', nonce, ':', cnonce) : input.ha1;
  const a2 = qop === 'auth-int' ? h(method, ':', uri, ':', h(input.body)) : h(method, ':', uri);
  return h(a1, ':', nonce, ':', nc, ':', cnonce, ':', qop, ':', a2);
}

const names: readonly (readonly [DigestAlgorithm, string])[] = [
  ['MD5', 'md5'],
  ['MD5-sess', 'md5'],
  ['SHA-256', 'sha256'],
  ['SHA-256-sess', 'sha256'],
  ['SHA-512-256', 'sha512-256'],
  ['SHA-512-256-sess', 'sha512-256'],
];

test('every algorithm with auth and auth-int gives what is computed by hand (RFC 7616 §3.4.1 to §3.4.3)', () => {
  for (const [algorithm, node] of names)
    for (const qop of ['auth', 'auth-int']) {
      const protection: Protection = { qop, nc: '0000002a', cnonce: 'c"n:o' };
      const ha1 = ha1Of(hashOf(algorithm), 'bob', 'biloxi.com', 'zanzibar', hash);
      const body = bytes('v=0\r\no=böb');
      const input = { algorithm, ha1, nonce: 'n', protection, method: 'INVITE', uri: 'sip:bob@biloxi.com', body };
      assert.equal(
        responseOf(input, hash),
        byHand(node, input, algorithm.endsWith('-sess') ? 'session' : 'plain'),
        `${algorithm} ${qop}`,
      );
    }
});

test('without qop the response is that of RFC 2069 (RFC 2617 §3.2.2.1)', () => {
  const ha1 = ha1Of('MD5', 'bob', 'biloxi.com', 'zanzibar', hash);
  const input: DigestInput = {
    algorithm: 'MD5',
    ha1,
    nonce: 'n',
    protection: undefined,
    method: 'REGISTER',
    uri: 'sip:biloxi.com',
    body: bytes('not digested'),
  };
  assert.equal(responseOf(input, hash), byHand('md5', input, 'plain'));
});

test('an empty body is digested as the hash of nothing (RFC 8760 §2.6 item 7)', () => {
  const asked: (string | Uint8Array)[] = [];
  const spy: Hash = (algorithm, data) => {
    asked.push(data);
    return hash(algorithm, data);
  };
  const protection = { qop: 'auth-int', nc: '00000001', cnonce: 'c' };
  const rest = { ha1: 'h', nonce: 'n', method: 'INVITE', uri: 'sip:a@b', body: noBody, protection };
  responseOf({ algorithm: 'SHA-256', ...rest }, spy);
  assert.equal(
    asked[1],
    'INVITE:sip:a@b:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'SHA-256 of nothing as RFC 8760 prints it',
  );
  asked.length = 0;
  responseOf({ algorithm: 'MD5', ...rest }, spy);
  assert.equal(
    asked[1],
    'INVITE:sip:a@b:d41d8cd98f00b204e9800998ecf8427e',
    'MD5 of nothing as RFC 3261 §22.4 prints it',
  );
});

test('a response takes two hash calls, one more for a session form and one more for auth-int', () => {
  const count = (algorithm: DigestAlgorithm, qop: string): number => {
    let calls = 0;
    const counting: Hash = (name, data) => {
      calls += 1;
      return hash(name, data);
    };
    const protection = { qop, nc: '00000001', cnonce: 'c' };
    responseOf({ algorithm, ha1: 'h', nonce: 'n', method: 'A', uri: 'u', body: noBody, protection }, counting);
    return calls;
  };
  assert.equal(count('MD5', 'auth'), 2);
  assert.equal(count('MD5-sess', 'auth'), 3);
  assert.equal(count('MD5', 'auth-int'), 3);
  assert.equal(count('SHA-256-sess', 'auth-int'), 4);
});

test('algorithms are recognized in any case of letters, and no algorithm means MD5 (RFC 7616 §3.3, RFC 8760 §2.7)', () => {
  for (const [algorithm] of names) {
    assert.equal(parseAlgorithm(algorithm), algorithm);
    assert.equal(parseAlgorithm(algorithm.toLowerCase()), algorithm);
  }
  assert.equal(parseAlgorithm(undefined), 'MD5');
  assert.equal(parseAlgorithm(''), undefined);
  assert.equal(parseAlgorithm('AKAv1-MD5'), undefined);
});

test('a digest has 32 lower-case hexadecimal digits for MD5 and 64 for the others (RFC 7616 §3.2, RFC 8760 §2.2)', () => {
  for (const [algorithm] of names) {
    const digest = hash(hashOf(algorithm), '');
    assert.equal(isDigest(digest, algorithm), true);
    assert.equal(isDigest(digest.toUpperCase(), algorithm), false);
    assert.equal(isDigest(digest.slice(1), algorithm), false);
    assert.equal(isDigest(`${digest.slice(1)}g`, algorithm), false);
  }
  assert.equal(isDigest(hash('MD5', ''), 'SHA-256'), false);
});

test('digests are the same only when every character is, wherever the difference stands', () => {
  const digest = hash('MD5', 'a');
  assert.equal(sameDigest(digest, `${digest}`), true);
  assert.equal(sameDigest('', ''), true);
  assert.equal(sameDigest(digest, digest.slice(0, 31)), false);
  for (let i = 0; i < digest.length; i += 1)
    assert.equal(sameDigest(digest, `${digest.slice(0, i)}x${digest.slice(i + 1)}`), false);
});

test('qop tokens are known in any case of letters, others are not (RFC 7616 §3.3)', () => {
  assert.equal(qopOf('AUTH'), 'auth');
  assert.equal(qopOf('Auth-Int'), 'auth-int');
  assert.equal(qopOf('auth-conf'), undefined);
});

test('a comparison looks at every character of both digests, also behind the first difference', () => {
  for (let at = 0; at < 32; at += 1) {
    const looked: [Set<number>, Set<number>] = [new Set(), new Set()];
    const watched = (text: string, seen: Set<number>): Pick<string, 'length' | 'charCodeAt'> => ({
      length: text.length,
      charCodeAt: (i) => {
        seen.add(i);
        return text.charCodeAt(i);
      },
    });
    const digest = 'a'.repeat(32);
    const other = `${digest.slice(0, at)}b${digest.slice(at + 1)}`;
    assert.equal(sameDigest(watched(digest, looked[0]), watched(other, looked[1])), false);
    assert.deepEqual([looked[0].size, looked[1].size], [32, 32], `a difference at ${at}`);
  }
});
