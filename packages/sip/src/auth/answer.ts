import { type AuthValue, paramOf } from '../text/auth-value.ts';
import { algorithmsByStrength, type DigestAlgorithm, hashOf } from './algorithm.ts';
import { type DigestChallenge, readChallenge } from './challenge.ts';
import type { DigestRequest, Qop } from './digest.ts';
import type { Hash } from './hash.ts';
import { type Account, credentialsOf, type DigestSession, openSession } from './session.ts';

/** Who a client is and what it agrees to. */
export interface DigestClient {
  /** The account for a realm; `undefined` where the user has none. A stranger's realm should get none. */
  readonly accountFor: (realm: string) => Account | undefined;
  /** What the client answers with; leave MD5 out to be safe from a downgrade (RFC 8760 §3). */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Among the challenges of one realm the first that the client can answer (RFC 8760 §2.4), or the strongest. */
  readonly choose: 'topmost' | 'strongest';
  /** Preferred where a challenge offers both; `auth-int` breaks where something on the way edits bodies. */
  readonly qop: Qop;
  readonly hash: Hash;
}

/** What is new in one attempt. */
export interface AnswerAttempt {
  /** Fresh and unguessable: printable ASCII, best hexadecimal or base64. */
  readonly cnonce: string;
  /** The sessions whose credentials the challenged request carried; empty when it carried none. */
  readonly sent: readonly DigestSession[];
}

/**
 * Why a realm gets no answer: `rejected` credentials are not sent again (RFC 3261 §22.1), there is no account, or nothing
 * that the client supports or could read was offered. `realm` is '' for a challenge that names none.
 */
export interface Refusal {
  readonly realm: string;
  readonly reason: 'rejected' | 'noAccount' | 'unsupported' | 'malformed';
}

/** Credentials to send, and the sessions as they are afterwards. */
export interface Authorized {
  readonly credentials: readonly AuthValue[];
  readonly sessions: readonly DigestSession[];
}

/** `retry`: send the request again, with the credentials and a higher CSeq (RFC 3261 §22.2). */
export type Answer =
  | ({ readonly type: 'retry'; readonly refused: readonly Refusal[] } & Authorized)
  | { readonly type: 'giveUp'; readonly refused: readonly Refusal[] };

/**
 * Answers the challenges of one 401 or 407. The values of WWW-Authenticate are answered in Authorization and those of
 * Proxy-Authenticate in Proxy-Authorization, so a response that has both is answered in two calls. Every realm is answered
 * by itself, and credentials of realms that did not challenge again are made anew, so that the list is complete
 * (RFC 3261 §22.3). Ends by itself: an answer that is refused is repeated for a stale nonce only, three times at most.
 */
export function answer(
  challenges: readonly AuthValue[],
  request: DigestRequest,
  client: DigestClient,
  attempt: AnswerAttempt,
): Answer {
  const refused: Refusal[] = [];
  const opened: DigestSession[] = [];
  const realms = byRealm(challenges.slice(0, MAX_CHALLENGES), refused);
  for (const [realm, offers] of realms) {
    const before = attempt.sent.filter((session) => session.realm === realm);
    const outcome = openSessions(realm, offers, before, client);
    if (typeof outcome === 'string') refused.push({ realm, reason: outcome });
    else opened.push(...outcome);
  }
  if (opened.length === 0) return { type: 'giveUp', refused };
  const kept = attempt.sent.filter((session) => !realms.has(session.realm));
  return { type: 'retry', refused, ...authorize([...kept, ...opened], request, client, attempt.cnonce) };
}

/**
 * Credentials for a new request from the sessions of earlier ones, unasked (RFC 3261 §22.2, RFC 7616 §3.6). Keep the
 * sessions that come back: they carry the nonce counts. A session without an account is left out.
 */
export function authorize(
  sessions: readonly DigestSession[],
  request: DigestRequest,
  client: Pick<DigestClient, 'accountFor' | 'hash'>,
  cnonce: string,
): Authorized {
  const credentials: AuthValue[] = [];
  const used: DigestSession[] = [];
  for (const session of sessions) {
    const account = client.accountFor(session.realm);
    const one = account && credentialsOf(session, account, request, cnonce, client.hash);
    if (one === undefined) continue;
    credentials.push(one.credentials);
    used.push(one.session);
  }
  return { credentials, sessions: used };
}

/** Readable challenges under their realms, in order; a realm with none that can be read has an empty list. */
function byRealm(values: readonly AuthValue[], refused: Refusal[]): ReadonlyMap<string, readonly DigestChallenge[]> {
  const realms = new Map<string, DigestChallenge[]>();
  for (const value of values) {
    const challenge = readChallenge(value);
    const realm = paramOf(value, 'realm') ?? '';
    if (challenge.type === 'malformed') refused.push({ realm, reason: 'malformed' });
    else {
      const offers = realms.get(realm) ?? [];
      realms.set(realm, offers);
      if (challenge.type === 'digest') offers.push(challenge);
    }
  }
  return realms;
}

/** New sessions for one realm, or why there are none. */
function openSessions(
  realm: string,
  offers: readonly DigestChallenge[],
  before: readonly DigestSession[],
  client: DigestClient,
): readonly DigestSession[] | Refusal['reason'] {
  const account = client.accountFor(realm);
  if (account === undefined) return 'noAccount';
  const usable = offers.filter((offer) => client.algorithms.includes(offer.algorithm) && covers(account, offer));
  const chosen = client.choose === 'topmost' ? usable[0]?.algorithm : strongestOf(usable);
  if (chosen === undefined) return 'unsupported';
  const attempt = Math.max(0, ...before.filter((session) => session.uses === 1).map((session) => session.attempt)) + 1;
  if (attempt > MAX_ATTEMPTS) return 'rejected';
  const nonces = new Set(before.map((session) => session.nonce));
  const opened: DigestSession[] = [];
  for (const offer of usable) {
    if (offer.algorithm !== chosen || nonces.has(offer.nonce) || isRejection(offer, before)) continue;
    nonces.add(offer.nonce); // several proxies of one realm challenge with a nonce each (RFC 3261 §22.3)
    opened.push(openSession(offer, client.qop, attempt));
  }
  return opened.length === 0 ? 'rejected' : opened;
}

const covers = (account: Account, offer: DigestChallenge): boolean =>
  !('ha1s' in account) || account.ha1s[hashOf(offer.algorithm)] !== undefined;

const strongestOf = (offers: readonly DigestChallenge[]): DigestAlgorithm | undefined =>
  algorithmsByStrength.find((algorithm) => offers.some((offer) => offer.algorithm === algorithm));

/**
 * RFC 3261 §22.1: no second try with credentials that were just rejected, unless their nonce was stale.
 * LENIENT: servers that forget to say stale, when the refused nonce was one that had been used before.
 */
const isRejection = (offer: DigestChallenge, before: readonly DigestSession[]): boolean =>
  !offer.stale && before.length > 0 && before.every((session) => session.uses === 1);

/** More challenges than this in one response are a try to make us compute; the others are passed over. */
const MAX_CHALLENGES = 32;
/** Answers in a row to a server that calls every nonce stale. */
const MAX_ATTEMPTS = 3;
