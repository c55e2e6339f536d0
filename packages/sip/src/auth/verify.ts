import { sameIgnoringCase } from '../text/chars.ts';
import type { UnixMs } from '../text/time.ts';
import { type DigestAlgorithm, digestLengthOf, hashOf } from './algorithm.ts';
import type { DigestCredentials } from './credentials.ts';
import { type DigestRequest, type Ha1s, type Qop, qopOf, responseOf, sameDigest } from './digest.ts';
import { isNearEnough, type UriNearness, uriNearness } from './digest-uri.ts';
import type { Hash } from './hash.ts';
import type { NonceCounts } from './nonce-counts.ts';
import type { NonceState, Nonces } from './nonces.ts';

/** What a server demands of credentials for one realm. */
export interface DigestPolicy {
  readonly realm: string;
  /** Those of its challenges. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Those of its challenges. */
  readonly qop: readonly Qop[];
  /** Whether clients of RFC 2069 and RFC 2543 may come without qop (RFC 3261 §22.4 item 8 wants it). */
  readonly withoutQop: 'accept' | 'refuse';
  /** How far the `uri` of credentials may be from the Request-URI … */
  readonly uri: UriNearness;
  /** … unless this says that it names somebody for whom the server takes requests (RFC 8760 §2.6 item 6). */
  readonly acceptsUri?: (uri: string, requestUri: string) => boolean;
  readonly nonces: Nonces;
  readonly counts: NonceCounts;
  readonly hash: Hash;
}

/** The user that the credentials name, as the store knows it. */
export interface KnownUser {
  readonly username: string;
  /** Made for the policy's realm. */
  readonly ha1s: Ha1s;
}

/** One check. */
export interface DigestCheck {
  readonly credentials: DigestCredentials;
  readonly request: DigestRequest;
  /** `undefined` when there is no such user: the work and the verdict are those of a wrong password. */
  readonly user: KnownUser | undefined;
  readonly now: UnixMs;
  /** What `nonceOf` said; asked here when missing. */
  readonly nonce?: NonceState;
}

/**
 * `ok`: the client knows the secret and the request is new.
 * `stale`: the nonce cannot be used (again), whether the client knows the secret or not; challenge with a new one and `stale`.
 * `wrong`: challenge again or answer 403; `uri` deserves 400 (RFC 7616 §3.4.6), and `credentials` belongs in a log.
 */
export type DigestVerdict =
  | { readonly type: 'ok'; readonly username: string; readonly qop: Qop | undefined; readonly uri: UriNearness }
  | { readonly type: 'stale'; readonly reason: 'expired' | 'forged' | 'replayed' | 'forgotten' }
  | { readonly type: 'wrong'; readonly reason: 'realm' | 'algorithm' | 'qop' | 'credentials' | 'uri' };

/** What the nonce of credentials is worth before anybody looks at the user: `stale` and `forged` need no user at all. */
export const nonceOf = (
  { nonces, counts }: Pick<DigestPolicy, 'nonces' | 'counts'>,
  nonce: string,
  now: UnixMs,
): NonceState => (counts.knows(nonce) ? nonces.age(nonce, now) : nonces.check(nonce, now));

/**
 * The second step of a check, when the user's digests are there. Two calls of the hash, three for a session algorithm, one
 * more for auth-int; none where the nonce is no good. Such a nonce is `stale` whatever the response (RFC 7616 §3.3): would
 * it depend on the response, whoever guesses passwords could go on with an old nonce and never be counted. Only true
 * credentials use up a nonce count, so that a guess cannot.
 * An `ok` uses the nonce count, so the same credentials are `stale` the next time: do not check a retransmission twice, and
 * neither ACK nor CANCEL (see `isChallengeable`).
 */
export function verify(policy: DigestPolicy, check: DigestCheck): DigestVerdict {
  const { credentials, request, user } = check;
  const refusal = refusalOf(policy, credentials);
  if (refusal !== undefined) return { type: 'wrong', reason: refusal };
  const nonce = check.nonce ?? nonceOf(policy, credentials.nonce, check.now);
  if (nonce !== 'fresh') return { type: 'stale', reason: nonce === 'stale' ? 'expired' : 'forged' };
  if (!isTrue(policy, check) || user === undefined) return { type: 'wrong', reason: 'credentials' };
  const uri = uriNearness(credentials.uri, request.uri);
  if (!isNearEnough(uri, policy.uri) && policy.acceptsUri?.(credentials.uri, request.uri) !== true)
    return { type: 'wrong', reason: 'uri' };
  const reason = spend(policy, credentials, check.now);
  if (reason !== undefined) return { type: 'stale', reason };
  const { protection } = credentials;
  return { type: 'ok', username: user.username, qop: protection && qopOf(protection.qop), uri };
}

/**
 * Which requests a server may challenge: not ACK, which has no response, and not CANCEL, which cannot be sent again. An ACK
 * carries the credentials of its INVITE and is accepted when that was (RFC 3261 §22.1).
 */
export const isChallengeable = (method: string): boolean => method !== 'ACK' && method !== 'CANCEL';

/** What the policy has against the credentials, whoever sent them. */
function refusalOf(policy: DigestPolicy, credentials: DigestCredentials): 'realm' | 'algorithm' | 'qop' | undefined {
  if (credentials.realm !== policy.realm) return 'realm';
  if (!policy.algorithms.includes(credentials.algorithm)) return 'algorithm';
  if (credentials.protection === undefined) return policy.withoutQop === 'accept' ? undefined : 'qop';
  const { qop } = credentials.protection;
  return policy.qop.some((offered) => sameIgnoringCase(offered, qop)) ? undefined : 'qop';
}

/**
 * DEVIATION(RFC 7616 §3.4.2): A1 of a session algorithm is made with the nonce and cnonce of the request at hand, not with
 * those that began the session: the server keeps no sessions, and a client that keeps its cnonce sees no difference.
 */
function isTrue(policy: DigestPolicy, { credentials, request, user }: DigestCheck): boolean {
  const { algorithm, nonce, protection, uri } = credentials;
  const known = user?.ha1s[hashOf(algorithm)];
  const ha1 = known ?? '0'.repeat(digestLengthOf(algorithm));
  const { method, body } = request;
  const response = responseOf({ algorithm, ha1, nonce, protection, method, uri, body }, policy.hash);
  return sameDigest(response, credentials.response) && known !== undefined;
}

/**
 * Why the nonce count of true credentials cannot be used, if it cannot.
 * LENIENT: clients without qop send the same credentials with every request, so that their nonce is good for its lifetime.
 */
function spend(
  { nonces, counts }: DigestPolicy,
  { nonce, protection }: DigestCredentials,
  now: UnixMs,
): 'replayed' | 'forgotten' | undefined {
  if (protection === undefined) return undefined;
  const spending = counts.spend(nonce, nonces.timeOf(nonce) ?? 0, Number.parseInt(protection.nc, 16), now);
  return spending === 'new' ? undefined : spending;
}
