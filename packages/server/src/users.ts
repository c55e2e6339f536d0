import { type Digests, digestsOf, type Hash, type HashAlgorithm } from '@strowger/sip/auth';
import type { UserName, Users } from '@strowger/sip/roles/registrar';
import type { ConfigUser } from './config/index.ts';

/** Where a user is written down: only those of the store can be changed by commands. */
export type UserOrigin = 'configuration' | 'store';

/**
 * The users of the configuration before those of the store: they override, and they are read-only. Their passwords are made
 * into digests here and forgotten.
 */
export class LayeredUsers implements Users {
  /** By realm and name. */
  readonly #configured = new Map<string, Map<string, Digests>>();
  /** By realm and each of their hashes: searching them one by one would take longer the more there are. */
  readonly #hidden = new Map<string, Digests>();
  readonly #store: Users;

  constructor(configured: readonly ConfigUser[], firstDomain: string, store: Users, hash: Hash) {
    this.#store = store;
    for (const { name, password, domain } of configured) {
      const digests = digestsOf(name.normalize('NFC'), (domain ?? firstDomain).toLowerCase(), password, hash);
      const ofRealm = this.#configured.get(digests.realm) ?? new Map<string, Digests>();
      this.#configured.set(digests.realm, ofRealm.set(digests.username, digests));
      for (const [algorithm, userhash] of Object.entries(digests.userhashes))
        this.#hidden.set(hiddenKeyOf(algorithm, userhash, digests.realm), digests);
    }
  }

  find(username: string, realm: string): ReturnType<Users['find']> {
    return this.#configured.get(realm)?.get(username) ?? this.#store.find(username, realm);
  }

  findByUserhash(algorithm: HashAlgorithm, userhash: string, realm: string): ReturnType<Users['findByUserhash']> {
    const configured = this.#hidden.get(hiddenKeyOf(algorithm, userhash, realm));
    return configured ?? this.#store.findByUserhash(algorithm, userhash, realm);
  }

  async *list(): AsyncGenerator<UserName & { readonly origin: UserOrigin }> {
    for (const ofRealm of this.#configured.values())
      for (const { username, realm } of ofRealm.values()) yield { username, realm, origin: 'configuration' };
    for await (const user of this.#store.list())
      if (!this.isConfigured(user.username, user.realm)) yield { ...user, origin: 'store' };
  }

  isConfigured(username: string, realm: string): boolean {
    return this.#configured.get(realm)?.has(username) === true;
  }

  put(user: Digests): void | Promise<void> {
    return this.#store.put(user);
  }

  remove(username: string, realm: string): boolean | Promise<boolean> {
    return this.#store.remove(username, realm);
  }
}

const hiddenKeyOf = (algorithm: string, userhash: string, realm: string): string =>
  `${algorithm} ${userhash}\n${realm}`;
