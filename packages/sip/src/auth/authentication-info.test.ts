import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  type AuthParam,
  type AuthValue,
  parseAuthParams,
  parseAuthValue,
  printAuthParams,
} from '../text/auth-value.ts';
import { authenticationInfo, checkAuthenticationInfo, type InfoVerdict } from './authentication-info.ts';
import { type DigestCredentials, readCredentials } from './credentials.ts';
import { ha1Of } from './digest.ts';
import type { Hash } from './hash.ts';

const hash: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const ha1 = ha1Of('MD5', 'bob', 'r', 'zanzibar', hash);
const account = { username: 'bob', password: 'zanzibar' };
const body = new TextEncoder().encode('v=0');
const response = '0'.repeat(32);

const sentWith = (rest: string): AuthValue => {
  const value = parseAuthValue(
    `Digest username="bob", realm="r", nonce="n", uri="sip:a@b", response="${response}"${rest}`,
  );
  if ('fault' in value) throw value.fault;
  return value;
};
const credentialsIn = (value: AuthValue): DigestCredentials => {
  const read = readCredentials(value);
  assert.ok(read.type === 'digest');
  return read;
};
const auth = sentWith(', qop=auth, nc=00000007, cnonce="c"');
const authInt = sentWith(', qop=auth-int, nc=00000007, cnonce="c"');
const old = sentWith('');
const paramsIn = (text: string): readonly AuthParam[] => {
  const read = parseAuthParams(text);
  if ('fault' in read) throw read.fault;
  return read.params;
};
const check = (text: string, sent: AuthValue, bytes = body): InfoVerdict =>
  checkAuthenticationInfo(paramsIn(text), sent, account, bytes, hash);

test('the server proves itself over an empty method and the uri of the request (RFC 7616 §3.5)', () => {
  const rspauth = md5(`${ha1}:n:00000007:c:auth:${md5(':sip:a@b')}`);
  const params = authenticationInfo(credentialsIn(auth), ha1, { body, nextNonce: 'n2' }, hash);
  assert.equal(printAuthParams(params), `nextnonce="n2", qop=auth, rspauth="${rspauth}", cnonce="c", nc=00000007`);
});

test('with auth-int the proof covers the body of the response (RFC 7616 §3.5)', () => {
  const rspauth = md5(`${ha1}:n:00000007:c:auth-int:${md5(`:sip:a@b:${md5('v=0')}`)}`);
  const params = authenticationInfo(credentialsIn(authInt), ha1, { body }, hash);
  assert.equal(printAuthParams(params), `qop=auth-int, rspauth="${rspauth}", cnonce="c", nc=00000007`);
});

test('to a request without qop the proof is that of RFC 2069 (RFC 2617 §3.2.3)', () => {
  const params = authenticationInfo(credentialsIn(old), ha1, { body }, hash);
  assert.equal(printAuthParams(params), `rspauth="${md5(`${ha1}:n:${md5(':sip:a@b')}`)}"`);
});

test('a client finds the proof of its server genuine, and takes the next nonce (RFC 7616 §3.5)', () => {
  for (const sent of [auth, authInt, old, sentWith(', algorithm=MD5-sess, qop=auth, nc=00000001, cnonce="c"')]) {
    const text = printAuthParams(authenticationInfo(credentialsIn(sent), ha1, { body, nextNonce: 'n2' }, hash));
    assert.deepEqual(check(text, sent), { type: 'genuine', nextNonce: 'n2' });
  }
});

test('a proof that is wrong in any part is wrong, and its next nonce is not taken (RFC 7616 §3.5)', () => {
  const text = printAuthParams(authenticationInfo(credentialsIn(authInt), ha1, { body, nextNonce: 'n2' }, hash));
  const wrong: InfoVerdict = { type: 'wrong', nextNonce: undefined };
  assert.deepEqual(check(text, authInt, new TextEncoder().encode('v=1')), wrong, 'another body');
  assert.deepEqual(check(text.replace('cnonce="c"', 'cnonce="d"'), authInt), wrong, 'another cnonce');
  assert.deepEqual(check(text.replace('nc=00000007', 'nc=00000008'), authInt), wrong, 'another count');
  assert.deepEqual(check(text.replace('nc=00000007', 'nc=x'), authInt), wrong, 'no count');
  assert.deepEqual(check(text.replace('qop=auth-int', 'qop=auth'), authInt), wrong, 'another qop');
  assert.deepEqual(check('rspauth=""', authInt), wrong, 'an empty proof');
  const stranger = printAuthParams(authenticationInfo(credentialsIn(authInt), md5('guess'), { body }, hash));
  assert.deepEqual(check(stranger, authInt), wrong, 'another secret');
  const unheld = { username: 'bob', ha1s: {} };
  assert.deepEqual(
    checkAuthenticationInfo(paramsIn(text), authInt, unheld, body, hash),
    wrong,
    'no digest to check with',
  );
});

test('a proof without qop, cnonce and nc is checked with those of the request', () => {
  const full = authenticationInfo(credentialsIn(auth), ha1, { body }, hash);
  const text = printAuthParams(full.filter((param) => param.name === 'rspauth'));
  assert.equal(check(text, auth).type, 'genuine');
});

test('a server that only gives a next nonce has proved nothing (RFC 3261 §20.6)', () => {
  assert.deepEqual(check('nextnonce="47364c23432d2e131a5fb210812c"', auth), {
    type: 'unproven',
    nextNonce: '47364c23432d2e131a5fb210812c',
  });
});
