import { UsageFault } from '../text/faults.ts';
import { ha1Of, userhashOf } from './digest.ts';
import type { Hash, HashAlgorithm } from './hash.ts';

/** What is kept of a user and a password: digests for every hash function, so that any client can be served. */
export interface Digests {
  /** In Unicode normalization form C (RFC 7616 §4). */
  readonly username: string;
  readonly realm: string;
  /** H(A1): as secret as the password itself within the realm (RFC 7616 §5.2). */
  readonly ha1s: { readonly [algorithm in HashAlgorithm]: string };
  /** What a client sends in place of the name where `userhash` is offered: a key to look the user up (RFC 7616 §3.4.4). */
  readonly userhashes: { readonly [algorithm in HashAlgorithm]: string };
}

/**
 * The digests of a password, the only form in which it is stored. Name and password are brought to Unicode normalization
 * form C and hashed as UTF-8 (RFC 7616 §4).
 * @throws UsageFault for a name with a colon, which digests cannot tell from the realm's (RFC 7616 §4)
 */
export function digestsOf(username: string, realm: string, password: string, hash: Hash): Digests {
  if (username.includes(':')) throw new UsageFault('a user name must not have a colon');
  const name = username.normalize('NFC');
  const secret = password.normalize('NFC');
  return {
    username: name,
    realm,
    ha1s: forEach((algorithm) => ha1Of(algorithm, name, realm, secret, hash)),
    userhashes: forEach((algorithm) => userhashOf(algorithm, name, realm, hash)),
  };
}

function forEach(digest: (algorithm: HashAlgorithm) => string): Digests['ha1s'] {
  return { MD5: digest('MD5'), 'SHA-256': digest('SHA-256'), 'SHA-512-256': digest('SHA-512-256') };
}
