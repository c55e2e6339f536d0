import type { Instant } from '../text/time.ts';

/** What can be due: an entry of a wheel. The links belong to the wheel. */
export interface Timed {
  dueAt: Instant;
  next: Timed | undefined;
  previous: Timed | undefined;
  /** The wheel's position where it hangs; -1 while it hangs nowhere. */
  place: number;
  /** Called once when the deadline has come; the entry is off the wheel by then. */
  onDue(now: Instant): void;
}

/**
 * Many deadlines, few of which are reached: arming and disarming is a change of four links, looking for what is due touches
 * only the positions that time has passed. Deadlines are met late by at most one tick, never early.
 */
export class Wheel {
  readonly #tickMs: number;
  /** One list for each position, and behind them the list of what is due and not yet told. */
  readonly #heads: (Timed | undefined)[];
  readonly #mask: number;
  /** The tick up to which everything due was handed out. */
  #tick: number;
  #count = 0;

  constructor(now: Instant, tickMs = 10, positions = 4096) {
    this.#tickMs = tickMs;
    this.#heads = new Array<Timed | undefined>(positions + 1).fill(undefined);
    this.#mask = positions - 1;
    this.#tick = Math.floor(now / tickMs);
  }

  get size(): number {
    return this.#count;
  }

  /** Sets or moves the deadline of an entry; `Infinity` takes it off. */
  set(entry: Timed, dueAt: Instant): void {
    if (entry.place >= 0) {
      if (entry.dueAt === dueAt) return;
      this.remove(entry);
    }
    entry.dueAt = dueAt;
    if (dueAt === Number.POSITIVE_INFINITY) return;
    this.#hang(entry, Math.max(this.#tick + 1, Math.ceil(dueAt / this.#tickMs)) & this.#mask);
  }

  remove(entry: Timed): void {
    if (entry.place < 0) return;
    if (entry.previous !== undefined) entry.previous.next = entry.next;
    else this.#heads[entry.place] = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    entry.next = undefined;
    entry.previous = undefined;
    entry.place = -1;
    this.#count -= 1;
  }

  /** Tells every entry that is due, taken off; it may set or remove itself or any other, also one that is due as well. */
  advance(now: Instant): void {
    const until = Math.floor(now / this.#tickMs);
    this.#tellDue(now);
    const first = Math.max(this.#tick + 1, until - this.#mask);
    for (let tick = first; tick <= until; tick += 1) {
      this.#tick = tick;
      for (let entry = this.#heads[tick & this.#mask]; entry !== undefined; ) {
        const next = entry.next;
        if (Math.ceil(entry.dueAt / this.#tickMs) <= tick) {
          this.remove(entry);
          this.#hang(entry, this.#due);
        }
        entry = next;
      }
      this.#tellDue(now);
    }
    this.#tick = Math.max(this.#tick, until);
  }

  /** When `advance` is worth calling next: the time of the next position that is not empty; `Infinity` for an empty wheel. */
  nextAt(): Instant {
    if (this.#count === 0) return Number.POSITIVE_INFINITY;
    if (this.#heads[this.#due] !== undefined) return this.#tick * this.#tickMs;
    let tick = this.#tick + 1;
    while (this.#heads[tick & this.#mask] === undefined) tick += 1;
    return tick * this.#tickMs;
  }

  /** Where what is due hangs until it is told, so that it can still be moved and removed. */
  get #due(): number {
    return this.#mask + 1;
  }

  #tellDue(now: Instant): void {
    for (let entry = this.#heads[this.#due]; entry !== undefined; entry = this.#heads[this.#due]) {
      this.remove(entry);
      entry.onDue(now);
    }
  }

  #hang(entry: Timed, place: number): void {
    const head = this.#heads[place];
    entry.place = place;
    entry.previous = undefined;
    entry.next = head;
    if (head !== undefined) head.previous = entry;
    this.#heads[place] = entry;
    this.#count += 1;
  }
}
