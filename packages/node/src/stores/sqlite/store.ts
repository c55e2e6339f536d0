import type { Settings } from '@strowger/sip/roles/registrar';
import type { Store } from '../store.ts';
import { SqliteBans } from './bans.ts';
import { textOf } from './binding-row.ts';
import { Commits } from './commits.ts';
import { reserveVersions, SqliteLocations } from './locations.ts';
import { openFaultOf, openFile } from './open.ts';
import { SqliteUsers } from './users.ts';

export interface SqliteOptions {
  /** `read` is for looking into a file whose server may be running; default `write`, for one process at a time. */
  readonly access?: 'read' | 'write';
  /** How long a lock of another process is waited for, in milliseconds; everything stands still meanwhile. */
  readonly busyMs?: number;
  /** Runs a commit at the end of this turn of the event loop; default `setImmediate`. */
  readonly defer?: (run: () => void) => void;
}

/**
 * Opens a store in an SQLite file and makes it when there is none; its folder must exist. What was acknowledged outlives the
 * death of the process at any moment (not that of the machine: the operating system writes it out within seconds).
 * @throws StoreFault for a file that is foreign, damaged, newer, locked or out of reach; none of them is changed
 */
export function openSqliteStore(file: string, options: SqliteOptions = {}): Store {
  const access = options.access ?? 'write';
  const db = openFile(file, { access, busyMs: options.busyMs ?? BUSY_MS });
  try {
    const commits = new Commits(db, file, access, options.defer ?? setImmediate);
    const firstVersion = access === 'write' ? reserveVersions(commits) : Number.POSITIVE_INFINITY;
    return {
      locations: new SqliteLocations(commits, firstVersion),
      users: new SqliteUsers(commits),
      settings: new SqliteSettings(commits),
      bans: new SqliteBans(commits),
      close: () => commits.close(),
    };
  } catch (error) {
    db.close();
    throw openFaultOf(error, file);
  }
}

class SqliteSettings implements Settings {
  readonly #commits: Commits;
  constructor(commits: Commits) {
    this.#commits = commits;
  }

  get(name: string): string | undefined {
    const row = this.#commits.read(() => this.#commits.prepare('SELECT value FROM settings WHERE name = ?').get(name));
    return row === undefined ? undefined : textOf(row.value);
  }

  put(name: string, value: string): Promise<void> {
    return this.#commits.write(() => {
      this.#commits.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)').run(name, value);
    });
  }
}

const BUSY_MS = 200;
