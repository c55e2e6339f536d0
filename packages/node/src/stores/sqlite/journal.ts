import type { BindingTable } from '../table/binding-table.ts';
import type { HeldBindings } from '../table/held-bindings.ts';
import type { Commits } from './commits.ts';
import { heldFrom, numberOf, rowOf, textOf } from './registration-row.ts';

/**
 * The table `registrations`: rows are added at its end and deleted at its beginning, never changed, so that all registrations of a
 * commit are in one page of the file however many there are. The newest row of an address-of-record holds. The last row stays,
 * for its version.
 */
export class Journal {
  readonly #commits: Commits;
  readonly #oldest: ReturnType<Commits['prepare']>;
  #rows = 0;
  #added = 0;
  /** Rows up to this one are deleted, or about to be. */
  #tidiedTo = 0;

  constructor(commits: Commits) {
    this.#commits = commits;
    this.#oldest = commits.prepare('SELECT id, version, aor FROM registrations WHERE id > ? ORDER BY id LIMIT ?');
    this.#oldest.setReturnArrays(true);
  }

  /** Fills an empty table and tells the last version. @throws StoreFault */
  restore(table: BindingTable): number {
    return this.#commits.read(() => {
      let last = 0;
      const all = this.#commits.prepare('SELECT version, aor, numbers, texts FROM registrations ORDER BY id');
      all.setReturnArrays(true);
      for (const row of all.iterate()) {
        const aor = textOf(row[1]);
        const held = heldFrom(row[2], row[3]);
        const record = table.find(aor);
        last = Math.max(last, numberOf(row[0]));
        if (held === undefined) table.remove(aor, record);
        else table.put(aor, record, numberOf(row[0]), held);
        this.#rows += 1;
      }
      return last;
    });
  }

  append(
    aor: string,
    version: number,
    held: HeldBindings | undefined,
    settle: (outcome: 'committed' | 'failed') => void,
  ): Promise<true> {
    const saved = this.#commits.add([INSERT, ...rowOf(aor, version, held)], settle);
    this.#rows += 1;
    this.#added += 1;
    return saved;
  }

  /** True when so much was added that `tidy` should look again. */
  get isLong(): boolean {
    return this.#added >= STEP_ROWS / 4;
  }

  /**
   * Deletes some of the oldest rows where more than half of all are out of date; those that hold are added again. What is pending
   * has a newer row anyway.
   */
  tidy(table: BindingTable, isPending: (aor: string) => boolean): void {
    this.#added = 0;
    if (this.#rows < 2 * table.size + STEP_ROWS) return;
    const rows = this.#commits.read(() => this.#oldest.all(this.#tidiedTo, STEP_ROWS));
    const last = rows.pop(); // stays, as it may be the last of all
    const end = rows.at(-1);
    if (last === undefined || end === undefined) return;
    for (const row of rows) {
      const aor = textOf(row[2]);
      const record = table.find(aor);
      if (record === 0 || table.versionOf(record) !== row[1] || isPending(aor)) continue;
      this.#commits.add([INSERT, ...rowOf(aor, table.versionOf(record), table.heldOf(record))]);
      this.#rows += 1;
    }
    this.#rows -= rows.length;
    this.#tidiedTo = numberOf(end[0]);
    this.#commits.add([DELETE, this.#tidiedTo], (outcome) => {
      if (outcome === 'failed') this.#tidiedTo = 0;
    });
  }
}

const INSERT = 'INSERT INTO registrations (version, aor, numbers, texts) VALUES (?, ?, ?, ?)';
const DELETE = 'DELETE FROM registrations WHERE id <= ?';
/** A fraction of a millisecond. */
const STEP_ROWS = 256;
