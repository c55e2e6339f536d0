import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { UsageFault } from '@strowger/sip/text';
import { StoreFault } from '../faults.ts';
import type { OpenMode } from './open.ts';

/**
 * One connection, on which everything that is to be written in one turn of the event loop is committed together at its end:
 * a commit costs as much as ten rows, and nobody waits for it longer than for the turn he is in.
 */
export class Commits {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #access: OpenMode['access'];
  readonly #defer: (run: () => void) => void;
  readonly #watchers: ((outcome: 'committed' | 'failed') => void)[] = [];
  #jobs: Job[] = [];

  /** `defer` is told to run a commit at the end of this turn. */
  constructor(db: DatabaseSync, file: string, access: OpenMode['access'], defer: (run: () => void) => void) {
    this.#db = db;
    this.#file = file;
    this.#access = access;
    this.#defer = defer;
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /** Runs a read at once, on what is committed. @throws StoreFault */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#faultOf(error);
    }
  }

  /** Queues a write; its result comes when it is committed. @throws StoreFault, at once when closed, else as a rejection */
  write<T>(work: () => T): Promise<T> {
    if (!this.#db.isOpen) throw this.#faultOf(undefined);
    if (this.#access === 'read') throw new UsageFault(`${this.#file} was opened to be read only`);
    if (this.#jobs.length === 0) this.#defer(() => this.flush());
    return new Promise((resolve, reject) => {
      const run = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      this.#jobs.push({ run, reject });
    });
  }

  /** Calls `watch` after each commit, before anybody learns of its results. */
  afterCommit(watch: (outcome: 'committed' | 'failed') => void): void {
    this.#watchers.push(watch);
  }

  /** Commits what is queued, now. */
  flush(): void {
    const jobs = this.#jobs;
    if (jobs.length === 0) return;
    this.#jobs = [];
    const outcome = this.#commit(jobs);
    const failed = outcome instanceof StoreFault;
    try {
      for (const watch of this.#watchers) watch(failed ? 'failed' : 'committed');
    } finally {
      if (failed) for (const job of jobs) job.reject(outcome);
      else for (const resolve of outcome) resolve();
    }
  }

  close(): void {
    if (!this.#db.isOpen) return;
    this.flush();
    this.#db.close();
  }

  #commit(jobs: readonly Job[]): readonly (() => void)[] | StoreFault {
    this.#rollBack();
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const resolvers = jobs.map((job) => job.run());
      this.#db.exec('COMMIT');
      return resolvers;
    } catch (error) {
      this.#rollBack();
      return this.#faultOf(error);
    }
  }

  /** Ends a transaction that is open. Where that fails too the next commit tries it again. */
  #rollBack(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // Why the commit failed is told; this says nothing more.
    }
  }

  #faultOf(error: unknown): StoreFault {
    if (!this.#db.isOpen) return new StoreFault('NODE_E_STORE_CLOSED', this.#file, 'was closed.', error);
    return new StoreFault('NODE_E_STORE_FAILED', this.#file, `could not be used: ${String(error)}`, error);
  }
}

interface Job {
  /** Inside the transaction; what it returns is called after the commit. */
  run(): () => void;
  reject(fault: StoreFault): void;
}
