import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The line to say where Kamailio's module for SQLite is missing; `undefined` where it is installed. */
export function missingSqliteModule(): string | undefined {
  return existsSync(join(TABLES, 'usrloc-create.sql'))
    ? undefined
    : "Kamailio's module for SQLite is missing, so kamailio (sqlite) is left out: apt-get install kamailio-sqlite-modules";
}

/** Makes the file that WITH_DATABASE names, with the tables that the module needs. */
export function makeKamailioDatabase(folder: string): void {
  const database = new DatabaseSync(join(folder, 'location.db'));
  database.exec('PRAGMA journal_mode = WAL');
  for (const name of ['standard', 'usrloc']) database.exec(readFileSync(join(TABLES, `${name}-create.sql`), 'utf8'));
  database.close();
}

/** Where the Debian package puts its table definitions. */
const TABLES = '/usr/share/kamailio/db_sqlite';
