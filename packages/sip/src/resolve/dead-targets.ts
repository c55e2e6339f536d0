import type { Instant } from '../text/time.ts';
import type { ResolvedTarget } from './target.ts';

/** Where something is sent to. */
export type Place = Pick<ResolvedTarget, 'protocol' | 'host' | 'port'>;

export const DEAD_TARGET_LIMITS = {
  /** How many are remembered; the one that failed longest ago makes room. */
  targets: 1_000,
  firstRestMs: 15_000,
  longestRestMs: 600_000,
  /** The most that is believed of a Retry-After. */
  longestRetryAfterMs: 3_600_000,
  /** For so long one request tries a target that has rested while the others still pass it by: as long as it may go unanswered. */
  trialMs: 33_000,
} as const;

/** The places that failed of late (RFC 3263 §4.3 keeps no such memory; without it every call would wait for the dead one). */
export class DeadTargets {
  readonly #resting = new Map<string, Rest>();

  get size(): number {
    return this.#resting.size;
  }

  /**
   * It timed out, refused the connection or answered 503. The rest doubles with each failure after a rest; failures during
   * one count as the same. `retryAfterMs` is what a 503 asked for (RFC 3261 §21.5.4).
   */
  failed(place: Place, now: Instant, retryAfterMs = 0): void {
    const key = keyOf(place);
    const known = this.#resting.get(key);
    const isSame = known !== undefined && now < known.until && known.trial === 'not yet';
    const isForgotten = known === undefined || now - known.until > DEAD_TARGET_LIMITS.longestRestMs;
    const restMs = isSame
      ? known.restMs
      : isForgotten
        ? DEAD_TARGET_LIMITS.firstRestMs
        : Math.min(known.restMs * 2, DEAD_TARGET_LIMITS.longestRestMs);
    const until = isSame ? known.until : now + restMs;
    const asked = now + Math.min(retryAfterMs, DEAD_TARGET_LIMITS.longestRetryAfterMs);
    this.#resting.delete(key);
    this.#resting.set(key, { restMs, until: Math.max(until, asked), trial: 'not yet' });
    for (const oldest of this.#resting.keys()) {
      if (this.#resting.size <= DEAD_TARGET_LIMITS.targets) break;
      this.#resting.delete(oldest);
    }
  }

  /** It answered anything but 503. */
  answered(place: Place): void {
    if (this.#resting.size > 0) this.#resting.delete(keyOf(place));
  }

  /** True for a place to pass by while there are others. Of those who ask when its rest is over one gets it to try. */
  isResting(place: Place, now: Instant): boolean {
    if (this.#resting.size === 0) return false;
    const rest = this.#resting.get(keyOf(place));
    if (rest === undefined) return false;
    if (now < rest.until) return true;
    rest.until = now + DEAD_TARGET_LIMITS.trialMs;
    rest.trial = 'under way';
    return false;
  }
}

interface Rest {
  readonly restMs: number;
  until: Instant;
  trial: 'not yet' | 'under way';
}

const keyOf = ({ protocol, host, port }: Place): string => `${protocol}:${host}:${port}`;
