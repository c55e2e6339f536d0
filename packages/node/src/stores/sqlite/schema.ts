import type { DatabaseSync } from 'node:sqlite';

/** Tells our files from all others: "Stro" as a number (SQLite file format §1.3.16). */
export const APPLICATION_ID = 0x5374726f;

/**
 * The schema as its history: entry n brings a file from version n to n + 1. An entry that was ever released is not edited.
 * Times are Unix milliseconds. `registrations` is a journal: the row of an address-of-record with the highest id holds all its
 * bindings (`HeldBindings`), or NULL when it has none; `version` counts them all.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE bindings (
    id INTEGER PRIMARY KEY,
    aor TEXT NOT NULL,
    version INTEGER NOT NULL,
    key TEXT NOT NULL,
    contact TEXT NOT NULL,
    params TEXT NOT NULL,
    q INTEGER,
    call_id TEXT NOT NULL,
    cseq INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    path TEXT NOT NULL,
    protocol TEXT NOT NULL,
    local_host TEXT NOT NULL,
    local_port INTEGER NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    instance TEXT,
    reg_id INTEGER,
    user_agent TEXT
  ) STRICT;
  CREATE INDEX bindings_by_aor ON bindings (aor);
  CREATE INDEX bindings_by_expiry ON bindings (expires_at);
  CREATE TABLE users (
    realm TEXT NOT NULL,
    username TEXT NOT NULL,
    ha1_md5 TEXT NOT NULL,
    ha1_sha_256 TEXT NOT NULL,
    ha1_sha_512_256 TEXT NOT NULL,
    userhash_md5 TEXT NOT NULL,
    userhash_sha_256 TEXT NOT NULL,
    userhash_sha_512_256 TEXT NOT NULL,
    PRIMARY KEY (realm, username)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX users_by_md5 ON users (userhash_md5);
  CREATE INDEX users_by_sha_256 ON users (userhash_sha_256);
  CREATE INDEX users_by_sha_512_256 ON users (userhash_sha_512_256);
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counters VALUES ('version', 1);`,
  `ALTER TABLE bindings ADD COLUMN reach TEXT NOT NULL DEFAULT 'contact';
  ALTER TABLE bindings ADD COLUMN gruus_since INTEGER;
  UPDATE bindings SET reach = 'flow' WHERE reg_id IS NOT NULL AND path = '[]';
  UPDATE bindings SET gruus_since = registered_at WHERE instance IS NOT NULL;`,
  `CREATE TABLE bans (
    network TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    times INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE registrations (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    aor TEXT NOT NULL,
    numbers TEXT,
    texts TEXT
  ) STRICT;
  INSERT INTO registrations (version, aor, numbers, texts)
    SELECT max(version), aor,
      group_concat(expires_at || ' ' || updated_at || ' ' || registered_at || ' ' || coalesce(gruus_since, '') || ' ' || cseq
        || ' ' || coalesce(q, '') || ' ' || coalesce(reg_id, '')
        || ' ' || CASE protocol WHEN 'tcp' THEN 1 WHEN 'tls' THEN 2 WHEN 'ws' THEN 3 WHEN 'wss' THEN 4 ELSE 0 END
        || ' ' || local_port || ' ' || port || ' ' || connection || ' ' || (reach = 'flow') || ' 1', ' ' ORDER BY id),
      group_concat(json_quote(contact) || char(10) || json_quote(key) || char(10) || json_quote(params) || char(10)
        || json_quote(call_id) || char(10) || json_quote(local_host) || char(10) || json_quote(host) || char(10)
        || CASE WHEN instance IS NULL THEN '' ELSE json_quote(instance) END || char(10)
        || CASE WHEN user_agent IS NULL THEN '' ELSE json_quote(user_agent) END || char(10)
        || json_quote(path) || char(10), '' ORDER BY id)
    FROM bindings GROUP BY aor ORDER BY max(version);
  DROP TABLE bindings;
  DROP TABLE counters;`,
];

/** Brings the file to the newest schema, each step whole or not at all; another process may be doing the same. */
export function migrate(db: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  while (schemaVersionOf(db) < migrations.length) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const version = schemaVersionOf(db);
      const step = migrations[version];
      if (step !== undefined) {
        db.exec(step);
        db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version + 1}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

export const schemaVersionOf = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.user_version);
