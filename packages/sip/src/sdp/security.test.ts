import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMedia, createSdp, type Media, type Sdp } from './sdp.ts';
import { candidatesOf, cryptosOf, fingerprintsOf, parseFingerprint, printFingerprint, setupOf } from './security.ts';

test('a=setup of a media section comes before that of the session (RFC 4145 §4)', () => {
  assert.equal(setupOf(session(['setup', 'passive']), audio(['setup', 'active'])), 'active');
  assert.equal(setupOf(session(['setup', 'holdconn']), audio()), 'holdconn');
  assert.equal(setupOf(session(), audio(['setup', 'actpass'])), 'actpass');
  assert.equal(setupOf(session(), audio()), undefined);
  assert.equal(setupOf(session(), audio(['setup', 'Active'])), undefined);
});

test('all fingerprints of a level are read (RFC 8122 §5)', () => {
  const media = audio(['fingerprint', 'sha-256 12:DF'], ['fingerprint', 'broken'], ['fingerprint', 'SHA-1 4A:AD']);
  assert.deepEqual(fingerprintsOf(session(['fingerprint', 'sha-512 00']), media), [
    { hash: 'sha-256', value: '12:DF' },
    { hash: 'sha-1', value: '4A:AD' },
  ]);
  assert.deepEqual(fingerprintsOf(session(['fingerprint', 'sha-512 00']), audio()), [{ hash: 'sha-512', value: '00' }]);
});

test('lenient: the bytes of a fingerprint may be in lower case (RFC 8122 §5)', () => {
  const fingerprint = parseFingerprint('sha-256 ab:cd:0e');
  assert.deepEqual(fingerprint, { hash: 'sha-256', value: 'AB:CD:0E' });
  assert.equal(fingerprint === undefined ? '' : printFingerprint(fingerprint), 'sha-256 AB:CD:0E');
});

test('a fingerprint of another form is not read (RFC 8122 §5)', () => {
  for (const value of ['', 'sha-256', 'sha-256 A', 'sha-256 ABCD', 'sha-256 AB:', 'sha-256 AG', 'sha-256 AB AB'])
    assert.equal(parseFingerprint(value), undefined, value);
});

test('a=crypto and a=candidate are kept as they stand (RFC 4568 §4, RFC 8839 §5.1)', () => {
  const crypto = '1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32';
  const candidate = '1 1 UDP 2130706431 10.0.1.1 8998 typ host';
  const media = audio(['crypto', crypto], ['candidate', candidate], ['candidate', 'x']);
  assert.deepEqual(cryptosOf(media), [crypto]);
  assert.deepEqual(candidatesOf(media), [candidate, 'x']);
});

type Pair = readonly [name: string, value: string];

const attributesFrom = (pairs: readonly Pair[]) => pairs.map(([name, value]) => ({ name, value }));

const audio = (...pairs: readonly Pair[]): Media =>
  createMedia({ kind: 'audio', port: 1, proto: 'RTP/AVP', formats: ['0'], attributes: attributesFrom(pairs) });

const session = (...pairs: readonly Pair[]): Sdp =>
  createSdp({
    origin: { username: '-', sessionId: '1', sessionVersion: '1', nettype: 'IN', addrtype: 'IP4', address: 'h' },
    attributes: attributesFrom(pairs),
  });
