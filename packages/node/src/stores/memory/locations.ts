import {
  type Binding,
  type Loaded,
  type Located,
  type Locations,
  requireStorable,
} from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { ExpiryCalendar } from './expiry-calendar.ts';
import { ownBinding, ownText } from './own.ts';

/** A location service in the memory of one process: every answer is immediate, nothing outlives the process. */
export class MemoryLocations implements Locations {
  readonly #sets = new Map<string, BindingSet>();
  readonly #calendar = new ExpiryCalendar<BindingSet>();
  #lastVersion = 0;

  load(aor: string, now: UnixMs): Loaded {
    const set = this.#sets.get(aor);
    return set === undefined ? NOTHING : { bindings: liveOf(set, now), version: set.version };
  }

  save(aor: string, bindings: readonly Binding[], version: number): boolean {
    requireStorable(bindings);
    const old = this.#sets.get(aor);
    if ((old?.version ?? 0) !== version) return false;
    if (bindings.length === 0) {
      if (old !== undefined) this.#drop(old);
      return true;
    }
    this.#lastVersion += 1;
    if (old === undefined) this.#add(aor, bindings.map(ownBinding));
    else this.#replace(old, bindings, this.#lastVersion);
    return true;
  }

  lookup(aor: string, now: UnixMs): readonly Binding[] {
    const set = this.#sets.get(aor);
    return set === undefined ? NOTHING.bindings : liveOf(set, now);
  }

  expire(now: UnixMs, limit: number): readonly Located[] {
    const gone: Located[] = [];
    for (const set of this.#calendar.due(now)) {
      if (gone.length >= limit) break;
      this.#expireSet(set, now, limit, gone);
    }
    return gone;
  }

  *entries(now: UnixMs, after = ''): Iterable<Located> {
    const aors = [...this.#sets.keys()].filter((aor) => aor > after).sort();
    for (const aor of aors) for (const binding of this.lookup(aor, now)) yield { aor, binding };
  }

  #add(aor: string, bindings: readonly Binding[]): void {
    const set = { aor: ownText(aor), bindings, version: this.#lastVersion, earliest: earliestOf(bindings) };
    this.#sets.set(set.aor, set);
    this.#calendar.add(set, set.earliest);
  }

  #drop(set: BindingSet): void {
    this.#sets.delete(set.aor);
    this.#calendar.remove(set, set.earliest);
  }

  /** What the set already holds is the store's own and is not copied again. */
  #replace(set: BindingSet, bindings: readonly Binding[], version: number): void {
    const held = set.bindings;
    set.bindings = bindings.map((binding) => (held.includes(binding) ? binding : ownBinding(binding)));
    set.version = version;
    const earliest = earliestOf(bindings);
    this.#calendar.move(set, set.earliest, earliest);
    set.earliest = earliest;
  }

  #expireSet(set: BindingSet, now: UnixMs, limit: number, gone: Located[]): void {
    const kept = set.bindings.filter((binding) => {
      if (binding.expiresAt > now || gone.length >= limit) return true;
      gone.push({ aor: set.aor, binding });
      return false;
    });
    if (kept.length === 0) this.#drop(set);
    else if (kept.length < set.bindings.length) this.#replace(set, kept, set.version);
  }
}

/** The bindings of one address-of-record, never none. */
interface BindingSet {
  readonly aor: string;
  bindings: readonly Binding[];
  version: number;
  /** When the first of them expires. */
  earliest: UnixMs;
}

const liveOf = (set: BindingSet, now: UnixMs): readonly Binding[] =>
  set.earliest > now ? set.bindings : set.bindings.filter((binding) => binding.expiresAt > now);

const earliestOf = (bindings: readonly Binding[]): UnixMs =>
  bindings.reduce((earliest, binding) => Math.min(earliest, binding.expiresAt), Number.POSITIVE_INFINITY);

const NOTHING: Loaded = { bindings: [], version: 0 };
