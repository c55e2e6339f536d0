import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** A statement and its values. The same text is prepared once. */
export type Job = readonly [sql: string, ...values: SQLInputValue[]];

/** How many rows each job changed, or why nothing was changed. */
export type Outcome = readonly number[] | Error;

/** Runs jobs as one transaction. */
export interface Writer {
  /** One at a time: `done` is called before the next may come. It may be called at once. */
  commit(jobs: readonly Job[], done: (outcome: Outcome) => void): void;
  /** Finishes what it was given, calls `done` for it, and lets go of the file. */
  close(): void;
}

/** Transactions on one connection. */
export class Transactions {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  run(jobs: readonly Job[]): Outcome {
    this.#rollBack();
    try {
      this.#begin.run();
      const changes = jobs.map(([sql, ...values]) => Number(this.#statementOf(sql).run(...values).changes));
      this.#commit.run();
      return changes;
    } catch (error) {
      this.#rollBack();
      return error instanceof Error ? error : new Error(String(error));
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

  #statementOf(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
