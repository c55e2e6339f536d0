import { sameIgnoringCase } from '../text/chars.ts';
import { type DigestAlgorithm, hashOf, isSessionAlgorithm } from './algorithm.ts';
import type { Hash, HashAlgorithm } from './hash.ts';

/** Quality of protection: the request line, or the request line and the body (RFC 7616 §3.3). */
export type Qop = 'auth' | 'auth-int';

/** What a client adds to the digest with a `qop` (RFC 7616 §3.4); peers of RFC 2069 send none of it. */
export interface Protection {
  /** As it is sent; letters may be of either case. */
  readonly qop: string;
  /** Eight hexadecimal digits: how often the nonce has been used, this time included. */
  readonly nc: string;
  readonly cnonce: string;
}

/** The part of a request that is digested. */
export interface DigestRequest {
  readonly method: string;
  /** The Request-URI as text. */
  readonly uri: string;
  /** The body; digested with `auth-int` only. */
  readonly body: Uint8Array;
}

/** H(A1) for each hash function. As secret as the password for its realm (RFC 7616 §5.2). */
export type Ha1s = { readonly [algorithm in HashAlgorithm]?: string };

/** H(A1) of the plain algorithms, what a store keeps instead of the password (RFC 7616 §3.4.2). */
export const ha1Of = (
  algorithm: HashAlgorithm,
  username: string,
  realm: string,
  password: string,
  hash: Hash,
): string => hash(algorithm, `${username}:${realm}:${password}`);

/** The user name as it is sent to a server that offers `userhash` (RFC 7616 §3.4.4). */
export const userhashOf = (algorithm: HashAlgorithm, username: string, realm: string, hash: Hash): string =>
  hash(algorithm, `${username}:${realm}`);

/** Everything that a response is computed from, but for the hash. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** H(A1) of the plain algorithm, for the session forms too. */
  readonly ha1: string;
  readonly nonce: string;
  readonly protection: Protection | undefined;
  /** '' for the answer of a server in Authentication-Info (RFC 7616 §3.5). */
  readonly method: string;
  readonly uri: string;
  readonly body: Uint8Array;
}

/**
 * The response digest (RFC 7616 §3.4.1 to §3.4.3; without protection RFC 2617 §3.2.2.1). Two calls of the hash, one more
 * for a session form and one more for `auth-int`. A session form needs a protection, for its cnonce.
 */
export function responseOf(input: DigestInput, hash: Hash): string {
  const h = hashOf(input.algorithm);
  const { nonce, protection } = input;
  const isSession = isSessionAlgorithm(input.algorithm) && protection !== undefined;
  const a1 = isSession ? hash(h, `${input.ha1}:${nonce}:${protection.cnonce}`) : input.ha1;
  if (protection === undefined) return hash(h, `${a1}:${nonce}:${hash(h, `${input.method}:${input.uri}`)}`);
  const { nc, cnonce, qop } = protection;
  return hash(h, `${a1}:${nonce}:${nc}:${cnonce}:${qop}:${hash(h, a2Of(input, qop, hash))}`);
}

/** The quality of protection that a token names, in either case of letters; `undefined` for another token. */
export function qopOf(token: string): Qop | undefined {
  if (sameIgnoringCase(token, 'auth')) return 'auth';
  return sameIgnoringCase(token, 'auth-int') ? 'auth-int' : undefined;
}

/** Compares two digests in a time that depends on their lengths only, so that answers tell nothing about the secret. */
export function sameDigest(a: Characters, b: Characters): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** A text, as far as a comparison looks at it. */
type Characters = Pick<string, 'length' | 'charCodeAt'>;

/** RFC 7616 §3.4.3; the hash of no body is the hash of nothing (RFC 8760 §2.6). */
function a2Of(input: DigestInput, qop: string, hash: Hash): string {
  const line = `${input.method}:${input.uri}`;
  return qopOf(qop) === 'auth-int' ? `${line}:${hash(hashOf(input.algorithm), input.body)}` : line;
}
