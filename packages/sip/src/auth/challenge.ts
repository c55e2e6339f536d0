import { type AuthParam, type AuthValue, bareParam, paramOf, quotedParam } from '../text/auth-value.ts';
import { sameIgnoringCase } from '../text/chars.ts';
import { UsageFault } from '../text/faults.ts';
import { type DigestAlgorithm, isSessionAlgorithm, parseAlgorithm } from './algorithm.ts';
import { type Qop, qopOf } from './digest.ts';

/** What a server asks for; one value is made for each algorithm. */
export interface ChallengeOffer {
  readonly realm: string;
  /** The most preferred first; each once (RFC 8760 §2.3). */
  readonly algorithms: readonly DigestAlgorithm[];
  /** At least one: a challenge always has a qop (RFC 8760 §2.6). */
  readonly qop: readonly Qop[];
  readonly nonce: string;
  readonly opaque?: string;
  /** True: the nonce was the only thing wrong, so the client answers again without asking its user (RFC 7616 §3.3). */
  readonly stale: boolean;
  /** True to invite clients to send their names hashed (RFC 7616 §3.4.4). */
  readonly userhash: boolean;
  /** UTF-8 to tell clients how names and passwords are encoded (RFC 7616 §4); the house never uses another charset. */
  readonly charset?: 'UTF-8';
}

/**
 * The values of WWW-Authenticate or Proxy-Authenticate, one line each, in this order (RFC 7616 §3.3, RFC 8760 §2.3).
 * @throws UsageFault without an algorithm or a qop, and for an algorithm that stands there twice
 */
export function challenges(offer: ChallengeOffer): readonly AuthValue[] {
  if (offer.algorithms.length === 0 || offer.qop.length === 0)
    throw new UsageFault('a challenge needs an algorithm and a qop');
  if (new Set(offer.algorithms).size !== offer.algorithms.length)
    throw new UsageFault('each challenge of a realm needs an algorithm of its own');
  return offer.algorithms.map((algorithm) => ({ scheme: 'Digest', params: challengeParams(offer, algorithm) }));
}

/** A challenge as a client reads it. */
export interface DigestChallenge {
  readonly type: 'digest';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** The parameter as it stands, to be sent back; `undefined` where MD5 is meant by its absence. */
  readonly algorithmText: string | undefined;
  /** Those that the house knows; `undefined` from servers of RFC 2069, which send no qop. */
  readonly qop: readonly Qop[] | undefined;
  readonly stale: boolean;
  readonly userhash: boolean;
  /** True where the server says that it expects UTF-8. */
  readonly utf8: boolean;
}

/** `unsupported` and `malformed` challenges are passed over (RFC 8760 §2.4). */
export type ReadChallenge =
  | DigestChallenge
  | { readonly type: 'unsupported'; readonly reason: 'scheme' | 'algorithm' | 'qop' }
  | { readonly type: 'malformed'; readonly reason: string };

/** Reads one value of WWW-Authenticate or Proxy-Authenticate. Never throws. */
export function readChallenge(value: AuthValue): ReadChallenge {
  if (!sameIgnoringCase(value.scheme, 'Digest')) return { type: 'unsupported', reason: 'scheme' };
  const realm = paramOf(value, 'realm');
  const nonce = paramOf(value, 'nonce');
  if (realm === undefined) return { type: 'malformed', reason: 'missing realm' };
  if (nonce === undefined) return { type: 'malformed', reason: 'missing nonce' };
  const algorithmText = paramOf(value, 'algorithm');
  const algorithm = parseAlgorithm(algorithmText);
  if (algorithm === undefined) return { type: 'unsupported', reason: 'algorithm' };
  const qop = readQops(paramOf(value, 'qop'));
  if (qop?.length === 0) return { type: 'unsupported', reason: 'qop' };
  // RFC 3261 §22.4: an algorithm that needs the cnonce needs qop
  if (qop === undefined && isSessionAlgorithm(algorithm)) return { type: 'unsupported', reason: 'qop' };
  return {
    type: 'digest',
    realm,
    nonce,
    opaque: paramOf(value, 'opaque'),
    algorithm,
    algorithmText,
    qop,
    stale: isTrue(paramOf(value, 'stale')),
    userhash: isTrue(paramOf(value, 'userhash')),
    utf8: sameIgnoringCase(paramOf(value, 'charset') ?? '', 'UTF-8'),
  };
}

function challengeParams(offer: ChallengeOffer, algorithm: DigestAlgorithm): readonly AuthParam[] {
  const params: AuthParam[] = [quotedParam('realm', offer.realm), quotedParam('nonce', offer.nonce)];
  if (offer.opaque !== undefined) params.push(quotedParam('opaque', offer.opaque));
  params.push(bareParam('algorithm', algorithm), quotedParam('qop', offer.qop.join(',')));
  if (offer.stale) params.push(bareParam('stale', 'true'));
  if (offer.charset !== undefined) params.push(bareParam('charset', offer.charset));
  if (offer.userhash) params.push(bareParam('userhash', 'true'));
  return params;
}

/**
 * The options that the house knows; others are passed over (RFC 7616 §3.3).
 * LENIENT: servers that print qop="" where they mean no qop.
 */
function readQops(text: string | undefined): readonly Qop[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const known: Qop[] = [];
  for (const item of text.split(',')) {
    const qop = qopOf(item.trim());
    if (qop !== undefined) known.push(qop);
  }
  return known;
}

const isTrue = (text: string | undefined): boolean => sameIgnoringCase(text ?? '', 'true');
