import type { SeededRandom } from './seeded-random.ts';

/** What happens on the way from one host to another. Likelihoods are from 0 to 1. */
export interface Conditions {
  readonly delayMs: number;
  /** Up to so much is added to the delay, evenly spread. Datagrams may overtake each other; streams stay in order. */
  readonly jitterMs: number;
  readonly loss: number;
  readonly duplicate: number;
  /** How likely a datagram is held back for `reorderMs`, so that later ones overtake it. */
  readonly reorder: number;
  readonly reorderMs: number;
  /** Datagrams of more bytes vanish, as they do where fragments are not let through (RFC 3261 §18.1.1). */
  readonly mtuBytes: number;
}

export const PERFECT: Conditions = {
  delayMs: 10,
  jitterMs: 0,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  reorderMs: 30,
  mtuBytes: 65_507,
};

export type Loss = 'lost' | 'dropped' | 'partition' | 'too large' | 'nobody there' | 'cut';

/** How long each copy of a datagram takes; none: it is lost, and why. */
export type Fate = { readonly delays: readonly number[] } | { readonly loss: Loss };

/** One direction between two hosts. */
export class Path {
  conditions: Conditions;
  isPartitioned = false;
  readonly #random: SeededRandom;
  #drops: { left: number; readonly matches: (label: string) => boolean }[] = [];

  constructor(conditions: Conditions, random: SeededRandom) {
    this.conditions = conditions;
    this.#random = random;
  }

  /** The next `count` datagrams whose label matches are lost, whatever the conditions say. */
  dropNext(count: number, matches: (label: string) => boolean): void {
    this.#drops.push({ left: count, matches });
  }

  fateOf(bytes: number, label: string): Fate {
    const { loss, duplicate, reorder, reorderMs, mtuBytes } = this.conditions;
    // Every datagram draws the same amount of numbers, so that one more drop does not change the fate of all that follow.
    const isLost = this.#random.fraction() < loss;
    const isTwice = this.#random.fraction() < duplicate;
    const isLate = this.#random.fraction() < reorder;
    const [first, second] = [this.#delayMs(), this.#delayMs()];
    if (this.isPartitioned) return { loss: 'partition' };
    if (bytes > mtuBytes) return { loss: 'too large' };
    if (this.#isDropped(label)) return { loss: 'dropped' };
    if (isLost) return { loss: 'lost' };
    const delay = first + (isLate ? reorderMs : 0);
    return { delays: isTwice ? [delay, second] : [delay] };
  }

  /** How long a stretch of a stream takes: what is lost is sent again, each time after twice the wait (RFC 6298 §5). */
  streamDelayMs(): number {
    let waitMs = 0;
    for (
      let retryMs = RETRY_MS;
      this.#random.fraction() < this.conditions.loss && retryMs < LAST_RETRY_MS;
      retryMs *= 2
    )
      waitMs += retryMs;
    return waitMs + this.#delayMs();
  }

  #delayMs(): number {
    const { delayMs, jitterMs } = this.conditions;
    return delayMs + Math.floor(this.#random.fraction() * (jitterMs + 1));
  }

  #isDropped(label: string): boolean {
    const drop = this.#drops.find((candidate) => candidate.matches(label));
    if (drop === undefined) return false;
    drop.left -= 1;
    if (drop.left <= 0) this.#drops = this.#drops.filter((other) => other !== drop);
    return true;
  }
}

const RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
