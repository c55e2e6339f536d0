import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '@strowger/sip/roles/registrar';
import type { Store } from '../store.ts';
import { SqliteBans } from './bans.ts';
import { Commits } from './commits.ts';
import { SqliteLocations } from './locations.ts';
import { LoopWriter } from './loop-writer.ts';
import { openFaultOf, openFile } from './open.ts';
import { ReadLocations } from './read-locations.ts';
import { textOf } from './registration-row.ts';
import { SqliteUsers } from './users.ts';
import type { Writer } from './writer.ts';
import { WriterThread } from './writer-thread.ts';

export interface SqliteOptions {
  /** `read` is for looking into a file whose server may be running; default `write`, for one process at a time. */
  readonly access?: 'read' | 'write';
  /** How long a lock of another process is waited for, in milliseconds; everything stands still meanwhile. */
  readonly busyMs?: number;
  /**
   * What an acknowledged write outlives: `process`, the default: the end of the process at any moment, not that of the machine, whose
   * system writes it out within seconds. `power`: that too, for it is on the disk before it is acknowledged.
   */
  readonly durability?: 'process' | 'power';
  /** Runs a commit at the end of this turn of the event loop; default `setImmediate`. */
  readonly defer?: (run: () => void) => void;
}

/**
 * Opens a store in an SQLite file and makes it when there is none; its folder must exist. All bindings are read into memory.
 * @throws StoreFault for a file that is foreign, damaged, newer, locked or out of reach; none of them is changed
 */
export function openSqliteStore(file: string, options: SqliteOptions = {}): Store {
  const access = options.access ?? 'write';
  const busyMs = options.busyMs ?? BUSY_MS;
  const db = openFile(file, { access, busyMs });
  try {
    const writer = writerOf(db, file, busyMs, access === 'read' ? 'process' : (options.durability ?? 'process'));
    const commits = new Commits(db, file, access, writer, options.defer ?? setImmediate);
    return {
      locations: access === 'read' ? new ReadLocations(commits) : new SqliteLocations(commits),
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

function writerOf(db: DatabaseSync, file: string, busyMs: number, durability: 'process' | 'power'): Writer {
  const startThread = (): WriterThread => new WriterThread(file, busyMs);
  return durability === 'power' ? startThread() : new LoopWriter(db, startThread);
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
    return this.#commits.write('INSERT OR REPLACE INTO settings VALUES (?, ?)', name, value).then(() => undefined);
  }
}

const BUSY_MS = 200;
