import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthValue, parseAuthValue } from '../text/auth-value.ts';
import { credentialsFor, type ReadCredentials, readCredentials } from './credentials.ts';

const parsed = (text: string): AuthValue => {
  const value = parseAuthValue(text);
  if ('fault' in value) throw value.fault;
  return value;
};
const readText = (text: string): ReadCredentials => readCredentials(parsed(text));

/** RFC 3261 §22.2, its response taken from there. */
const bob: readonly (readonly [string, string])[] = [
  ['username', '"bob"'],
  ['realm', '"biloxi.com"'],
  ['nonce', '"dcd98b7102dd2f0e8b11d0f600bfb0c093"'],
  ['uri', '"sip:bob@biloxi.com"'],
  ['qop', 'auth'],
  ['nc', '00000001'],
  ['cnonce', '"0a4f113b"'],
  ['response', '"6629fae49393a05397450978507c4ef1"'],
  ['opaque', '"5ccc069c403ebaf9f0171e9517f40e41"'],
];
/** The credentials with some parameters set and, for '', left out. */
const bobWith = (changes: { readonly [name: string]: string } = {}): ReadCredentials => {
  const params = new Map([...bob, ...Object.entries(changes)]);
  return readText(
    `Digest ${[...params].flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`])).join(', ')}`,
  );
};
const reasonOf = (read: ReadCredentials): string => ('reason' in read ? `${read.type}: ${read.reason}` : read.type);

test('the credentials of RFC 3261 §22.2 are read', () => {
  assert.deepEqual(bobWith(), {
    type: 'digest',
    user: { type: 'name', name: 'bob' },
    realm: 'biloxi.com',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    uri: 'sip:bob@biloxi.com',
    response: '6629fae49393a05397450978507c4ef1',
    algorithm: 'MD5',
    protection: { qop: 'auth', nc: '00000001', cnonce: '0a4f113b' },
    opaque: '5ccc069c403ebaf9f0171e9517f40e41',
  });
});

test('parameters in the wrong kind of quotation are read all the same (RFC 7616 §3.4)', () => {
  assert.equal(bobWith({ qop: '"auth"', nc: '"00000001"', algorithm: '"MD5"' }).type, 'digest');
});

test('a required parameter that is missing makes credentials malformed (RFC 7616 §3.4)', () => {
  for (const name of ['username', 'realm', 'nonce', 'uri', 'response'])
    assert.equal(reasonOf(bobWith({ [name]: '' })), `malformed: missing ${name}`);
  assert.equal(reasonOf(bobWith({ cnonce: '' })), 'malformed: missing cnonce');
  assert.equal(reasonOf(bobWith({ uri: '""' })), 'malformed: missing uri');
  assert.equal(reasonOf(bobWith({ cnonce: '""' })), 'malformed: missing cnonce');
});

test('the nonce count has eight hexadecimal digits and begins at one (RFC 7616 §3.4, §3.5)', () => {
  const reason = 'malformed: nc is not eight hexadecimal digits from 00000001 up';
  for (const nc of ['', '1', '0000001', '000000001', '0000000g', '00000000'])
    assert.equal(reasonOf(bobWith({ nc })), reason, nc);
  assert.equal(bobWith({ nc: '0000abCD' }).type, 'digest');
});

test('the response has the digits of its algorithm (RFC 7616 §3.2, RFC 8760 §2.7)', () => {
  const reason = 'malformed: response is no digest of its algorithm';
  assert.equal(
    reasonOf(bobWith({ response: '"7587245234b3434cc3412213e5f113a5432"' })),
    reason,
    'RFC 3261 erratum 1682',
  );
  assert.equal(reasonOf(bobWith({ algorithm: 'SHA-256' })), reason);
  assert.equal(bobWith({ algorithm: 'SHA-256', response: `"${'a'.repeat(64)}"` }).type, 'digest');
});

test('a qop that is none of ours is malformed, an absent one makes nc and cnonce mean nothing (RFC 2617 §3.2.2)', () => {
  assert.equal(reasonOf(bobWith({ qop: '"auth,auth-int"' })), 'malformed: qop is neither auth nor auth-int');
  const old = bobWith({ qop: '' });
  assert.equal(old.type === 'digest' && old.protection, undefined);
});

test('a session algorithm needs qop (RFC 3261 §22.4 item 8)', () => {
  assert.equal(bobWith({ algorithm: 'MD5-sess' }).type, 'digest');
  assert.equal(reasonOf(bobWith({ algorithm: 'MD5-sess', qop: '' })), 'malformed: a session algorithm without qop');
});

test('Basic and every other scheme is unsupported (RFC 3261 §22, RFC 8760 §2.6)', () => {
  assert.equal(reasonOf(readText('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')), 'unsupported: scheme');
  assert.equal(reasonOf(readText('Bearer realm="biloxi.com"')), 'unsupported: scheme');
});

test('an algorithm that is not known is unsupported, not malformed (RFC 7616 §3.3)', () => {
  assert.equal(reasonOf(bobWith({ algorithm: 'AKAv1-MD5' })), 'unsupported: algorithm');
});

test('a name before any challenge has an empty response and counts as no credentials (RFC 8760 §2.7)', () => {
  assert.deepEqual(readText('Digest username="bob", realm="biloxi.com", nonce="", uri="sip:biloxi.com", response=""'), {
    type: 'empty',
    user: { type: 'name', name: 'bob' },
    realm: 'biloxi.com',
  });
  assert.equal(bobWith({ nonce: '""' }).type, 'empty', 'an answer to nothing');
  assert.equal(bobWith({ response: '""' }).type, 'empty');
});

const userOf = (read: ReadCredentials): unknown => ('user' in read ? read.user : reasonOf(read));

test('the user is named by username, by username* or by a hash (RFC 7616 §3.4, §3.4.4)', () => {
  const extended = { username: '', 'username*': "UTF-8''J%C3%A4s%C3%B8n%20Doe" };
  assert.deepEqual(userOf(bobWith(extended)), { type: 'name', name: 'Jäsøn Doe' });
  assert.deepEqual(userOf(bobWith({ ...extended, userhash: 'false' })), { type: 'name', name: 'Jäsøn Doe' });
  assert.deepEqual(userOf(bobWith({ username: '"ABCdef"', userhash: 'TRUE' })), { type: 'hash', userhash: 'abcdef' });
  assert.deepEqual(userOf(bobWith({ username: '"Ja\u0308n"' })), { type: 'name', name: 'J\u00e4n' });
  assert.deepEqual(userOf(bobWith({ username: '""' })), { type: 'name', name: '' });
});

test('username and username* together are an error, as is username* with userhash (RFC 7616 §3.4)', () => {
  assert.equal(reasonOf(bobWith({ 'username*': "UTF-8''bob" })), 'malformed: both username and username*');
  assert.equal(
    reasonOf(bobWith({ username: '', 'username*': "UTF-8''bob", userhash: 'true' })),
    'malformed: username* with userhash',
  );
  assert.equal(
    reasonOf(bobWith({ username: '', 'username*': "iso-8859-1''bob" })),
    'malformed: username* is not UTF-8',
  );
});

test('credentials of other realms are left alone (RFC 3261 §22.3)', () => {
  const values = ['a', 'b', 'A', 'a'].map((realm, i) => parsed(`Digest realm="${realm}", nonce="${i}"`));
  assert.deepEqual(credentialsFor('a', values), [values[0], values[3]]);
  assert.deepEqual(credentialsFor('c', [...values, parsed('Basic abc')]), []);
});
