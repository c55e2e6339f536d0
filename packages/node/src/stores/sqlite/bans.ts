import type { Ban, BanStore } from '@strowger/server';
import type { Commits } from './commits.ts';
import { type Row, textOf } from './registration-row.ts';

/** Bans in an SQLite file. */
export class SqliteBans implements BanStore {
  readonly #commits: Commits;
  readonly #list: ReturnType<Commits['prepare']>;

  constructor(commits: Commits) {
    this.#commits = commits;
    this.#list = commits.prepare('SELECT * FROM bans ORDER BY network');
  }

  list(): Iterable<Ban> {
    return this.#commits.read(() => this.#list.all()).map(banOf);
  }

  put({ network, reason, by, since, until, times }: Ban): Promise<void> {
    return this.#commits.write(PUT, network, reason, by, since, until ?? null, times).then(() => undefined);
  }

  remove(network: string): Promise<boolean> {
    return this.#commits.write('DELETE FROM bans WHERE network = ?', network).then((rows) => rows > 0);
  }
}

const banOf = (row: Row): Ban => ({
  network: textOf(row.network),
  reason: textOf(row.reason),
  by: row.by === 'guard' ? 'guard' : 'administrator',
  since: Number(row.since),
  until: row.until === null ? undefined : Number(row.until),
  times: Number(row.times),
});

const PUT = 'INSERT OR REPLACE INTO bans (network, reason, by, since, until, times) VALUES (?, ?, ?, ?, ?, ?)';
