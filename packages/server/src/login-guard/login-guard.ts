import type { Instant } from '@strowger/sip/text';
import { FailureCounts } from './failure-counts.ts';

export interface LoginPolicy {
  /** Wrong passwords for one account from one source, until that source has to wait with that account. */
  readonly attempts: number;
  readonly windowMs: number;
  /** The first wait; each further one is twice as long, up to 64 times this. */
  readonly lockoutMs: number;
}

/** Who tries to be whom. Both are keys and nothing else. */
export interface Attempt {
  /** Where the challenge went that is answered here: so nobody can make failures for an address that is not his. */
  readonly source: string;
  /** As the attempt names it, whether there is such an account or not. */
  readonly account: string;
}

/**
 * What is locked: one account for one source, a source for all accounts that have not proved themselves from there, or an
 * account for all sources that it has not proved itself from.
 */
export type LockScope = 'account at source' | 'source' | 'account';

export interface Lockout {
  readonly scope: LockScope;
  readonly waitMs: number;
}

/**
 * Slows the guessing of passwords down. It knows neither passwords nor users, so an account that does not exist behaves as any
 * other. Nobody can lock an owner out: what comes from a source where the account was proved within a day stops for failures
 * of this very account at this very source only, and never for longer than the first wait.
 */
export class LoginGuard {
  readonly #lockoutMs: number;
  readonly #pairs: FailureCounts;
  readonly #sources: FailureCounts;
  readonly #accounts: FailureCounts;
  /** Accounts at sources where they were proved, and when; in the order of these times. */
  readonly #proved = new Map<string, Instant>();
  readonly #capacity: number;

  /** `capacity`: how many of each are remembered; some 150 bytes each. */
  constructor({ attempts, windowMs, lockoutMs }: LoginPolicy, capacity = CAPACITY) {
    const common = { windowMs, firstMs: lockoutMs, longestMs: lockoutMs * MOST_LOCKS, capacity };
    this.#lockoutMs = lockoutMs;
    this.#capacity = capacity;
    this.#pairs = new FailureCounts({ ...common, attempts });
    this.#sources = new FailureCounts({ ...common, attempts: attempts * ACCOUNTS_OF_A_SOURCE });
    this.#accounts = new FailureCounts({
      ...common,
      attempts: attempts * SOURCES_OF_AN_ACCOUNT,
      firstMs: Math.min(SLOW_MS, lockoutMs),
      longestMs: lockoutMs,
    });
  }

  /** How many entries there are, of all kinds. */
  get size(): number {
    return this.#pairs.size + this.#sources.size + this.#accounts.size + this.#proved.size;
  }

  /** Why the credentials of an attempt must not be looked at; `undefined` when they may. */
  check(attempt: Attempt, now: Instant): Lockout | undefined {
    const pair = pairOf(attempt);
    const waitMs = this.#pairs.waitMs(pair, now);
    if (waitMs > 0) return { scope: 'account at source', waitMs };
    const ofSource = this.#sources.waitMs(attempt.source, now);
    const ofAccount = this.#accounts.waitMs(attempt.account, now);
    if ((ofSource === 0 && ofAccount === 0) || this.#isProved(pair, now)) return undefined;
    return ofSource > 0 ? { scope: 'source', waitMs: ofSource } : { scope: 'account', waitMs: ofAccount };
  }

  /** Counts a wrong password; the lock that begins with it, if one does. */
  failed(attempt: Attempt, now: Instant): Lockout | undefined {
    const pair = pairOf(attempt);
    if (this.#isProved(pair, now)) return lockoutOf('account at source', this.#pairs.fail(pair, now, this.#lockoutMs));
    const ofPair = this.#pairs.fail(pair, now);
    const ofSource = this.#sources.fail(attempt.source, now);
    const ofAccount = this.#accounts.fail(attempt.account, now);
    return lockoutOf('source', ofSource) ?? lockoutOf('account', ofAccount) ?? lockoutOf('account at source', ofPair);
  }

  /** The account has proved itself from this source. */
  proved(attempt: Attempt, now: Instant): void {
    const pair = pairOf(attempt);
    this.#pairs.forget(pair);
    const last = this.#proved.get(pair);
    if (last !== undefined && now - last < RENEWED_MS) return;
    this.#proved.delete(pair);
    for (const [oldest, at] of this.#proved) {
      if (this.#proved.size < this.#capacity && now - at < PROVED_MS) break;
      this.#proved.delete(oldest);
    }
    this.#proved.set(pair, now);
  }

  #isProved(pair: string, now: Instant): boolean {
    const at = this.#proved.get(pair);
    return at !== undefined && now - at < PROVED_MS;
  }
}

const pairOf = ({ source, account }: Attempt): string => `${source} ${account}`;

const lockoutOf = (scope: LockScope, waitMs: number): Lockout | undefined =>
  waitMs > 0 ? { scope, waitMs } : undefined;

const CAPACITY = 100_000;
/** Six doublings: of a minute, an hour. */
const MOST_LOCKS = 64;
/** A company behind one address may have this many phones with old passwords before its new phones have to wait. */
const ACCOUNTS_OF_A_SOURCE = 5;
/** Many sources at one account are a search by many machines. */
const SOURCES_OF_AN_ACCOUNT = 10;
/** Strangers to an account under such a search wait this long first, and never longer than the first wait of a source. */
const SLOW_MS = 1_000;
/** How long an account is at home where it was proved; a phone proves it every hour or more often. */
const PROVED_MS = 24 * 3_600_000;
/** A proof is written down again when the last one is this old. */
const RENEWED_MS = 3_600_000;
