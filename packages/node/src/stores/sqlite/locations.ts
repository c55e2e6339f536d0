import {
  type Binding,
  type Loaded,
  type Located,
  type Locations,
  requireStorable,
} from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { BindingTable, liveOf } from '../table/binding-table.ts';
import { type HeldBindings, heldOf } from '../table/held-bindings.ts';
import type { Commits } from './commits.ts';
import { Journal } from './journal.ts';

/**
 * A location service in an SQLite file, and all of it in memory besides: only writing touches the file. One process writes.
 * `load` sees what is queued for the next commit, `lookup` what is committed.
 */
export class SqliteLocations implements Locations {
  readonly #commits: Commits;
  readonly #journal: Journal;
  readonly #table = new BindingTable();
  /** What is not committed yet. */
  readonly #pending = new Map<string, Pending>();
  #lastVersion: number;

  /** @throws StoreFault */
  constructor(commits: Commits) {
    this.#commits = commits;
    this.#journal = new Journal(commits);
    this.#lastVersion = this.#journal.restore(this.#table);
  }

  load(aor: string, now: UnixMs): Loaded {
    this.#commits.requireOpen();
    const pending = this.#pendingOf(aor);
    if (pending !== undefined) return { bindings: liveOf(pending.bindings, now), version: pending.version };
    const record = this.#table.find(aor);
    return { bindings: this.#table.bindingsOf(record, now), version: this.#table.versionOf(record) };
  }

  save(aor: string, bindings: readonly Binding[], version: number): boolean | Promise<boolean> {
    requireStorable(bindings);
    this.#commits.requireOpen();
    const current = this.#pendingOf(aor)?.version ?? this.#table.versionOf(this.#table.find(aor));
    if (current !== version) return false;
    const held = bindings.length === 0 ? undefined : heldOf(bindings);
    const next = this.#lastVersion + 1;
    const pending = { bindings: [...bindings], version: held === undefined ? 0 : next, held };
    const saved = this.#journal.append(aor, next, held, (outcome) => this.#settle(aor, pending, outcome));
    this.#lastVersion = next;
    this.#pending.set(aor, pending);
    if (this.#journal.isLong) this.#tidy();
    return saved;
  }

  lookup(aor: string, now: UnixMs): readonly Binding[] {
    this.#commits.requireOpen();
    return this.#table.bindingsOf(this.#table.find(aor), now);
  }

  /** Nothing is written: what has expired will have expired after a restart, too. */
  expire(now: UnixMs, limit: number): readonly Located[] {
    const gone = this.#table.expire(now, limit);
    if (gone.length > 0) this.#tidy();
    return gone;
  }

  entries(now: UnixMs, after = ''): AsyncIterable<Located> {
    return this.#table.entries(now, after);
  }

  #pendingOf(aor: string): Pending | undefined {
    return this.#pending.size === 0 ? undefined : this.#pending.get(aor);
  }

  #settle(aor: string, pending: Pending, outcome: 'committed' | 'failed'): void {
    if (this.#pending.get(aor) === pending) this.#pending.delete(aor);
    if (outcome === 'failed') return;
    const record = this.#table.find(aor);
    if (pending.held === undefined) this.#table.remove(aor, record);
    else this.#table.put(aor, record, pending.version, pending.held);
  }

  #tidy(): void {
    this.#journal.tidy(this.#table, (aor) => this.#pending.has(aor));
  }
}

interface Pending {
  readonly bindings: readonly Binding[];
  /** 0 when nothing is to be bound. */
  readonly version: number;
  readonly held: HeldBindings | undefined;
}
