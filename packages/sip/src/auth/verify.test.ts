import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AuthValue, paramOf, parseAuthValue, printAuthValue } from '../text/auth-value.ts';
import { algorithmsByStrength, type DigestAlgorithm } from './algorithm.ts';
import { answer, authorize, type DigestClient } from './answer.ts';
import { challenges } from './challenge.ts';
import { type DigestCredentials, readCredentials } from './credentials.ts';
import type { DigestRequest, Qop } from './digest.ts';
import type { Hash } from './hash.ts';
import { createNonceCounts } from './nonce-counts.ts';
import { createNonces } from './nonces.ts';
import { digestsOf } from './passwords.ts';
import type { DigestSession } from './session.ts';
import { type DigestPolicy, type DigestVerdict, isChallengeable, type KnownUser, verify } from './verify.ts';

let calls = 0;
const hash: Hash = (algorithm, data) => {
  calls += 1;
  return createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
};
const noBody = new Uint8Array(0);
const start = 1_700_000_000_000;
const secret = new TextEncoder().encode('a secret of more than sixteen bytes');
const request: DigestRequest = { method: 'INVITE', uri: 'sip:carol@biloxi.com', body: noBody };
const bob = digestsOf('bob', 'biloxi.com', 'zanzibar', hash);

/** A server with everything switched on and a table of its own. */
const policyWith = (changes: Partial<DigestPolicy> & { readonly capacity?: number } = {}): DigestPolicy => {
  const { capacity = 100, ...rest } = changes;
  const realm = rest.realm ?? 'biloxi.com';
  return {
    realm,
    algorithms: algorithmsByStrength,
    qop: ['auth', 'auth-int'],
    withoutQop: 'accept',
    uri: 'same',
    nonces: createNonces({ secret, realm, lifetimeSeconds: 300, skewSeconds: 0, hash }),
    counts: createNonceCounts({ capacity, lifetimeSeconds: 300, since: start }),
    hash,
    ...rest,
  };
};
const clientOf = (username: string, password: string, algorithm: DigestAlgorithm, qop: Qop): DigestClient => ({
  accountFor: () => ({ username, password }),
  algorithms: [algorithm],
  choose: 'topmost',
  qop,
  hash,
});
const bobsPhone = clientOf('bob', 'zanzibar', 'SHA-256', 'auth');

let random = 0;
/** A challenge of the server, answered by a client, as it goes over the wire. */
function answered(
  policy: DigestPolicy,
  client: DigestClient = bobsPhone,
  asked: DigestRequest = request,
  now = start,
): { readonly value: AuthValue; readonly sessions: readonly DigestSession[] } {
  random += 1;
  const nonce = policy.nonces.issue(now, random);
  const { realm, algorithms, qop } = policy;
  const offer = challenges({ realm, algorithms, qop, nonce, stale: false, userhash: false, charset: 'UTF-8' });
  const result = answer(offer.map(wired), asked, client, { cnonce: 'c0', sent: [] });
  assert.ok(result.type === 'retry');
  const [value] = result.credentials;
  assert.ok(value);
  return { value: wired(value), sessions: result.sessions };
}
const wired = (value: AuthValue): AuthValue => {
  const read = parseAuthValue(printAuthValue(value));
  if ('fault' in read) throw read.fault;
  return read;
};
const credentialsIn = (value: AuthValue): DigestCredentials => {
  const read = readCredentials(value);
  assert.ok(read.type === 'digest', JSON.stringify(read));
  return read;
};
const judge = (
  policy: DigestPolicy,
  value: AuthValue,
  rest: { readonly user?: KnownUser | undefined; readonly request?: DigestRequest; readonly now?: number } = {},
): DigestVerdict => {
  const user = 'user' in rest ? rest.user : bob;
  return verify(policy, {
    credentials: credentialsIn(value),
    request: rest.request ?? request,
    user,
    now: rest.now ?? start,
  });
};
/** The value with one parameter replaced. */
const edited = (value: AuthValue, name: string, text: string): AuthValue => ({
  ...value,
  params: value.params.map((param) => (param.name === name ? { ...param, value: text } : param)),
});
/** The value without some parameters. */
const stripped = (value: AuthValue, ...names: readonly string[]): AuthValue => ({
  ...value,
  params: value.params.filter((param) => !names.includes(param.name)),
});

const wrong = { type: 'wrong', reason: 'credentials' };

test('true credentials are accepted with every algorithm and both kinds of protection (RFC 7616 §3.6)', () => {
  const body = new TextEncoder().encode('v=0');
  for (const algorithm of algorithmsByStrength)
    for (const qop of ['auth', 'auth-int'] as const) {
      const policy = policyWith();
      const asked = { ...request, body };
      const { value } = answered(policy, clientOf('bob', 'zanzibar', algorithm, qop), asked);
      assert.equal(paramOf(value, 'algorithm'), algorithm);
      assert.deepEqual(judge(policy, value, { request: asked }), { type: 'ok', username: 'bob', qop, uri: 'same' });
    }
});

test('a wrong password, another method, another uri and another body are wrong (RFC 7616 §3.4.3)', () => {
  const policy = policyWith();
  const guess = answered(policy, clientOf('bob', 'Zanzibar', 'SHA-256', 'auth')).value;
  assert.deepEqual(judge(policy, guess), wrong);
  const { value } = answered(policy);
  assert.deepEqual(judge(policy, value, { request: { ...request, method: 'BYE' } }), wrong);
  assert.deepEqual(judge(policy, edited(value, 'uri', 'sip:dave@biloxi.com')), wrong);
  const covered = answered(policy, clientOf('bob', 'zanzibar', 'SHA-256', 'auth-int')).value;
  assert.deepEqual(judge(policy, covered, { request: { ...request, body: new Uint8Array([1]) } }), wrong);
  assert.equal(judge(policy, value).type, 'ok', 'none of it used the nonce up');
  assert.equal(judge(policy, covered).type, 'ok');
});

test('an unknown user gets the verdict of a wrong password for the same number of hash calls', () => {
  const policy = policyWith();
  const { value } = answered(policy);
  calls = 0;
  assert.deepEqual(judge(policy, edited(value, 'response', 'f'.repeat(64))), wrong);
  const work = calls;
  for (const user of [undefined, { username: 'bob', ha1s: {} }, { username: 'bob', ha1s: { MD5: bob.ha1s.MD5 } }]) {
    calls = 0;
    assert.deepEqual(judge(policy, value, { user }), wrong);
    assert.equal(calls, work);
  }
});

test('nobody knows the digest that stands in for an unknown user', () => {
  const policy = policyWith();
  const zeros = { ...bobsPhone, accountFor: () => ({ username: 'eve', ha1s: { 'SHA-256': '0'.repeat(64) } }) };
  const { value } = answered(policy, zeros);
  assert.deepEqual(judge(policy, value, { user: undefined }), wrong);
  assert.deepEqual(judge(policy, value, { user: { username: 'eve', ha1s: { MD5: bob.ha1s.MD5 } } }), wrong);
});

test('a check takes two hash calls whether the nonce is new or known, one more for a session form and for auth-int', () => {
  const count = (algorithm: DigestAlgorithm, qop: Qop): readonly number[] => {
    const policy = policyWith();
    const client = clientOf('bob', 'zanzibar', algorithm, qop);
    const first = answered(policy, client);
    const second = authorize(first.sessions, request, client, 'c1').credentials[0];
    assert.ok(second);
    return [first.value, second].map((value) => {
      calls = 0;
      assert.equal(judge(policy, value).type, 'ok');
      return calls;
    });
  };
  assert.deepEqual(count('MD5', 'auth'), [2, 2]);
  assert.deepEqual(count('MD5-sess', 'auth'), [3, 3]);
  assert.deepEqual(count('SHA-256', 'auth-int'), [3, 3]);
});

test('the same credentials a second time are stale, not wrong, and the next count is accepted (RFC 7616 §3.4, §5.5)', () => {
  const policy = policyWith();
  const { value, sessions } = answered(policy);
  assert.equal(judge(policy, value).type, 'ok');
  assert.deepEqual(judge(policy, value), { type: 'stale', reason: 'replayed' });
  const next = authorize(sessions, request, bobsPhone, 'c1').credentials[0];
  assert.ok(next);
  assert.equal(paramOf(next, 'nc'), '00000002');
  assert.equal(judge(policy, next).type, 'ok');
});

test('a nonce that is no good is stale whatever the response, for no call of the hash (RFC 7616 §3.3)', () => {
  const policy = policyWith();
  const { value } = answered(policy);
  const late = start + 300_001;
  const guess = edited(value, 'response', 'f'.repeat(64));
  calls = 0;
  for (const given of [value, guess])
    for (const user of [bob, undefined])
      assert.deepEqual(judge(policy, given, { now: late, user }), { type: 'stale', reason: 'expired' });
  const forged = edited(guess, 'nonce', 'f'.repeat(44));
  for (const user of [bob, undefined])
    assert.deepEqual(judge(policy, forged, { user }), { type: 'stale', reason: 'forged' });
  assert.equal(calls, 0, 'old and forged nonces tell nobody whether a guess was right');
});

test('a known nonce expires as any other', () => {
  const policy = policyWith();
  const { value, sessions } = answered(policy);
  assert.equal(judge(policy, value).type, 'ok');
  const next = authorize(sessions, request, bobsPhone, 'c1').credentials[0];
  assert.ok(next);
  assert.deepEqual(judge(policy, next, { now: start + 300_001 }), { type: 'stale', reason: 'expired' });
});

test('a nonce that is not ours is stale, so that a phone gets over a new secret without its user (RFC 7616 §3.3)', () => {
  const policy = policyWith();
  const other = createNonces({
    secret: secret.slice(1),
    realm: 'biloxi.com',
    lifetimeSeconds: 300,
    skewSeconds: 0,
    hash,
  });
  const { value } = answered({ ...policy, nonces: other });
  assert.deepEqual(judge(policy, value), { type: 'stale', reason: 'forged' });
  const foreign = answered({ ...policy, nonces: { ...other, issue: () => 'made up' } }).value;
  assert.deepEqual(judge(policy, foreign), { type: 'stale', reason: 'forged' });
});

test('a nonce that left the full table is stale, never fresh', () => {
  const policy = policyWith({ capacity: 1 });
  const first = answered(policy).value;
  assert.equal(judge(policy, first).type, 'ok');
  assert.equal(judge(policy, answered(policy, bobsPhone, request, start + 1).value, { now: start + 1 }).type, 'ok');
  assert.deepEqual(judge(policy, first, { now: start + 1 }), { type: 'stale', reason: 'forgotten' });
});

test('credentials from before a restart are stale although the secret is the same', () => {
  const before = policyWith();
  const { value } = answered(before);
  assert.equal(judge(before, value).type, 'ok');
  const after = policyWith({ counts: createNonceCounts({ capacity: 9, lifetimeSeconds: 300, since: start + 1 }) });
  assert.deepEqual(judge(after, value, { now: start + 1 }), { type: 'stale', reason: 'forgotten' });
});

test('credentials without qop are good for the lifetime of their nonce, or not at all (RFC 3261 §22.4 item 8)', () => {
  const policy = policyWith();
  const offer = wired({
    scheme: 'Digest',
    params: challenges({ ...policy, nonce: policy.nonces.issue(start, 1), stale: false, userhash: false })
      .slice(-2, -1)
      .flatMap((value) => stripped(value, 'qop').params),
  });
  const result = answer([offer], request, clientOf('bob', 'zanzibar', 'MD5', 'auth'), { cnonce: 'c', sent: [] });
  assert.ok(result.type === 'retry');
  const [value] = result.credentials;
  assert.ok(value);
  assert.equal(paramOf(value, 'qop'), undefined);
  const ok = { type: 'ok', username: 'bob', qop: undefined, uri: 'same' };
  assert.deepEqual(judge(policy, value), ok);
  assert.deepEqual(judge(policy, value, { now: start + 300_000 }), ok, 'phones repeat them with a higher CSeq');
  assert.deepEqual(judge(policy, value, { now: start + 300_001 }), { type: 'stale', reason: 'expired' });
  assert.deepEqual(judge({ ...policy, withoutQop: 'refuse' }, value), { type: 'wrong', reason: 'qop' });
});

test('taking the qop away from credentials makes them wrong', () => {
  const policy = policyWith();
  assert.deepEqual(judge(policy, stripped(answered(policy).value, 'qop', 'nc', 'cnonce')), wrong);
});

test('another realm, an algorithm and a qop that were not offered are refused before any hash (RFC 3261 §22.3, RFC 7616 §3.4)', () => {
  const policy = policyWith();
  const { value } = answered(policy);
  const cases = [
    ['realm', policyWith({ realm: 'chicago.com' })],
    ['algorithm', policyWith({ algorithms: ['MD5', 'SHA-256-sess'] })],
    ['qop', policyWith({ qop: ['auth-int'] })],
  ] as const;
  calls = 0;
  for (const [reason, demanding] of cases) assert.deepEqual(judge(demanding, value), { type: 'wrong', reason });
  assert.equal(calls, 0);
});

test('the uri of true credentials may be as far from the Request-URI as the policy says (RFC 3261 §22.4 item 6)', () => {
  const verdict = (changes: Partial<DigestPolicy>, uri: string): DigestVerdict => {
    const policy = policyWith(changes);
    return judge(policy, answered(policy).value, { request: { ...request, uri } });
  };
  const refused = { type: 'wrong', reason: 'uri' };
  const retargeted = 'sip:carol@192.0.2.7:5062';
  assert.deepEqual(verdict({ uri: 'same' }, 'sip:carol@biloxi.com:5060'), refused);
  assert.deepEqual(verdict({ uri: 'similar' }, 'sip:carol@biloxi.com:5060'), {
    type: 'ok',
    username: 'bob',
    qop: 'auth',
    uri: 'similar',
  });
  assert.deepEqual(verdict({ uri: 'similar' }, retargeted), refused);
  assert.equal(verdict({ uri: 'sameUser' }, retargeted).type, 'ok');
  assert.deepEqual(verdict({ uri: 'sameUser' }, 'sip:+19005551234@gw.example'), refused);
  assert.equal(verdict({ uri: 'different' }, 'sip:+19005551234@gw.example').type, 'ok');
});

test('a uri of somebody for whom the server takes requests is accepted however far it is (RFC 8760 §2.6 item 6)', () => {
  const asked: string[] = [];
  const policy = policyWith({
    acceptsUri: (uri) => {
      asked.push(uri);
      return uri.endsWith('@biloxi.com');
    },
  });
  assert.equal(
    judge(policy, answered(policy).value, { request: { ...request, uri: 'sip:dave@192.0.2.7' } }).type,
    'ok',
  );
  assert.deepEqual(asked, ['sip:carol@biloxi.com']);
});

test('a uri that is refused does not use the nonce count', () => {
  const policy = policyWith();
  const { value } = answered(policy);
  assert.equal(judge(policy, value, { request: { ...request, uri: 'sip:dave@biloxi.com' } }).type, 'wrong');
  assert.equal(judge(policy, value).type, 'ok');
});

test('ACK and CANCEL are never challenged, everything else may be (RFC 3261 §22.1)', () => {
  for (const method of ['INVITE', 'REGISTER', 'BYE', 'PRACK', 'OPTIONS', 'X'])
    assert.equal(isChallengeable(method), true);
  for (const method of ['ACK', 'CANCEL']) assert.equal(isChallengeable(method), false);
});

test('a hashed name leads to the user whose digests are kept (RFC 7616 §3.4.4)', () => {
  const policy = policyWith();
  const nonce = policy.nonces.issue(start, 5);
  const offer = challenges({ ...policy, algorithms: ['SHA-512-256'], nonce, stale: false, userhash: true });
  const phone = clientOf('bob', 'zanzibar', 'SHA-512-256', 'auth');
  const result = answer(offer.map(wired), request, phone, { cnonce: 'c', sent: [] });
  assert.ok(result.type === 'retry' && result.credentials[0]);
  const { user } = credentialsIn(wired(result.credentials[0]));
  assert.deepEqual(user, { type: 'hash', userhash: bob.userhashes['SHA-512-256'] });
  assert.equal(judge(policy, wired(result.credentials[0])).type, 'ok');
});

const lineText = fc.string({ unit: 'grapheme', maxLength: 16 }).filter((text) => !/[\r\n]/.test(text));
const nameText = lineText.filter((text) => !text.includes(':'));
const anyCase = fc.record({
  username: nameText,
  password: fc.string({ unit: 'grapheme', maxLength: 16 }),
  realm: lineText,
  user: lineText.map(encodeURIComponent),
  method: fc.constantFrom('REGISTER', 'INVITE', 'MESSAGE'),
  body: fc.uint8Array({ maxLength: 20 }),
  algorithm: fc.constantFrom(...algorithmsByStrength),
  qop: fc.constantFrom<Qop>('auth', 'auth-int'),
});

test('what a client answers its server accepts, for any name, password, realm, uri and body (property)', () => {
  fc.assert(
    fc.property(anyCase, ({ username, password, realm, user, method, body, algorithm, qop }) => {
      const policy = policyWith({ realm });
      const asked = { method, uri: `sip:${user}@b.example`, body };
      const { value, sessions } = answered(policy, clientOf(username, password, algorithm, qop), asked);
      const known = digestsOf(username, realm, password, hash);
      assert.deepEqual(credentialsIn(value).user, { type: 'name', name: known.username });
      const verdict = judge(policy, value, { user: known, request: asked });
      assert.deepEqual(verdict, { type: 'ok', username: known.username, qop, uri: 'same' });
      const next = authorize(sessions, asked, clientOf(username, password, algorithm, qop), 'c1').credentials[0];
      assert.ok(next);
      assert.equal(judge(policy, wired(next), { user: known, request: asked }).type, 'ok');
    }),
  );
});

test('credentials with one character changed are never accepted (property)', () => {
  const places = fc.constantFrom('response', 'nonce', 'cnonce', 'nc', 'uri', 'realm', 'qop', 'algorithm');
  const settings = fc.record({
    algorithm: fc.constantFrom(...algorithmsByStrength),
    place: places,
    at: fc.nat(),
    to: fc.nat(),
  });
  fc.assert(
    fc.property(settings, ({ algorithm, place, at, to }) => {
      const policy = policyWith({ uri: 'different' });
      const { value } = answered(policy, clientOf('bob', 'zanzibar', algorithm, 'auth'));
      const text = paramOf(value, place) ?? '';
      const index = at % text.length;
      const characters = '0123456789abcdefABCDEFxyz-"\\ é';
      const character = characters.charAt(to % characters.length);
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      const isSameAlgorithm = place === 'algorithm' && changed.toLowerCase() === text.toLowerCase();
      fc.pre(changed !== text && !isSameAlgorithm);
      const read = readCredentials(wired(edited(value, place, changed)));
      if (read.type !== 'digest') return;
      assert.notEqual(verify(policy, { credentials: read, request, user: bob, now: start }).type, 'ok');
    }),
    { numRuns: 500 },
  );
});
