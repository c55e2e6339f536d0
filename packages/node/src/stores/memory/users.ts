import type { Digests, HashAlgorithm } from '@strowger/sip/auth';
import { requireUser, type UserName, type Users } from '@strowger/sip/roles/registrar';

/** Users in the memory of one process. */
export class MemoryUsers implements Users {
  readonly #byName = new Map<string, Digests>();
  readonly #byUserhash = new Map<string, Digests>();

  find(username: string, realm: string): Digests | undefined {
    return this.#byName.get(nameKeyOf({ username, realm }));
  }

  findByUserhash(algorithm: HashAlgorithm, userhash: string, realm: string): Digests | undefined {
    return this.#byUserhash.get(hashKeyOf(algorithm, userhash, realm));
  }

  *list(): Iterable<UserName> {
    for (const { username, realm } of [...this.#byName.values()].sort(byRealmAndName)) yield { username, realm };
  }

  put(user: Digests): void {
    requireUser(user);
    this.remove(user.username, user.realm);
    const own = { ...user, ha1s: { ...user.ha1s }, userhashes: { ...user.userhashes } };
    this.#byName.set(nameKeyOf(user), own);
    for (const algorithm of ALGORITHMS)
      this.#byUserhash.set(hashKeyOf(algorithm, user.userhashes[algorithm], user.realm), own);
  }

  remove(username: string, realm: string): boolean {
    const user = this.find(username, realm);
    if (user === undefined) return false;
    for (const algorithm of ALGORITHMS)
      this.#byUserhash.delete(hashKeyOf(algorithm, user.userhashes[algorithm], realm));
    return this.#byName.delete(nameKeyOf(user));
  }
}

const nameKeyOf = ({ username, realm }: UserName): string => JSON.stringify([realm, username]);

const hashKeyOf = (algorithm: HashAlgorithm, userhash: string, realm: string): string =>
  JSON.stringify([algorithm, userhash, realm]);

function byRealmAndName(a: UserName, b: UserName): number {
  if (a.realm !== b.realm) return a.realm < b.realm ? -1 : 1;
  return a.username < b.username ? -1 : 1;
}

const ALGORITHMS: readonly HashAlgorithm[] = ['MD5', 'SHA-256', 'SHA-512-256'];
