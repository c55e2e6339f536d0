import { type AuthParam, type AuthValue, bareParam, quotedParam } from '../text/auth-value.ts';
import { type DigestAlgorithm, hashOf, isSessionAlgorithm } from './algorithm.ts';
import type { DigestChallenge } from './challenge.ts';
import { type DigestRequest, type Ha1s, ha1Of, type Protection, type Qop, responseOf, userhashOf } from './digest.ts';
import { printExtValue } from './ext-value.ts';
import type { Hash } from './hash.ts';

/** Whom a client speaks for in a realm: a password, or the digests of one, made for that realm. */
export type Account =
  | { readonly username: string; readonly password: string }
  | { readonly username: string; readonly ha1s: Ha1s };

/** What a client remembers of a challenge that it answered (RFC 7616 §3.6). Holds no secret; a new value for each use. */
export interface DigestSession {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  readonly algorithmText: string | undefined;
  readonly qop: Qop | undefined;
  /** How the user is named: in a quoted string, as `username*`, or by a digest. */
  readonly naming: 'plain' | 'extended' | 'hashed';
  /** How many requests have used this nonce: the nc of the last one. */
  readonly count: number;
  /** How many requests this session has authorized, with this nonce and the ones before it. */
  readonly uses: number;
  /** Which answer in a row this is to challenges that refused the answer before; 1 for the first. */
  readonly attempt: number;
  /** The cnonce that a session algorithm keeps for as long as its nonce lasts. */
  readonly cnonce: string | undefined;
}

/**
 * Opens a session with a challenge. `qop` is taken where the challenge has it, else what the challenge has.
 * DEVIATION(RFC 8760 §2.6): to a challenge without qop the answer has none either, where the RFC wants one in every answer:
 * servers of RFC 2069 would compute another response (RFC 3261 §22.4 item 8).
 */
export function openSession(challenge: DigestChallenge, qop: Qop, attempt: number): DigestSession {
  const offered = challenge.qop;
  return {
    realm: challenge.realm,
    nonce: challenge.nonce,
    opaque: challenge.opaque,
    algorithm: challenge.algorithm,
    algorithmText: challenge.algorithmText,
    qop: offered?.includes(qop) === true ? qop : offered?.[0],
    naming: challenge.userhash ? 'hashed' : isModern(challenge) ? 'extended' : 'plain',
    count: 0,
    uses: 0,
    attempt,
    cnonce: undefined,
  };
}

/**
 * Credentials for one request, and the session as it is afterwards: each nc is used once (RFC 7616 §3.4). `cnonce` must be
 * unguessable. `undefined` when the account has no digest for the session's algorithm.
 */
export function credentialsOf(
  session: DigestSession,
  account: Account,
  request: DigestRequest,
  cnonce: string,
  hash: Hash,
): { readonly credentials: AuthValue; readonly session: DigestSession } | undefined {
  const ha1 = ha1For(account, session, hash);
  if (ha1 === undefined) return undefined;
  const kept = isSessionAlgorithm(session.algorithm) ? (session.cnonce ?? cnonce) : undefined;
  const used = { ...session, count: session.count + 1, uses: session.uses + 1, cnonce: kept };
  const protection = protectionOf(used, kept ?? cnonce);
  const { algorithm, nonce } = session;
  const { method, uri, body } = request;
  const response = responseOf({ algorithm, ha1, nonce, protection, method, uri, body }, hash);
  const params = [...nameParams(used, account, hash), ...proofParams(used, uri, response, protection)];
  return { credentials: { scheme: 'Digest', params }, session: used };
}

/** The session with the nonce of an Authentication-Info, for the next request (RFC 7616 §3.5). */
export const withNextNonce = (session: DigestSession, nonce: string): DigestSession => ({
  ...session,
  nonce,
  count: 0,
  cnonce: undefined,
});

/** H(A1) of an account in the realm of a session; `undefined` where only digests of other algorithms are held. */
export function ha1For(
  account: Account,
  { algorithm, realm }: Pick<DigestSession, 'algorithm' | 'realm'>,
  hash: Hash,
): string | undefined {
  const h = hashOf(algorithm);
  if ('ha1s' in account) return account.ha1s[h];
  return ha1Of(h, account.username.normalize('NFC'), realm, account.password.normalize('NFC'), hash);
}

/** A server that shows that it knows RFC 7616 and therefore `username*`; others get UTF-8, as RFC 3261 §25.1 allows. */
const isModern = (challenge: DigestChallenge): boolean => challenge.utf8 || hashOf(challenge.algorithm) !== 'MD5';

function protectionOf(session: DigestSession, cnonce: string): Protection | undefined {
  if (session.qop === undefined) return undefined;
  return { qop: session.qop, nc: session.count.toString(16).padStart(8, '0'), cnonce };
}

function nameParams(session: DigestSession, account: Account, hash: Hash): readonly AuthParam[] {
  const name = account.username.normalize('NFC');
  if (session.naming === 'hashed') {
    const userhash = userhashOf(hashOf(session.algorithm), name, session.realm, hash);
    return [quotedParam('username', userhash), bareParam('userhash', 'true')];
  }
  const isExtended = session.naming === 'extended' ? !isPrintable(name) : hasLineBreak(name);
  return [isExtended ? bareParam('username*', printExtValue(name)) : quotedParam('username', name)];
}

function proofParams(
  session: DigestSession,
  uri: string,
  response: string,
  protection: Protection | undefined,
): readonly AuthParam[] {
  const params = [quotedParam('realm', session.realm), quotedParam('nonce', session.nonce), quotedParam('uri', uri)];
  params.push(quotedParam('response', response));
  if (session.algorithmText !== undefined) params.push(bareParam('algorithm', session.algorithmText));
  if (session.opaque !== undefined) params.push(quotedParam('opaque', session.opaque));
  if (protection !== undefined) {
    const { qop, nc, cnonce } = protection;
    params.push(bareParam('qop', qop), quotedParam('cnonce', cnonce), bareParam('nc', nc));
  }
  return params;
}

/** Nothing but printable ASCII and blanks: what every quoted string takes. */
function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) < 32 || text.charCodeAt(i) > 126) return false;
  return true;
}

const hasLineBreak = (text: string): boolean => text.includes('\r') || text.includes('\n');
