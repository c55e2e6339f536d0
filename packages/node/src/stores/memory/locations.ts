import {
  type Binding,
  type Loaded,
  type Located,
  type Locations,
  requireStorable,
} from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { BindingTable } from '../table/binding-table.ts';
import { heldOf } from '../table/held-bindings.ts';

/** A location service in the memory of one process: every answer is immediate, nothing outlives the process. */
export class MemoryLocations implements Locations {
  readonly #table = new BindingTable();
  #lastVersion = 0;

  load(aor: string, now: UnixMs): Loaded {
    const record = this.#table.find(aor);
    return { bindings: this.#table.bindingsOf(record, now), version: this.#table.versionOf(record) };
  }

  save(aor: string, bindings: readonly Binding[], version: number): boolean {
    requireStorable(bindings);
    const record = this.#table.find(aor);
    if (this.#table.versionOf(record) !== version) return false;
    this.#lastVersion += 1;
    if (bindings.length === 0) this.#table.remove(aor, record);
    else this.#table.put(aor, record, this.#lastVersion, heldOf(bindings));
    return true;
  }

  lookup(aor: string, now: UnixMs): readonly Binding[] {
    return this.#table.bindingsOf(this.#table.find(aor), now);
  }

  expire(now: UnixMs, limit: number): readonly Located[] {
    return this.#table.expire(now, limit);
  }

  entries(now: UnixMs, after = ''): AsyncIterable<Located> {
    return this.#table.entries(now, after);
  }
}
