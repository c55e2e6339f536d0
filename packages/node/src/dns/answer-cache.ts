import type { Answer, RecordType } from '@strowger/sip/resolve';

/** What is kept of one answer. Times are monotonic milliseconds. */
export interface KeptAnswer<T extends RecordType> {
  readonly answer: Answer<T>;
  /** The end of the records' own lifetime. */
  readonly expiresAt: number;
  /** When the servers are asked again; behind `expiresAt` while they fail. */
  readonly askAgainAt: number;
}

/** Answers of one record type by name; the one that was asked for longest ago makes room. */
export class AnswerCache<T extends RecordType> {
  readonly #kept = new Map<string, KeptAnswer<T>>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(name: string): KeptAnswer<T> | undefined {
    return this.#kept.get(name);
  }

  set(name: string, kept: KeptAnswer<T>): void {
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#limit) break;
      this.#kept.delete(oldest);
    }
  }
}
