import type { Instant } from '@strowger/sip/text';

export interface FailurePolicy {
  /** The failure that locks. */
  readonly attempts: number;
  /** Failures that are further apart than this are not counted together. */
  readonly windowMs: number;
  /** How long the first lock lasts; each further one lasts twice as long as the one before … */
  readonly firstMs: number;
  /** … up to this. */
  readonly longestMs: number;
  /** Keys at most; the one that failed longest ago leaves. */
  readonly capacity: number;
}

/**
 * Failures by key, and the locks that they lead to. Behind a lock one more failure is enough for the next. Who has kept quiet
 * for the window, and for as long as the last lock was, begins anew.
 */
export class FailureCounts {
  readonly #policy: FailurePolicy;
  /** In the order of their last failures. */
  readonly #counts = new Map<string, Count>();

  constructor(policy: FailurePolicy) {
    this.#policy = policy;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** How long the key is locked from now on; 0 when it is not. */
  waitMs(key: string, now: Instant): number {
    if (this.#counts.size === 0) return 0;
    return Math.max(0, (this.#counts.get(key)?.lockedUntil ?? 0) - now);
  }

  /** Counts a failure; how long the lock lasts that begins with it, 0 when none does. */
  fail(key: string, now: Instant, longestMs = this.#policy.longestMs): number {
    const { attempts, firstMs, capacity } = this.#policy;
    const known = this.#counts.get(key);
    const count = known === undefined || this.#isOver(known, now) ? anew(now) : known;
    this.#counts.delete(key);
    this.#makeRoom(now, capacity);
    this.#counts.set(key, count);
    count.failures += 1;
    if (count.failures < attempts) return 0;
    count.lockMs = Math.min(longestMs, Math.max(firstMs, count.lockMs * 2));
    count.lockedUntil = now + count.lockMs;
    return count.lockMs;
  }

  forget(key: string): void {
    if (this.#counts.size > 0) this.#counts.delete(key);
  }

  /** Two of the oldest that are over leave with every failure, so that the table shrinks by itself. */
  #makeRoom(now: Instant, capacity: number): void {
    let looked = 0;
    for (const [key, count] of this.#counts) {
      if (looked === 2 || (this.#counts.size < capacity && !this.#isOver(count, now))) return;
      this.#counts.delete(key);
      looked += 1;
    }
  }

  #isOver({ since, lockedUntil, lockMs }: Count, now: Instant): boolean {
    if (lockMs === 0) return now - since >= this.#policy.windowMs;
    return now - lockedUntil >= Math.max(this.#policy.windowMs, lockMs);
  }
}

interface Count {
  failures: number;
  /** Of the first failure. */
  readonly since: Instant;
  lockedUntil: Instant;
  /** Of the last lock; 0 before the first. */
  lockMs: number;
}

const anew = (now: Instant): Count => ({ failures: 0, since: now, lockedUntil: 0, lockMs: 0 });
