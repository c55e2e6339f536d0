import {
  type Binding,
  type Loaded,
  type Located,
  type Locations,
  requireStorable,
} from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { aorOf, BINDING_COLUMNS, bindingOf, numberOf, type Row, rowOf, textOf, versionOf } from './binding-row.ts';
import type { Commits } from './commits.ts';

/**
 * A location service in an SQLite file: one row for each binding. One process writes; `load` sees its queue, `lookup` the
 * file. A version is taken from a counter that never repeats in the life of a file.
 */
export class SqliteLocations implements Locations {
  readonly #commits: Commits;
  readonly #sql: ReturnType<typeof statementsOf>;
  /** What is queued for the next commit, by address-of-record. */
  readonly #queued = new Map<string, Loaded>();
  /** Rows below this version were written by an earlier process. */
  readonly #firstVersion: number;
  #nextVersion: number;
  /** Versions from here on are not set aside in the file yet. */
  #reservedTo = 0;

  /** `firstVersion` as `reserveVersions` told. */
  constructor(commits: Commits, firstVersion: number) {
    this.#commits = commits;
    this.#sql = statementsOf(commits);
    this.#firstVersion = firstVersion;
    this.#nextVersion = firstVersion;
    commits.afterCommit((outcome) => {
      this.#queued.clear();
      if (outcome === 'failed') this.#reservedTo = 0;
    });
  }

  load(aor: string, now: UnixMs): Loaded {
    const queued = this.#queued.get(aor);
    if (queued !== undefined) return { bindings: liveOf(queued.bindings, now), version: queued.version };
    return this.#commits.read(() => {
      const rows = this.#sql.select.all(aor);
      const version = rows[0] === undefined ? 0 : versionOf(rows[0]);
      return { bindings: liveOf(this.#bindingsOf(rows), now), version };
    });
  }

  save(aor: string, bindings: readonly Binding[], version: number): boolean | Promise<boolean> {
    requireStorable(bindings);
    if (this.#versionOf(aor) !== version) return false;
    const next = bindings.length === 0 ? 0 : this.#nextVersion;
    const done = this.#commits.write(() => {
      if (bindings.length > 0) this.#reserve(next);
      this.#sql.remove.run(aor);
      for (const binding of bindings) this.#sql.insert.run(...rowOf(aor, next, binding));
      return true;
    });
    this.#queued.set(aor, { bindings, version: next });
    this.#nextVersion += 1;
    return done;
  }

  lookup(aor: string, now: UnixMs): readonly Binding[] {
    return this.#commits.read(() => liveOf(this.#bindingsOf(this.#sql.select.all(aor)), now));
  }

  expire(now: UnixMs, limit: number): Promise<readonly Located[]> {
    return this.#commits.write(() => this.#sql.expire.all(now, limit).map((row) => this.#locatedOf(row)));
  }

  *entries(now: UnixMs, after = ''): Iterable<Located> {
    let last = after;
    for (;;) {
      const page = this.#commits.read(() => this.#sql.aorsAfter.all(last, PAGE_AORS));
      for (const { aor } of page) {
        last = textOf(aor);
        for (const binding of this.lookup(last, now)) yield { aor: last, binding };
      }
      if (page.length < PAGE_AORS) return;
    }
  }

  #versionOf(aor: string): number {
    const queued = this.#queued.get(aor);
    if (queued !== undefined) return queued.version;
    return this.#commits.read(() => {
      const row = this.#sql.version.get(aor);
      return row === undefined ? 0 : numberOf(row.version);
    });
  }

  #bindingsOf(rows: readonly Row[]): readonly Binding[] {
    return rows.map((row) => bindingOf(row, this.#firstVersion));
  }

  #locatedOf(row: Row): Located {
    return { aor: aorOf(row), binding: bindingOf(row, this.#firstVersion) };
  }

  /** Once in `RESERVED_VERSIONS` saves, within the transaction that uses the first of them. */
  #reserve(version: number): void {
    if (version < this.#reservedTo) return;
    this.#reservedTo = version + RESERVED_VERSIONS;
    this.#sql.reserve.run(this.#reservedTo);
  }
}

/** Sets the first versions aside for a process that begins to write, and tells where they begin. */
export function reserveVersions(commits: Commits): number {
  const first = numberOf(commits.prepare("SELECT value FROM counters WHERE name = 'version'").get()?.value);
  commits.prepare(RESERVE).run(first + RESERVED_VERSIONS);
  return first;
}

function statementsOf(commits: Commits) {
  const marks = BINDING_COLUMNS.split(',').map(() => '?');
  const select = commits.prepare(`SELECT ${BINDING_COLUMNS} FROM bindings WHERE aor = ? ORDER BY id`);
  const expire = commits.prepare(
    `DELETE FROM bindings WHERE id IN (SELECT id FROM bindings WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
     RETURNING ${BINDING_COLUMNS}`,
  );
  for (const statement of [select, expire]) statement.setReturnArrays(true);
  return {
    select,
    expire,
    version: commits.prepare('SELECT version FROM bindings WHERE aor = ? LIMIT 1'),
    remove: commits.prepare('DELETE FROM bindings WHERE aor = ?'),
    insert: commits.prepare(`INSERT INTO bindings (${BINDING_COLUMNS}) VALUES (${marks.join(', ')})`),
    aorsAfter: commits.prepare('SELECT DISTINCT aor FROM bindings WHERE aor > ? ORDER BY aor LIMIT ?'),
    reserve: commits.prepare(RESERVE),
  };
}

const liveOf = (bindings: readonly Binding[], now: UnixMs): readonly Binding[] =>
  bindings.every((binding) => binding.expiresAt > now)
    ? bindings
    : bindings.filter((binding) => binding.expiresAt > now);

const RESERVE = "UPDATE counters SET value = ? WHERE name = 'version'";

const RESERVED_VERSIONS = 2 ** 24;

const PAGE_AORS = 256;
