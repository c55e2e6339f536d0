import type { Ban, BanStore } from '@strowger/server';
import { type Row, textOf } from './binding-row.ts';
import type { Commits } from './commits.ts';

/** Bans in an SQLite file. */
export class SqliteBans implements BanStore {
  readonly #commits: Commits;
  readonly #sql: ReturnType<typeof statementsOf>;

  constructor(commits: Commits) {
    this.#commits = commits;
    this.#sql = statementsOf(commits);
  }

  list(): Iterable<Ban> {
    return this.#commits.read(() => this.#sql.list.all()).map(banOf);
  }

  put({ network, reason, by, since, until, times }: Ban): Promise<void> {
    return this.#commits.write(() => {
      this.#sql.put.run(network, reason, by, since, until ?? null, times);
    });
  }

  remove(network: string): Promise<boolean> {
    return this.#commits.write(() => Number(this.#sql.remove.run(network).changes) > 0);
  }
}

function statementsOf(commits: Commits) {
  return {
    list: commits.prepare('SELECT * FROM bans ORDER BY network'),
    put: commits.prepare(
      'INSERT OR REPLACE INTO bans (network, reason, by, since, until, times) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    remove: commits.prepare('DELETE FROM bans WHERE network = ?'),
  };
}

const banOf = (row: Row): Ban => ({
  network: textOf(row.network),
  reason: textOf(row.reason),
  by: row.by === 'guard' ? 'guard' : 'administrator',
  since: Number(row.since),
  until: row.until === null ? undefined : Number(row.until),
  times: Number(row.times),
});
