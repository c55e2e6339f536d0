import type { DatabaseSync } from 'node:sqlite';
import { type Job, type Outcome, Transactions, type Writer } from './writer.ts';
import type { WriterThread } from './writer-thread.ts';

/**
 * Commits on the loop, which is quickest: nothing waits for the disk, for the operating system takes everything at once. Only what
 * moves the log into the file does (`wal_checkpoint`): that a thread does, from time to time.
 */
export class LoopWriter implements Writer {
  readonly #transactions: Transactions;
  readonly #startThread: () => WriterThread;
  #thread: WriterThread | undefined;
  /** About how many pages were added to the log since it was moved. */
  #pages = 0;
  #moving: 'no' | 'yes' | 'the rest' = 'no';
  #waiting: { readonly jobs: readonly Job[]; readonly done: (outcome: Outcome) => void } | undefined;

  constructor(db: DatabaseSync, startThread: () => WriterThread) {
    this.#transactions = new Transactions(db);
    this.#startThread = startThread;
  }

  commit(jobs: readonly Job[], done: (outcome: Outcome) => void): void {
    if (this.#moving === 'the rest') {
      this.#waiting = { jobs, done };
      return;
    }
    this.#pages += 2 + jobs.length / ROWS_OF_PAGE;
    if (this.#pages > MOVED_PAGES && this.#moving === 'no') this.#move();
    done(this.#transactions.run(jobs));
  }

  close(): void {
    this.#thread?.close();
    this.#moving = 'no';
    this.#goOn();
  }

  /**
   * In two parts: while the first is moved, which is much, commits go on; the second is little, and for it they wait, so that the log
   * is moved as a whole for once and begins anew. The loop waits for neither.
   */
  #move(): void {
    this.#thread ??= this.#startThread();
    const thread = this.#thread;
    this.#moving = 'yes';
    thread.checkpoint(() => {
      this.#moving = 'the rest';
      thread.checkpoint(() => {
        this.#moving = 'no';
        this.#pages = 0;
        this.#goOn();
      });
    });
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) waiting.done(this.#transactions.run(waiting.jobs));
  }
}

/** 16 MiB of log. */
const MOVED_PAGES = 4000;
const ROWS_OF_PAGE = 10;
