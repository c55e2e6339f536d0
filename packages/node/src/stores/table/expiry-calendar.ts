import type { UnixMs } from '@strowger/sip/text';

/** Where the items themselves keep the second that they are filed under; 0: under none. */
export interface Filing {
  filedOf(item: number): number;
  setFiled(item: number, second: number): void;
}

/**
 * What may be due when, in buckets of one second. An item that becomes due later stays where it is: who meets it there files it
 * anew. So the usual refresh costs nothing here, and an item that is gone only has to say that it is filed nowhere.
 */
export class ExpiryCalendar {
  readonly #filing: Filing;
  readonly #buckets = new Map<number, number[]>();
  /** No bucket is for an earlier second. */
  #first = Number.POSITIVE_INFINITY;

  constructor(filing: Filing) {
    this.#filing = filing;
  }

  /** Sees to it that `take` gives the item when it is asked at this time or later. */
  file(item: number, at: UnixMs): void {
    const second = secondOf(at);
    const filed = this.#filing.filedOf(item);
    if (filed !== 0 && filed <= second) return;
    this.#filing.setFiled(item, second);
    const bucket = this.#buckets.get(second);
    if (bucket === undefined) this.#buckets.set(second, [item]);
    else bucket.push(item);
    if (second < this.#first) this.#first = second;
  }

  /** Takes out an item that was filed for a second up to that of `now`, or 0. In the last second it may be due a little later. */
  take(now: UnixMs): number {
    const last = secondOf(now);
    while (this.#seek(last)) {
      const item = this.#buckets.get(this.#first)?.pop();
      if (item === undefined) {
        this.#buckets.delete(this.#first);
        this.#first += 1;
      } else if (this.#filing.filedOf(item) === this.#first) {
        this.#filing.setFiled(item, 0);
        return item;
      } // else it is gone, or was filed elsewhere since
    }
    return 0;
  }

  /** Goes to the first bucket; false when it is behind `last`. After a long pause there are fewer buckets than seconds. */
  #seek(last: number): boolean {
    if (this.#first > last) return false;
    if (this.#buckets.has(this.#first)) return true;
    if (last - this.#first > this.#buckets.size) {
      this.#first = Number.POSITIVE_INFINITY;
      for (const second of this.#buckets.keys()) this.#first = Math.min(this.#first, second);
    } else {
      while (this.#first <= last && !this.#buckets.has(this.#first)) this.#first += 1;
    }
    return this.#first <= last;
  }
}

/** At least 1: 0 says that something is filed nowhere. */
const secondOf = (at: UnixMs): number => Math.max(1, Math.floor(at / 1000));
