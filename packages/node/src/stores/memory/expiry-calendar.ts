import type { UnixMs } from '@strowger/sip/text';

/** What expires when, in buckets of one second, so that what is due is found without looking at the rest. */
export class ExpiryCalendar<T> {
  readonly #buckets = new Map<number, Set<T>>();
  /** No bucket is for an earlier second. */
  #first = Number.POSITIVE_INFINITY;

  add(item: T, at: UnixMs): void {
    const second = secondOf(at);
    const bucket = this.#buckets.get(second);
    if (bucket === undefined) this.#buckets.set(second, new Set([item]));
    else bucket.add(item);
    if (second < this.#first) this.#first = second;
  }

  /** `at` is what the item was added with. */
  remove(item: T, at: UnixMs): void {
    const second = secondOf(at);
    const bucket = this.#buckets.get(second);
    bucket?.delete(item);
    if (bucket?.size === 0) this.#buckets.delete(second);
  }

  /** Moves an item; nothing happens when it stays in its second, so this is allowed while `due` is being read. */
  move(item: T, from: UnixMs, to: UnixMs): void {
    if (secondOf(from) === secondOf(to)) return;
    this.remove(item, from);
    this.add(item, to);
  }

  /** The items of all seconds up to that of `now`; some in the last one may be due a little later. */
  *due(now: UnixMs): Iterable<T> {
    const last = secondOf(now);
    for (const second of this.#secondsTo(last)) {
      const bucket = this.#buckets.get(second);
      if (bucket !== undefined) yield* bucket;
    }
  }

  /** After a long pause there are fewer buckets than seconds. */
  #secondsTo(last: number): readonly number[] {
    if (this.#first > last) return [];
    if (last - this.#first > this.#buckets.size) {
      this.#first = [...this.#buckets.keys()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    }
    while (this.#first <= last && !this.#buckets.has(this.#first)) this.#first += 1;
    if (last - this.#first > this.#buckets.size) return [...this.#buckets.keys()].filter((second) => second <= last);
    const seconds = [];
    for (let second = this.#first; second <= last; second += 1) seconds.push(second);
    return seconds;
  }
}

const secondOf = (at: UnixMs): number => Math.floor(at / 1000);
