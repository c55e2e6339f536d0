import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  type Account,
  algorithmsByStrength,
  answer,
  type DigestAlgorithm,
  digestsOf,
  type Hash,
  hashOf,
} from '@strowger/sip/auth';
import type { EngineEvent, Flow } from '@strowger/sip/engine';
import type { Decision } from '@strowger/sip/routing';
import { parseAuthValue, printAuthValue } from '@strowger/sip/text';
import { messageText, requestOf } from '@strowger/testkit/messages';
import { type AuthContext, Authenticator, type AuthenticatorPorts, type Proof } from './authenticator.ts';

const START = 1_790_000_000_000;
const node: Hash = (algorithm, data) => createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
const ALICE = digestsOf('alice', 'example.test', 'right', node);

/** An authenticator that knows alice, and what it did. */
function createBench(changes: Partial<AuthenticatorPorts> = {}) {
  const work = { hashes: 0, lookUps: 0 };
  const events: EngineEvent[] = [];
  let random = 0;
  const authenticator = new Authenticator({
    users: {
      find: (username, realm) => {
        work.lookUps += 1;
        return username === ALICE.username && realm === ALICE.realm ? ALICE : undefined;
      },
      findByUserhash: (algorithm, userhash) => {
        work.lookUps += 1;
        return userhash === ALICE.userhashes[algorithm] ? ALICE : undefined;
      },
    },
    hash: (algorithm, data) => {
      work.hashes += 1;
      return node(algorithm, data);
    },
    isOurs: () => true,
    algorithms: ['MD5'],
    random: { uint32: () => (random += 1) },
    secret: new Uint8Array(32).fill(7),
    since: START,
    retransmissions: 'absorbed',
    login: LOGIN,
    events: () => ({ wanted: ALL_WANTED, emit: (event) => events.push(event) }),
    ...changes,
  });
  return { authenticator, work, events };
}

const contextOf = (credentials: string | undefined, at: number, host: string): AuthContext => ({
  request: requestOf(
    messageText([
      'REGISTER sip:example.test SIP/2.0',
      'Call-ID: c',
      'CSeq: 1 REGISTER',
      ...(credentials === undefined ? [] : [`Authorization: ${credentials}`]),
    ]),
  ),
  flow: { local: { protocol: 'udp', host: '10.0.0.1', port: 5060 }, host, port: 5060, connection: 0 },
  now: at,
  unix: START + at,
});

function check(authenticator: Authenticator, credentials: string | undefined, at = 0, host = '192.0.2.7') {
  const outcome = authenticator.check(contextOf(credentials, at, host), 'example.test', 'server');
  assert.ok(!(outcome instanceof Promise));
  return outcome;
}

/** `401 stale` … */
function nameOf(outcome: Proof | Decision): string {
  if (outcome.type !== 'reply') return outcome.type;
  const isStale = outcome.headers.some(({ value }) => value.includes('stale=true'));
  return `${outcome.status}${isStale ? ' stale' : ''}`;
}

const challengesIn = (outcome: Proof | Decision): string[] =>
  outcome.type === 'reply' ? outcome.headers.map(({ value }) => value) : [];

/** What a client with this account answers to these challenges. */
function answerTo(challenges: readonly string[], account: Account, algorithms = algorithmsByStrength): string {
  const client = { accountFor: () => account, algorithms, choose: 'topmost', qop: 'auth', hash: node } as const;
  const read = challenges.map((text) => {
    const value = parseAuthValue(text);
    assert.ok(!('fault' in value));
    return value;
  });
  const target = { method: 'REGISTER', uri: 'sip:example.test', body: new Uint8Array() };
  const result = answer(read, target, client, { cnonce: 'c0', sent: [] });
  assert.ok(result.type === 'retry' && result.credentials[0] !== undefined);
  return printAuthValue(result.credentials[0]);
}

/** A challenge and the answer to it, by a client at `host`. */
function login(authenticator: Authenticator, account: Account, at = 0, host = '192.0.2.7'): Proof | Decision {
  return check(authenticator, answerTo(challengesIn(check(authenticator, undefined, at, host)), account), at, host);
}

const RIGHT = { username: 'alice', password: 'right' };
const WRONG = { username: 'alice', password: 'wrong' };
const NOBODY = { username: 'nobody', password: 'wrong' };

test('an unknown user and a wrong password get the same bytes for the same work, with every algorithm', () => {
  for (const algorithm of algorithmsByStrength) {
    const seen = [WRONG, NOBODY].map((account) => {
      const { authenticator, work } = createBench({ algorithms: [algorithm], login: { ...LOGIN, attempts: 100 } });
      const given = answerTo(challengesIn(check(authenticator, undefined)), account);
      Object.assign(work, { hashes: 0, lookUps: 0 });
      return { outcome: check(authenticator, given), work: { ...work } };
    });
    assert.deepEqual(seen[0], seen[1]);
    assert.equal(nameOf(seen[0]?.outcome ?? { type: 'pass' }), '401');
    assert.ok((seen[0]?.work.hashes ?? 0) >= 2);
  }
});

test('the lock-out of an unknown user is that of a known one, answer by answer', () => {
  const [known, unknown] = [WRONG, NOBODY].map((account) => {
    const { authenticator } = createBench();
    return Array.from({ length: 12 }, (_, i) => login(authenticator, account, i * 30_000));
  });
  assert.deepEqual(known, unknown);
  assert.ok(known?.some((outcome) => nameOf(outcome) === '403'));
});

test('a challenge and a look at a nonce that is no good cost neither a hash nor a look into the store', () => {
  const { authenticator, work } = createBench();
  const given = answerTo(challengesIn(check(authenticator, undefined)), RIGHT);
  Object.assign(work, { hashes: 0, lookUps: 0 });
  assert.equal(nameOf(check(authenticator, undefined)), '401');
  assert.equal(nameOf(check(authenticator, given, 3_900_001)), '401 stale');
  assert.equal(nameOf(check(authenticator, given.replace(/nonce="./, 'nonce="f'))), '401 stale');
  assert.deepEqual(work, { hashes: 0, lookUps: 0 });
});

test('after three wrong passwords the credentials are not looked at: 403 that says how long', () => {
  const { authenticator, work, events } = createBench();
  for (let i = 0; i < 3; i += 1) assert.equal(nameOf(login(authenticator, WRONG)), '401');
  const given = answerTo(challengesIn(check(authenticator, undefined)), RIGHT);
  Object.assign(work, { hashes: 0, lookUps: 0 });
  const refused = check(authenticator, given, 1_000);
  assert.equal(nameOf(refused), '403');
  assert.deepEqual(refused.type === 'reply' && refused.headers.map(({ name, value }) => `${name}: ${value}`), [
    'Retry-After: 59',
  ]);
  assert.deepEqual([work.hashes, work.lookUps], [0, 0]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['login.failed', 'login.failed', 'login.failed', 'login.locked', 'login.refused'],
  );
  assert.equal(nameOf(login(authenticator, RIGHT, 60_000)), 'proved');
});

test('who is refused only because others have locked his account has not guessed', () => {
  const guesses: string[] = [];
  const { authenticator, events } = createBench({ onGuess: (_account, flow) => guesses.push(flow.host) });
  const isLocked = (): boolean => events.some((event) => event.type === 'login.locked' && event.scope === 'account');
  for (let i = 1; i < 250 && !isLocked(); i += 1) login(authenticator, WRONG, 0, `198.51.100.${i}`);
  assert.ok(isLocked());
  assert.equal(nameOf(login(authenticator, RIGHT, 0, '192.0.2.7')), '403');
  assert.ok(guesses.length > 3 && !guesses.includes('192.0.2.7'));
});

test('no event tells a password, a digest or a nonce', () => {
  const { authenticator, events } = createBench();
  for (let i = 0; i < 4; i += 1) login(authenticator, WRONG);
  const text = JSON.stringify(events);
  assert.ok(text.includes('alice@example.test'));
  assert.doesNotMatch(text, /wrong|right|[0-9a-f]{16}/);
});

test('neither requests without credentials nor stale nonces nor replays count as wrong passwords', () => {
  const { authenticator, events } = createBench();
  const given = answerTo(challengesIn(check(authenticator, undefined)), RIGHT);
  assert.equal(nameOf(check(authenticator, given)), 'proved');
  for (let i = 0; i < 50; i += 1) {
    check(authenticator, undefined);
    assert.equal(nameOf(check(authenticator, given)), '401 stale');
    assert.equal(nameOf(check(authenticator, given, 4_000_000)), '401 stale');
  }
  assert.deepEqual(events, []);
  assert.equal(nameOf(login(authenticator, RIGHT)), 'proved');
});

test('an old nonce tells nobody whether a guess was right', () => {
  const { authenticator } = createBench();
  const asked = challengesIn(check(authenticator, undefined));
  const late = 3_900_001;
  assert.equal(nameOf(check(authenticator, answerTo(asked, RIGHT), late)), '401 stale');
  assert.equal(nameOf(check(authenticator, answerTo(asked, WRONG), late)), '401 stale');
});

test('whoever sends wrong passwords in the name of another address locks his own', () => {
  const { authenticator } = createBench();
  for (let i = 0; i < 5; i += 1) {
    const asked = challengesIn(check(authenticator, undefined, 0, '203.0.113.66'));
    check(authenticator, answerTo(asked, WRONG), 0, '192.0.2.7');
  }
  assert.equal(nameOf(login(authenticator, RIGHT, 0, '192.0.2.7')), 'proved');
  assert.equal(nameOf(login(authenticator, RIGHT, 0, '203.0.113.66')), '403');
});

test('a guess is held against its source where the challenge went there, and on connections; locked or not', () => {
  const guesses: string[] = [];
  const onGuess = (account: string, { host }: Flow): void => void guesses.push(`${account} ${host}`);
  const { authenticator } = createBench({ onGuess });
  const asked = challengesIn(check(authenticator, undefined, 0, '203.0.113.66'));
  check(authenticator, answerTo(asked, WRONG), 0, '192.0.2.7');
  check(authenticator, answerTo(asked, RIGHT), 0, '203.0.113.66');
  assert.deepEqual(guesses, []);
  const { flow, ...rest } = contextOf(answerTo(asked, WRONG), 0, '192.0.2.7');
  const byTcp = { ...rest, flow: { ...flow, local: { ...flow.local, protocol: 'tcp' } } } as const;
  authenticator.check(byTcp, 'example.test', 'server');
  const names = Array.from({ length: 4 }, () => nameOf(login(authenticator, WRONG, 0, '203.0.113.66')));
  assert.equal(names.at(-1), '403');
  assert.deepEqual(guesses, ['alice@example.test 192.0.2.7', ...names.map(() => 'alice@example.test 203.0.113.66')]);
});

test('a phone that gets another address between challenge and answer is not asked again', () => {
  const { authenticator } = createBench();
  const asked = challengesIn(check(authenticator, undefined, 0, '192.0.2.7'));
  assert.equal(nameOf(check(authenticator, answerTo(asked, RIGHT), 0, '198.51.100.9')), 'proved');
});

test('a server that shares the secret takes the answer to another server’s challenge, one that does not asks anew', () => {
  const [one, other, stranger] = [{}, {}, { secret: new Uint8Array(32).fill(8) }].map(
    (changes) => createBench(changes).authenticator,
  );
  assert.ok(one && other && stranger);
  const given = answerTo(challengesIn(check(one, undefined)), RIGHT);
  assert.equal(nameOf(check(other, given, 1_000)), 'proved');
  assert.equal(nameOf(check(stranger, given, 1_000)), '401 stale');
});

test('every algorithm stands in a challenge of its own and any one is taken (RFC 8760 §2.3, §2.4)', () => {
  const { authenticator } = createBench({ algorithms: algorithmsByStrength });
  const asked = challengesIn(check(authenticator, undefined));
  assert.deepEqual(
    asked.map((text) => /algorithm=([^,]+)/.exec(text)?.[1]),
    algorithmsByStrength,
  );
  for (const algorithm of algorithmsByStrength) {
    const fresh = challengesIn(check(authenticator, undefined));
    assert.equal(nameOf(check(authenticator, answerTo(fresh, RIGHT, [algorithm]))), 'proved', algorithm);
  }
});

test('a name that is sent as a hash is counted apart from the name, alike for users and for nobody (RFC 7616 §3.4.4)', () => {
  const guesses = [WRONG, NOBODY].map((account) => {
    const { authenticator } = createBench({ algorithms: algorithmsByStrength });
    const userhashes = digestsOf(account.username, 'example.test', '', node).userhashes;
    const tryAs = (name: string, more: string, algorithm: DigestAlgorithm): string => {
      const given = answerTo(challengesIn(check(authenticator, undefined)), account, [algorithm]);
      return nameOf(check(authenticator, `${given.replace(/username="\w+"/, `username="${name}"`)}${more}`));
    };
    const plain = Array.from({ length: 4 }, () => tryAs(account.username, '', 'MD5'));
    const hidden = algorithmsByStrength.map((algorithm) =>
      Array.from({ length: 4 }, () => tryAs(userhashes[hashOf(algorithm)], ', userhash=true', algorithm)),
    );
    return { plain, hidden };
  });
  assert.deepEqual(guesses[0], guesses[1]);
  assert.deepEqual(guesses[0]?.plain, ['401', '401', '401', '403']);
  // One count for each way to hash the name, and the session forms of an algorithm hash it as the algorithm does.
  const refused = guesses[0]?.hidden.flat().filter((answer) => answer === '403').length;
  assert.equal(refused, 15);
});

test('a user who hides his name behind its hash is found by it, with every algorithm (RFC 7616 §3.4.4)', () => {
  const hidden = (algorithm: DigestAlgorithm): string => {
    const { authenticator } = createBench({ algorithms: algorithmsByStrength });
    const asked = challengesIn(check(authenticator, undefined));
    const given = answerTo(asked, RIGHT, [algorithm]);
    const userhash = ALICE.userhashes[hashOf(algorithm)];
    return nameOf(
      check(authenticator, `${given.replace('username="alice"', `username="${userhash}"`)}, userhash=true`),
    );
  };
  for (const algorithm of algorithmsByStrength) assert.equal(hidden(algorithm), 'proved', algorithm);
});

const LOGIN = { attempts: 3, windowMs: 600_000, lockoutMs: 60_000 };

const ALL_WANTED = { 'login.failed': true, 'login.locked': true, 'login.refused': true };
