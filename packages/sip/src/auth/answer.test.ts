import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type AuthValue, paramOf, parseAuthValue, printAuthValue } from '../text/auth-value.ts';
import { type Answer, answer, authorize, type DigestClient } from './answer.ts';
import type { DigestRequest } from './digest.ts';
import type { Hash } from './hash.ts';
import { digestsOf } from './passwords.ts';
import { type Account, type DigestSession, withNextNonce } from './session.ts';

const hash: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const parsed = (text: string): AuthValue => {
  const value = parseAuthValue(text);
  if ('fault' in value) throw value.fault;
  return value;
};
const request: DigestRequest = { method: 'REGISTER', uri: 'sip:biloxi.com', body: new Uint8Array(0) };
const account: Account = { username: 'bob', password: 'zanzibar' };
const client: DigestClient = {
  accountFor: () => account,
  algorithms: ['MD5', 'SHA-256', 'SHA-512-256'],
  choose: 'topmost',
  qop: 'auth',
  hash,
};
const ask = (
  texts: readonly string[],
  changes: Partial<DigestClient> = {},
  sent: readonly DigestSession[] = [],
): Answer => answer(texts.map(parsed), request, { ...client, ...changes }, { cnonce: 'c1', sent });
const retried = (result: Answer): Answer & { type: 'retry' } => {
  assert.ok(result.type === 'retry', JSON.stringify(result));
  return result;
};
const reasons = (result: Answer): readonly string[] => result.refused.map(({ realm, reason }) => `${realm} ${reason}`);
const shown = (result: Answer, name: string): readonly (string | undefined)[] =>
  retried(result).credentials.map((value) => paramOf(value, name));

test('a challenge is answered with the parameters of RFC 7616 §3.4, quoted as it says', () => {
  const result = ask(['Digest realm="biloxi.com", nonce="n", qop="auth,auth-int", opaque="o", algorithm=MD5']);
  const response = md5(`${md5('bob:biloxi.com:zanzibar')}:n:00000001:c1:auth:${md5('REGISTER:sip:biloxi.com')}`);
  assert.deepEqual(retried(result).credentials.map(printAuthValue), [
    `Digest username="bob", realm="biloxi.com", nonce="n", uri="sip:biloxi.com", response="${response}", algorithm=MD5, opaque="o", qop=auth, cnonce="c1", nc=00000001`,
  ]);
});

test('a challenge without qop is answered as RFC 2069 wants it, without cnonce and nc (RFC 2617 §3.2.2)', () => {
  const result = ask(['Digest realm="biloxi.com", nonce="n"']);
  const response = md5(`${md5('bob:biloxi.com:zanzibar')}:n:${md5('REGISTER:sip:biloxi.com')}`);
  assert.deepEqual(retried(result).credentials.map(printAuthValue), [
    `Digest username="bob", realm="biloxi.com", nonce="n", uri="sip:biloxi.com", response="${response}"`,
  ]);
});

test('opaque and algorithm go back as they came, empty or in small letters (RFC 7616 §3.4)', () => {
  const result = ask(['Digest realm="r", nonce="n", qop="auth", opaque="", algorithm=sha-256']);
  assert.deepEqual(shown(result, 'opaque'), ['']);
  assert.deepEqual(shown(result, 'algorithm'), ['sha-256']);
});

const three = ['SHA-256', 'MD5', 'SHA-512-256'].map(
  (name) => `Digest realm="r", nonce="n", qop="auth", algorithm=${name}`,
);

test('of several challenges of a realm the topmost that is supported is answered (RFC 8760 §2.4)', () => {
  assert.deepEqual(shown(ask(three), 'algorithm'), ['SHA-256']);
  assert.deepEqual(shown(ask(three, { algorithms: ['SHA-512-256', 'MD5'] }), 'algorithm'), ['MD5']);
});

test('a local policy may take the strongest instead (RFC 8760 §2.4)', () => {
  assert.deepEqual(shown(ask(three, { choose: 'strongest' }), 'algorithm'), ['SHA-512-256']);
  const known: Account = { username: 'bob', ha1s: { MD5: md5('bob:r:zanzibar') } };
  assert.deepEqual(shown(ask(three, { choose: 'strongest', accountFor: () => known }), 'algorithm'), ['MD5']);
});

test('a challenge that is not understood is passed over (RFC 8760 §2.4)', () => {
  const strange = ['Basic realm="r"', 'Digest realm="r", nonce="n", algorithm=SHA-3', 'Digest nonce="n"'];
  assert.deepEqual(shown(ask([...strange, ...three]), 'algorithm'), ['SHA-256']);
  const result = ask(strange);
  assert.equal(result.type, 'giveUp');
  assert.deepEqual(reasons(result), [' malformed', 'r unsupported']);
});

test('a client that leaves MD5 out does not answer it (RFC 8760 §3)', () => {
  const result = ask(['Digest realm="r", nonce="n", qop="auth"'], { algorithms: ['SHA-256'] });
  assert.equal(result.type, 'giveUp');
  assert.deepEqual(reasons(result), ['r unsupported']);
});

test('Basic is never answered (RFC 3261 §22, RFC 8760 §2.6)', () => {
  assert.equal(ask(['Basic realm="r"']).type, 'giveUp');
});

test('qop is the preferred one where it is offered, else one that is (RFC 7616 §3.4)', () => {
  const offer = (qop: string): string => `Digest realm="r", nonce="n", qop="${qop}"`;
  assert.deepEqual(shown(ask([offer('auth,auth-int')], { qop: 'auth-int' }), 'qop'), ['auth-int']);
  assert.deepEqual(shown(ask([offer('auth-int')]), 'qop'), ['auth-int']);
  assert.deepEqual(shown(ask([offer('auth')], { qop: 'auth-int' }), 'qop'), ['auth']);
});

test('auth-int covers the body (RFC 7616 §3.4.3)', () => {
  const offer = [parsed('Digest realm="r", nonce="n", qop="auth-int"')];
  const responses = ['a', 'b'].map((text) => {
    const body = new TextEncoder().encode(text);
    return shown(answer(offer, { ...request, body }, client, { cnonce: 'c1', sent: [] }), 'response')[0];
  });
  assert.notEqual(responses[0], responses[1]);
});

test('every realm is answered with its own account, and a realm without one is named (RFC 3261 §22.3)', () => {
  const accounts = new Map<string, Account>([
    ['a', { username: 'alice', password: 'x' }],
    ['b', { username: 'bob', password: 'y' }],
  ]);
  const result = ask(
    ['a', 'b', 'c'].map((realm) => `Digest realm="${realm}", nonce="n${realm}", qop="auth"`),
    { accountFor: (realm) => accounts.get(realm) },
  );
  assert.deepEqual(shown(result, 'realm'), ['a', 'b']);
  assert.deepEqual(shown(result, 'username'), ['alice', 'bob']);
  assert.deepEqual(reasons(result), ['c noAccount']);
});

test('two proxies of one realm are answered both, each with its nonce (RFC 3261 §22.3)', () => {
  const offers = ['n1', 'n2', 'n1'].map((nonce) => `Digest realm="r", nonce="${nonce}", qop="auth"`);
  assert.deepEqual(shown(ask(offers), 'nonce'), ['n1', 'n2']);
});

test('of one response thirty-two challenges are answered and no more', () => {
  const offers = Array.from({ length: 40 }, (_, i) => `Digest realm="r${i}", nonce="n", qop="auth"`);
  assert.deepEqual(
    shown(ask(offers), 'realm'),
    Array.from({ length: 32 }, (_, i) => `r${i}`),
  );
});

test('credentials of a realm that did not challenge again are made anew with the next nonce count (RFC 3261 §22.3)', () => {
  const first = retried(ask(['Digest realm="a", nonce="na", qop="auth"']));
  const second = ask(['Digest realm="b", nonce="nb", qop="auth"'], {}, first.sessions);
  assert.deepEqual(shown(second, 'realm'), ['a', 'b']);
  assert.deepEqual(shown(second, 'nc'), ['00000002', '00000001']);
});

test('credentials that were just rejected are not sent again (RFC 3261 §22.1)', () => {
  const first = retried(ask(['Digest realm="r", nonce="n1", qop="auth"']));
  const second = ask(['Digest realm="r", nonce="n2", qop="auth"'], {}, first.sessions);
  assert.equal(second.type, 'giveUp');
  assert.deepEqual(reasons(second), ['r rejected']);
});

test('a stale nonce is answered again with the new one and a count from one (RFC 7616 §3.3)', () => {
  const first = retried(ask(['Digest realm="r", nonce="n1", qop="auth"']));
  const second = ask(['Digest realm="r", nonce="n2", qop="auth", stale=TRUE'], {}, first.sessions);
  assert.deepEqual(shown(second, 'nonce'), ['n2']);
  assert.deepEqual(shown(second, 'nc'), ['00000001']);
});

test('a server that calls every nonce stale is answered three times in a row and then no more', () => {
  let sent: readonly DigestSession[] = [];
  const outcomes: string[] = [];
  for (let i = 1; i <= 5; i += 1) {
    const result = ask([`Digest realm="r", nonce="n${i}", qop="auth", stale=true`], {}, sent);
    outcomes.push(result.type);
    if (result.type === 'retry') sent = result.sessions;
  }
  assert.deepEqual(outcomes, ['retry', 'retry', 'retry', 'giveUp', 'giveUp']);
});

test('the very nonce that was refused is not answered again, stale or not', () => {
  const first = retried(ask(['Digest realm="r", nonce="n1", qop="auth"']));
  assert.equal(ask(['Digest realm="r", nonce="n1", qop="auth", stale=true'], {}, first.sessions).type, 'giveUp');
});

test('a nonce that had been used before is answered anew even if the server forgot to say stale', () => {
  const first = retried(ask(['Digest realm="r", nonce="n1", qop="auth"']));
  const later = authorize(first.sessions, request, client, 'c2');
  const again = ask(['Digest realm="r", nonce="n2", qop="auth"'], {}, later.sessions);
  assert.deepEqual(shown(again, 'nonce'), ['n2']);
  assert.equal(ask(['Digest realm="r", nonce="n3", qop="auth"'], {}, retried(again).sessions).type, 'giveUp');
});

test('each request counts the nonce one up and takes a new cnonce (RFC 7616 §3.4)', () => {
  let sessions = retried(ask(['Digest realm="r", nonce="n1", qop="auth"'])).sessions;
  const seen: string[] = [];
  for (let i = 2; i <= 17; i += 1) {
    const next = authorize(sessions, request, client, `c${i}`);
    sessions = next.sessions;
    for (const value of next.credentials) seen.push(`${paramOf(value, 'nc')} ${paramOf(value, 'cnonce')}`);
  }
  assert.equal(seen.length, 16);
  assert.equal(seen[0], '00000002 c2');
  assert.equal(seen[15], '00000011 c17');
});

test('nextnonce begins a new count and leaves the rest of the session (RFC 7616 §3.5)', () => {
  const first = retried(ask(['Digest realm="r", nonce="n1", qop="auth", opaque="o"']));
  const moved = first.sessions.map((session) => withNextNonce(session, 'n9'));
  const [value] = authorize(moved, request, client, 'c2').credentials;
  assert.ok(value);
  assert.deepEqual(
    ['nonce', 'nc', 'opaque', 'realm'].map((name) => paramOf(value, name)),
    ['n9', '00000001', 'o', 'r'],
  );
});

test('a session without an account is left out of later requests', () => {
  const { sessions } = retried(ask(['Digest realm="r", nonce="n1", qop="auth"']));
  const nobody = { ...client, accountFor: () => undefined };
  assert.deepEqual(authorize(sessions, request, nobody, 'c2'), { credentials: [], sessions: [] });
});

test('a session algorithm keeps its cnonce as long as its nonce, so that A1 stays (RFC 7616 §3.4.2)', () => {
  const change = { algorithms: ['MD5-sess'] } as const;
  const first = retried(ask(['Digest realm="r", nonce="n1", qop="auth", algorithm=MD5-sess'], change));
  const later = authorize(first.sessions, request, client, 'c2');
  const [value] = later.credentials;
  assert.ok(value);
  const a1 = md5(`${md5('bob:r:zanzibar')}:n1:c1`);
  assert.equal(paramOf(value, 'cnonce'), 'c1');
  assert.equal(paramOf(value, 'response'), md5(`${a1}:n1:00000002:c1:auth:${md5('REGISTER:sip:biloxi.com')}`));
  const moved = later.sessions.map((session) => withNextNonce(session, 'n2'));
  assert.equal(paramOf(authorize(moved, request, client, 'c3').credentials[0] ?? value, 'cnonce'), 'c3');
});

test('the name goes hashed where userhash is offered, and says so (RFC 7616 §3.4.4)', () => {
  const result = ask(['Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, userhash=true']);
  assert.deepEqual(shown(result, 'username'), [createHash('sha256').update('bob:r').digest('hex')]);
  assert.deepEqual(shown(result, 'userhash'), ['true']);
  const plain = ask(['Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, userhash=false']);
  assert.deepEqual(shown(plain, 'username'), ['bob']);
  assert.deepEqual(shown(plain, 'userhash'), [undefined]);
});

test('the example of RFC 7616 §3.9.2 is answered with both forms of the name (erratum 4897)', () => {
  const jason: Account = { username: 'Jäsøn Doe', password: 'Secret, or not?' };
  const get: DigestRequest = { method: 'GET', uri: '/doe.json', body: new Uint8Array(0) };
  const offer = (userhash: string): AuthValue =>
    parsed(
      `Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=${userhash}`,
    );
  const cnonce = 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v';
  const answers = ['true', 'false'].map((userhash) =>
    answer([offer(userhash)], get, { ...client, accountFor: () => jason }, { cnonce, sent: [] }),
  );
  const [hashed, extended] = answers;
  assert.ok(hashed && extended);
  for (const result of answers)
    assert.deepEqual(shown(result, 'response'), ['3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5']);
  assert.deepEqual(shown(hashed, 'username'), ['793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b']);
  assert.deepEqual(shown(extended, 'username*'), ["UTF-8''J%C3%A4s%C3%B8n%20Doe"]);
  assert.deepEqual(shown(extended, 'username'), [undefined]);
});

test('a name beyond ASCII goes in a quoted string to servers that show nothing of RFC 7616 (RFC 3261 §25.1)', () => {
  const jason: Account = { username: 'Jäsøn', password: 'x' };
  const change = { accountFor: () => jason };
  const old = ask(['Digest realm="r", nonce="n", qop="auth", algorithm=MD5'], change);
  assert.deepEqual(shown(old, 'username'), ['Jäsøn']);
  const modern = ask(['Digest realm="r", nonce="n", qop="auth", algorithm=MD5, charset=utf-8'], change);
  assert.deepEqual(shown(modern, 'username*'), ["UTF-8''J%C3%A4s%C3%B8n"]);
});

test('a name with a line break can only go as username*, whatever the server shows (RFC 7616 §3.4)', () => {
  const odd = ask(['Digest realm="r", nonce="n", qop="auth"'], {
    accountFor: () => ({ username: 'a\r\nb', password: 'x' }),
  });
  assert.deepEqual(shown(odd, 'username*'), ["UTF-8''a%0D%0Ab"]);
  assert.doesNotThrow(() => retried(odd).credentials.map(printAuthValue));
});

test('name and password are brought to form C before they are hashed (RFC 7616 §4)', () => {
  const offer = ['Digest realm="r", nonce="n", qop="auth", charset=UTF-8'];
  const spelled = (username: string, password: string): readonly (string | undefined)[] =>
    shown(ask(offer, { accountFor: () => ({ username, password }) }), 'response');
  assert.deepEqual(spelled('Ja\u0308n', 'cafe\u0301'), spelled('J\u00e4n', 'caf\u00e9'));
});

test('stored digests serve as well as the password (RFC 7616 §3.4.2)', () => {
  const { ha1s } = digestsOf('bob', 'r', 'zanzibar', hash);
  for (const text of three)
    assert.deepEqual(
      shown(ask([text], { accountFor: () => ({ username: 'bob', ha1s }) }), 'response'),
      shown(ask([text]), 'response'),
    );
});

test('a session holds no secret', () => {
  const { sessions } = retried(ask(three));
  const text = JSON.stringify(sessions);
  assert.equal(
    text.includes('zanzibar') || text.includes(digestsOf('bob', 'r', 'zanzibar', hash).ha1s['SHA-256']),
    false,
  );
});
