import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { UsageFault } from '@strowger/sip/text';
import { StoreFault } from '../faults.ts';
import type { OpenMode } from './open.ts';
import type { Job, Outcome, Writer } from './writer.ts';

/**
 * Everything that is to be written in one turn of the event loop is committed together at its end: a commit costs as much as ten rows,
 * and nobody waits for it longer than for the turn he is in. Where the writer needs longer, what comes meanwhile is the next commit.
 */
export class Commits {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #access: OpenMode['access'];
  readonly #writer: Writer;
  readonly #defer: (run: () => void) => void;
  #state: 'open' | 'closed' = 'open';
  #queue: Batch | undefined;
  #running: Batch | undefined;

  /** `db` is what is read from; `defer` is told to run a commit at the end of this turn. */
  constructor(
    db: DatabaseSync,
    file: string,
    access: OpenMode['access'],
    writer: Writer,
    defer: (run: () => void) => void,
  ) {
    this.#db = db;
    this.#file = file;
    this.#access = access;
    this.#writer = writer;
    this.#defer = defer;
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /** @throws StoreFault */
  requireOpen(): void {
    if (this.#state === 'closed') throw this.#faultOf(undefined);
  }

  /** What is answered to who writes where nothing may be written. @throws UsageFault */
  refuse(): never {
    throw new UsageFault(`${this.#file} was opened to be read only`);
  }

  /** Runs a read at once, on what is committed. @throws StoreFault */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  /** Queues a write and tells, when it is committed, how many rows it changed. @throws StoreFault as `add` */
  write(sql: string, ...values: SQLInputValue[]): Promise<number> {
    const batch = this.#add([sql, ...values]);
    const place = batch.jobs.length - 1;
    return batch.done.then((changes) => changes[place] ?? 0);
  }

  /**
   * Queues a write. What it gives is the same for all of one commit. `settle` is called before anybody learns of the outcome.
   * @throws StoreFault at once when closed, else as a rejection
   */
  add(job: Job, settle?: (outcome: 'committed' | 'failed') => void): Promise<true> {
    const batch = this.#add(job);
    if (settle !== undefined) batch.settlers.push(settle);
    return batch.isDone;
  }

  /** Commits what is queued, unless the writer is busy: then it comes next. */
  flush(): void {
    const batch = this.#queue;
    if (batch === undefined || this.#running !== undefined) return;
    this.#queue = undefined;
    this.#running = batch;
    this.#writer.commit(batch.jobs, (outcome) => {
      this.#running = undefined;
      this.#settle(batch, outcome);
      this.flush();
    });
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.flush();
    this.#writer.close(); // which tells the outcome of what it had, and so takes what is queued behind it
    this.#db.close();
  }

  #add(job: Job): Batch {
    if (this.#access === 'read') this.refuse();
    this.requireOpen();
    if (this.#queue === undefined) {
      this.#queue = createBatch();
      if (this.#running === undefined) this.#defer(() => this.flush());
    }
    this.#queue.jobs.push(job);
    return this.#queue;
  }

  /** What failed takes with it what was queued meanwhile: that may have been decided on what is not so now. */
  #settle(batch: Batch, outcome: Outcome): void {
    const doomed = this.#queue;
    if (outcome instanceof Error) this.#queue = undefined;
    const batches = outcome instanceof Error && doomed !== undefined ? [batch, doomed] : [batch];
    try {
      for (const { settlers } of batches)
        for (const settle of settlers) settle(outcome instanceof Error ? 'failed' : 'committed');
    } finally {
      if (outcome instanceof Error) for (const { reject } of batches) reject(this.#faultOf(outcome));
      else batch.resolve(outcome);
    }
  }

  #faultOf(error: unknown): StoreFault {
    if (this.#state === 'closed' && !this.#db.isOpen)
      return new StoreFault('NODE_E_STORE_CLOSED', this.#file, 'was closed.', error);
    return new StoreFault('NODE_E_STORE_FAILED', this.#file, `could not be used: ${String(error)}`, error);
  }
}

/** What is committed together. */
interface Batch {
  readonly jobs: Job[];
  readonly settlers: ((outcome: 'committed' | 'failed') => void)[];
  readonly done: Promise<readonly number[]>;
  readonly isDone: Promise<true>;
  resolve(changes: readonly number[]): void;
  reject(fault: StoreFault): void;
}

function createBatch(): Batch {
  let resolve: Batch['resolve'] = () => undefined;
  let reject: Batch['reject'] = () => undefined;
  const done = new Promise<readonly number[]>((kept, broken) => {
    resolve = kept;
    reject = broken;
  });
  const isDone = done.then(() => true as const);
  isDone.catch(() => undefined); // Whoever asked is told; not everybody asks.
  return { jobs: [], settlers: [], done, isDone, resolve, reject };
}
