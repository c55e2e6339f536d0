import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthValue, paramOf, parseAuthValue, printAuthValue } from '../text/auth-value.ts';
import { UsageFault } from '../text/faults.ts';
import { type ChallengeOffer, challenges, type ReadChallenge, readChallenge } from './challenge.ts';

const parsed = (text: string): AuthValue => {
  const value = parseAuthValue(text);
  if ('fault' in value) throw value.fault;
  return value;
};
const readText = (text: string): ReadChallenge => readChallenge(parsed(text));
const offer: ChallengeOffer = {
  realm: 'biloxi.com',
  algorithms: ['SHA-512-256', 'SHA-256', 'MD5'],
  qop: ['auth', 'auth-int'],
  nonce: 'n0',
  stale: false,
  userhash: false,
};

test('one challenge is made for each algorithm, in the order of preference (RFC 7616 §3.7, RFC 8760 §2.3)', () => {
  assert.deepEqual(challenges(offer).map(printAuthValue), [
    'Digest realm="biloxi.com", nonce="n0", algorithm=SHA-512-256, qop="auth,auth-int"',
    'Digest realm="biloxi.com", nonce="n0", algorithm=SHA-256, qop="auth,auth-int"',
    'Digest realm="biloxi.com", nonce="n0", algorithm=MD5, qop="auth,auth-int"',
  ]);
});

test('opaque, stale, charset and userhash stand in a challenge where they are wanted (RFC 7616 §3.3, §3.4.4, §4)', () => {
  const all: ChallengeOffer = {
    ...offer,
    algorithms: ['SHA-256-sess'],
    qop: ['auth'],
    opaque: 'o"p',
    stale: true,
    userhash: true,
    charset: 'UTF-8',
  };
  assert.deepEqual(challenges(all).map(printAuthValue), [
    String.raw`Digest realm="biloxi.com", nonce="n0", opaque="o\"p", algorithm=SHA-256-sess, qop="auth", stale=true, charset=UTF-8, userhash=true`,
  ]);
});

test('a challenge without qop, without algorithm or with an algorithm twice is a bug of the caller (RFC 8760 §2.3, §2.6)', () => {
  assert.throws(() => challenges({ ...offer, qop: [] }), UsageFault);
  assert.throws(() => challenges({ ...offer, algorithms: [] }), UsageFault);
  assert.throws(() => challenges({ ...offer, algorithms: ['MD5', 'SHA-256', 'MD5'] }), UsageFault);
});

test('what a server offers is what a client reads', () => {
  const [value] = challenges({ ...offer, opaque: '', stale: true, userhash: true, charset: 'UTF-8' });
  assert.ok(value);
  assert.deepEqual(readText(printAuthValue(value)), {
    type: 'digest',
    realm: 'biloxi.com',
    nonce: 'n0',
    opaque: '',
    algorithm: 'SHA-512-256',
    algorithmText: 'SHA-512-256',
    qop: ['auth', 'auth-int'],
    stale: true,
    userhash: true,
    utf8: true,
  });
});

test('a challenge of RFC 2069 has neither qop nor algorithm and means MD5 (RFC 7616 §3.3)', () => {
  const challenge = readText('Digest realm="a", nonce="b"');
  assert.ok(challenge.type === 'digest');
  assert.equal(challenge.qop, undefined);
  assert.equal(challenge.algorithm, 'MD5');
  assert.equal(challenge.algorithmText, undefined);
  assert.equal(challenge.opaque, undefined);
  assert.equal(challenge.stale, false);
});

test('options of qop that are not recognized are passed over (RFC 7616 §3.3)', () => {
  const qops = (text: string): unknown => {
    const challenge = readText(`Digest realm="a", nonce="b", qop="${text}"`);
    return challenge.type === 'digest' ? challenge.qop : challenge;
  };
  assert.deepEqual(qops('auth-conf, AUTH-INT ,x,auth'), ['auth-int', 'auth']);
  assert.deepEqual(qops('auth-conf'), { type: 'unsupported', reason: 'qop' });
  assert.equal(qops(''), undefined);
});

test('stale is true in any case of letters, and anything else is false (RFC 7616 §3.3)', () => {
  for (const [text, expected] of [
    ['TRUE', true],
    ['"true"', true],
    ['FALSE', false],
    ['yes', false],
  ] as const) {
    const challenge = readText(`Digest realm="a", nonce="b", stale=${text}`);
    assert.equal(challenge.type === 'digest' && challenge.stale, expected, text);
  }
});

test('a challenge that is not understood is named as such (RFC 8760 §2.4)', () => {
  assert.deepEqual(readText('Basic realm="a"'), { type: 'unsupported', reason: 'scheme' });
  assert.deepEqual(readText('Digest realm="a", nonce="b", algorithm=SHA-3'), {
    type: 'unsupported',
    reason: 'algorithm',
  });
  assert.deepEqual(readText('Digest realm="a", nonce="b", algorithm=MD5-sess'), {
    type: 'unsupported',
    reason: 'qop',
  });
  assert.deepEqual(readText('Digest nonce="b"'), { type: 'malformed', reason: 'missing realm' });
  assert.deepEqual(readText('Digest realm="a"'), { type: 'malformed', reason: 'missing nonce' });
});

test('the house never challenges with Basic (RFC 3261 §22, RFC 8760 §2.6)', () => {
  for (const value of challenges(offer)) {
    assert.equal(value.scheme, 'Digest');
    assert.notEqual(paramOf(value, 'qop'), undefined, 'RFC 8760 §2.6: always a qop');
  }
});
