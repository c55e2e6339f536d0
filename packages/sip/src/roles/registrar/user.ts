import { isDigest } from '../../auth/algorithm.ts';
import type { HashAlgorithm } from '../../auth/hash.ts';
import type { Digests } from '../../auth/passwords.ts';
import { UsageFault } from '../../text/faults.ts';

/**
 * What every store asks of a user before it takes it; a password in a digest's place is refused here.
 * @throws UsageFault for an empty name or realm, a realm that is not in lower case, a digest that is none
 */
export function requireUser(user: Digests): void {
  if (user.username === '' || user.realm === '') throw new UsageFault('a user needs a name and a realm');
  if (user.realm !== user.realm.toLowerCase()) {
    throw new UsageFault(
      `the realm ${user.realm} is not in lower case; the digests hold it, so it cannot be changed here`,
    );
  }
  for (const algorithm of ALGORITHMS) {
    if (!isDigest(user.ha1s[algorithm], algorithm) || !isDigest(user.userhashes[algorithm], algorithm)) {
      throw new UsageFault(`a digest of ${user.username}@${user.realm} is not what ${algorithm} makes`);
    }
  }
}

const ALGORITHMS: readonly HashAlgorithm[] = ['MD5', 'SHA-256', 'SHA-512-256'];
