import type { Binding, Loaded, Located, Locations } from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { BindingTable } from '../table/binding-table.ts';
import type { Commits } from './commits.ts';
import { Journal } from './journal.ts';
import { numberOf } from './registration-row.ts';

/** The bindings in a file that another process may be writing: read as a whole when they are asked for after a change. */
export class ReadLocations implements Locations {
  readonly #commits: Commits;
  readonly #dataVersion: ReturnType<Commits['prepare']>;
  #read: { readonly version: number; readonly table: BindingTable } | undefined;

  constructor(commits: Commits) {
    this.#commits = commits;
    this.#dataVersion = commits.prepare('PRAGMA data_version');
  }

  load(aor: string, now: UnixMs): Loaded {
    const table = this.#table();
    const record = table.find(aor);
    return { bindings: table.bindingsOf(record, now), version: table.versionOf(record) };
  }

  lookup(aor: string, now: UnixMs): readonly Binding[] {
    const table = this.#table();
    return table.bindingsOf(table.find(aor), now);
  }

  entries(now: UnixMs, after = ''): AsyncIterable<Located> {
    return this.#table().entries(now, after);
  }

  save(): never {
    return this.#commits.refuse();
  }

  expire(): never {
    return this.#commits.refuse();
  }

  #table(): BindingTable {
    const version = this.#commits.read(() => numberOf(this.#dataVersion.get()?.data_version));
    if (this.#read?.version === version) return this.#read.table;
    const table = new BindingTable();
    new Journal(this.#commits).restore(table);
    this.#read = { version, table };
    return table;
  }
}
