import type { Instant } from '@strowger/sip/text';
import { METHOD_CLASSES } from './method-class.ts';
import type { Source } from './source.ts';

/**
 * What the guard remembers of each source, in a table of a fixed size that allocates nothing after its making. A source has
 * one of eight slots; where all are taken the one that was quiet for longest goes, of those that have proved something only
 * if all have. So a flood from made-up addresses drives out made-up addresses. What every message needs stands together in
 * three lines of the processor's cache; what only offences need stands in arrays of its own.
 */
export class Sources {
  /** Points of offences, as they were at `scoredAt`. */
  readonly points: Float64Array;
  readonly scoredAt: Float64Array;
  /** When it was last counted that it sends too much. */
  readonly floodedAt: Float64Array;
  /** Which users it was mistaken about: a bit for each of 32 groups of names. */
  readonly users: Int32Array;
  /** Eight a slot: for each class the instant by which all that it took is used up (GCRA, ITU-T I.371), `SEEN`, `BANNED`. */
  readonly #times: Float64Array;
  /** Four a slot: the source, `STANDING` and `GENERATION`. */
  readonly #marks: Int32Array;
  readonly #seed: number;
  readonly #sets: number;

  /** `capacity`: how many sources are remembered, a power of two; `seed` keeps strangers from choosing whom they drive out. */
  constructor(capacity: number, seed: number) {
    this.points = new Float64Array(capacity);
    this.scoredAt = new Float64Array(capacity);
    this.floodedAt = new Float64Array(capacity);
    this.users = new Int32Array(capacity);
    this.#times = new Float64Array(capacity * TIMES);
    this.#marks = new Int32Array(capacity * MARKS);
    this.#seed = seed | 0;
    this.#sets = capacity / WAYS;
  }

  /** The slot of a source, which is its own from now on. A new one has standing `UNKNOWN`. */
  slotOf(source: Source, now: Instant): number {
    const start = this.#setOf(source) * WAYS;
    const marks = this.#marks;
    for (let slot = start; slot < start + WAYS; slot += 1) {
      const at = slot * MARKS;
      if (marks[at] !== source.low || marks[at + 1] !== source.high || marks[at + STANDING] === FREE) continue;
      this.#times[slot * TIMES + SEEN] = now;
      return slot;
    }
    return this.#take(this.#leastWorthy(start), source, now);
  }

  standingOf(slot: number): number {
    return this.#marks[slot * MARKS + STANDING] ?? FREE;
  }

  setStanding(slot: number, standing: number): void {
    this.#marks[slot * MARKS + STANDING] = standing;
  }

  /** Until when it is banned, in Unix milliseconds; `undefined` when that was looked up under another generation of the bans. */
  bannedUntil(slot: number, generation: number): number | undefined {
    return this.#marks[slot * MARKS + GENERATION] === generation ? this.#times[slot * TIMES + BANNED] : undefined;
  }

  setBannedUntil(slot: number, until: number, generation: number): void {
    this.#marks[slot * MARKS + GENERATION] = generation;
    this.#times[slot * TIMES + BANNED] = until;
  }

  /** Takes what one message costs from what the source may send in `burstMs`; false, and takes nothing, where that is used up. */
  spend(slot: number, methodClass: number, costMs: number, burstMs: number, now: Instant): boolean {
    const at = slot * TIMES + methodClass;
    const spent = Math.max(this.#times[at] ?? 0, now) + costMs;
    if (spent - now > burstMs) return false;
    this.#times[at] = spent;
    return true;
  }

  #leastWorthy(start: number): number {
    let least = start;
    let leastWorth = Number.POSITIVE_INFINITY;
    for (let slot = start; slot < start + WAYS; slot += 1) {
      const standing = this.standingOf(slot);
      if (standing === FREE) return slot;
      const seenAt = this.#times[slot * TIMES + SEEN] ?? 0;
      const worth = standing === PROVED ? seenAt + PROVED_WORTH_MS : seenAt;
      if (worth >= leastWorth) continue;
      leastWorth = worth;
      least = slot;
    }
    return least;
  }

  #take(slot: number, source: Source, now: Instant): number {
    const [marks, times] = [slot * MARKS, slot * TIMES];
    this.#marks[marks] = source.low;
    this.#marks[marks + 1] = source.high;
    this.#marks[marks + STANDING] = UNKNOWN;
    this.#marks[marks + GENERATION] = -1;
    this.#times.fill(0, times, times + TIMES);
    this.#times[times + SEEN] = now;
    this.points[slot] = 0;
    this.scoredAt[slot] = now;
    this.floodedAt[slot] = Number.NEGATIVE_INFINITY;
    this.users[slot] = 0;
    return slot;
  }

  #setOf(source: Source): number {
    let hash = Math.imul(source.low ^ this.#seed, 0x9e3779b1) ^ Math.imul(source.high, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae3d);
    return (hash ^ (hash >>> 13)) & (this.#sets - 1);
  }
}

/** What a slot says of its source: not looked at yet, a stranger, one of whom a user has proved who he is, or one left alone. */
export const UNKNOWN = 1;
export const STRANGER = 2;
export const PROVED = 3;
export const EXEMPT = 4;

const FREE = 0;
const WAYS = 8;
/** How much longer than a stranger one that has proved something is remembered. */
const PROVED_WORTH_MS = 24 * 3_600_000;
const SEEN = METHOD_CLASSES.length;
const BANNED = SEEN + 1;
const TIMES = BANNED + 1;
const STANDING = 2;
const GENERATION = 3;
const MARKS = 4;
