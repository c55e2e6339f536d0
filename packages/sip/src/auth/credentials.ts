import { type AuthValue, paramOf } from '../text/auth-value.ts';
import { isHex, sameIgnoringCase } from '../text/chars.ts';
import { type DigestAlgorithm, isDigest, isSessionAlgorithm, parseAlgorithm } from './algorithm.ts';
import { type Protection, qopOf } from './digest.ts';
import { parseExtValue } from './ext-value.ts';

/** Whom credentials name: in clear, or by the digest of name and realm (RFC 7616 §3.4.4). */
export type DigestUser =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'hash'; readonly userhash: string };

/** Digest credentials whose grammar is right; whether they are true is `verify`'s business. */
export interface DigestCredentials {
  readonly type: 'digest';
  readonly user: DigestUser;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  /** `undefined` from clients of RFC 2069. */
  readonly protection: Protection | undefined;
  readonly opaque: string | undefined;
}

/**
 * What a value of Authorization or Proxy-Authorization turns out to be:
 * `empty`: a name without an answer, sent before any challenge (RFC 8760 §2.7): treat as no credentials;
 * `unsupported`: another scheme, Basic among them (RFC 3261 §22 forbids it), or another algorithm: challenge;
 * `malformed`: answer 400 with the reason (RFC 7616 §3.4).
 */
export type ReadCredentials =
  | DigestCredentials
  | { readonly type: 'empty'; readonly user: DigestUser; readonly realm: string }
  | { readonly type: 'unsupported'; readonly reason: 'scheme' | 'algorithm' }
  | { readonly type: 'malformed'; readonly reason: string };

/** The first step of a check: reads what is needed to look the user up, without judging it. Never throws. */
export function readCredentials(value: AuthValue): ReadCredentials {
  if (!sameIgnoringCase(value.scheme, 'Digest')) return { type: 'unsupported', reason: 'scheme' };
  const realm = paramOf(value, 'realm');
  const nonce = paramOf(value, 'nonce');
  const response = paramOf(value, 'response');
  if (realm === undefined || nonce === undefined || response === undefined)
    return malformed(`missing ${realm === undefined ? 'realm' : nonce === undefined ? 'nonce' : 'response'}`);
  const user = readUser(value);
  if (typeof user === 'string') return malformed(user);
  // LENIENT: IMS phones name themselves before they are challenged (3GPP TS 24.229 §5.1.1.2)
  if (response === '' || nonce === '') return { type: 'empty', user, realm };
  const algorithm = parseAlgorithm(paramOf(value, 'algorithm'));
  if (algorithm === undefined) return { type: 'unsupported', reason: 'algorithm' };
  const uri = paramOf(value, 'uri');
  if (uri === undefined || uri === '') return malformed('missing uri');
  if (!isDigest(response, algorithm)) return malformed('response is no digest of its algorithm');
  const protection = readProtection(value);
  if (typeof protection === 'string') return malformed(protection);
  if (isSessionAlgorithm(algorithm) && protection === undefined) return malformed('a session algorithm without qop');
  const opaque = paramOf(value, 'opaque');
  return { type: 'digest', user, realm, nonce, uri, response, algorithm, protection, opaque };
}

/** The values that are meant for this realm; no other may be touched (RFC 3261 §22.3). */
export const credentialsFor = (realm: string, values: readonly AuthValue[]): readonly AuthValue[] =>
  values.filter((value) => paramOf(value, 'realm') === realm);

/** The user, or what is wrong (RFC 7616 §3.4: both forms of the name together are an error). */
function readUser(value: AuthValue): DigestUser | string {
  const name = paramOf(value, 'username');
  const extended = paramOf(value, 'username*');
  const isHashed = sameIgnoringCase(paramOf(value, 'userhash') ?? 'false', 'true');
  if (extended === undefined) {
    if (name === undefined) return 'missing username';
    return isHashed ? { type: 'hash', userhash: name.toLowerCase() } : { type: 'name', name: name.normalize('NFC') };
  }
  if (name !== undefined) return 'both username and username*';
  if (isHashed) return 'username* with userhash';
  const decoded = parseExtValue(extended);
  return decoded === undefined ? 'username* is not UTF-8' : { type: 'name', name: decoded.normalize('NFC') };
}

/** qop, nc and cnonce; `undefined` without qop: nc and cnonce then mean nothing (RFC 2617 §3.2.2). */
function readProtection(value: AuthValue): Protection | undefined | string {
  const qop = paramOf(value, 'qop');
  if (qop === undefined) return undefined;
  if (qopOf(qop) === undefined) return 'qop is neither auth nor auth-int';
  const nc = paramOf(value, 'nc');
  const cnonce = paramOf(value, 'cnonce');
  if (nc === undefined || !isNonceCount(nc)) return 'nc is not eight hexadecimal digits from 00000001 up';
  if (cnonce === undefined || cnonce === '') return 'missing cnonce';
  return { qop, nc, cnonce };
}

function isNonceCount(nc: string): boolean {
  for (let i = 0; i < nc.length; i += 1) if (!isHex(nc.charCodeAt(i))) return false;
  return nc.length === 8 && nc !== '00000000';
}

const malformed = (reason: string): ReadCredentials => ({ type: 'malformed', reason });
