/** Counts by reason, so that a flood of drops becomes a line a second. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #onFirst: () => void;

  /** `onFirst` is called with the first count after each `take`: somebody has to take what is counted. */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  /** The reasons are few and ours: none is made from what a stranger sends. */
  add(reason: string): void {
    const isFirst = this.#counts.size === 0;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    if (isFirst) this.#onFirst();
  }

  /** What was counted since the last time. */
  take(): readonly (readonly [reason: string, count: number])[] {
    const counts = [...this.#counts];
    this.#counts.clear();
    return counts;
  }
}
