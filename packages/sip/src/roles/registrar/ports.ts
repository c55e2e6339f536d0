import type { HashAlgorithm } from '../../auth/hash.ts';
import type { Digests } from '../../auth/passwords.ts';
import type { UnixMs } from '../../text/time.ts';
import type { Binding } from './binding.ts';

/**
 * The location service (RFC 3261 §10.1): which contacts an address-of-record has. Addresses-of-record are given in the
 * canonical form of RFC 3261 §10.3 step 5 and compared as texts. A binding whose `expiresAt` is not after `now` is never
 * returned. What cannot be read or written rejects or throws; the registrar then answers 500.
 */
export interface Locations {
  /** What a registration is decided on: everything saved so far, also what is not committed yet. */
  load(aor: string, now: UnixMs): Loaded | Promise<Loaded>;
  /**
   * Makes `bindings` the whole set of this address-of-record, if nobody changed it since the `load` that gave `version`;
   * answers false, and changes nothing, if somebody did. Answers true only when the set is committed: `lookup` sees it and
   * the end of the process does not lose it. When it fails nothing is changed.
   * @throws UsageFault as `requireStorable` says
   */
  save(aor: string, bindings: readonly Binding[], version: number): boolean | Promise<boolean>;
  /** What requests are routed by: the committed bindings. */
  lookup(aor: string, now: UnixMs): readonly Binding[] | Promise<readonly Binding[]>;
  /**
   * Deletes up to `limit` of the bindings that have expired and returns those it deleted; fewer than `limit`: none is left.
   * May make one `save` of the same address-of-record answer false.
   */
  expire(now: UnixMs, limit: number): readonly Located[] | Promise<readonly Located[]>;
  /**
   * All committed bindings, or those of the addresses-of-record behind `after`, in the order of the addresses and read bit by bit;
   * one that changes meanwhile may come in either form.
   */
  entries(now: UnixMs, after?: string): Iterable<Located> | AsyncIterable<Located>;
}

/** `version` is 0 for an address-of-record that has nothing stored, else a number that no earlier set of it had. */
export interface Loaded {
  readonly bindings: readonly Binding[];
  readonly version: number;
}

export interface Located {
  readonly aor: string;
  readonly binding: Binding;
}

/** Who a user is. The username is case-sensitive and in normalization form C; the realm is the domain, in lower case. */
export type UserName = Pick<Digests, 'username' | 'realm'>;

/** The users that may register and call: digests in place of passwords, which no store ever sees. */
export interface Users {
  find(username: string, realm: string): Digests | undefined | Promise<Digests | undefined>;
  /** The user of this realm whose name a client has hidden (RFC 7616 §3.4.4). */
  findByUserhash(
    algorithm: HashAlgorithm,
    userhash: string,
    realm: string,
  ): Digests | undefined | Promise<Digests | undefined>;
  /** All users by realm and name, without digests. */
  list(): Iterable<UserName> | AsyncIterable<UserName>;
  /**
   * Adds a user or replaces the one of this name and realm; done when it is committed.
   * @throws UsageFault as `requireUser` says
   */
  put(user: Digests): void | Promise<void>;
  /** False when there was no such user. */
  remove(username: string, realm: string): boolean | Promise<boolean>;
}

/** What the server makes once and must find again: its generated domain, the secret of its nonces. */
export interface Settings {
  get(name: string): string | undefined | Promise<string | undefined>;
  /** Done when it is committed. */
  put(name: string, value: string): void | Promise<void>;
}
