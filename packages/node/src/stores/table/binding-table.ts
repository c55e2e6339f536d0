import type { Binding, Located } from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import { AorIndex } from './aor-index.ts';
import { ExpiryCalendar } from './expiry-calendar.ts';
import { type HeldBindings, heldOf } from './held-bindings.ts';
import { Records } from './records.ts';

/**
 * All bindings in memory: by address-of-record, by time of expiry, and in order for those who list them. A record stands for the
 * bindings of one address-of-record until something is changed; 0 stands for none.
 */
export class BindingTable {
  readonly #records = new Records();
  readonly #index = new AorIndex(this.#records);
  readonly #calendar = new ExpiryCalendar(this.#records);
  #size = 0;

  /** How many addresses-of-record have bindings. */
  get size(): number {
    return this.#size;
  }

  find(aor: string): number {
    return this.#index.find(aor);
  }

  versionOf(record: number): number {
    return record === 0 ? 0 : this.#records.versionOf(record);
  }

  bindingsOf(record: number, now: UnixMs): readonly Binding[] {
    if (record === 0) return NONE;
    const bindings = this.#records.bindingsOf(record);
    return this.#records.earliestOf(record) > now ? bindings : liveOf(bindings, now);
  }

  heldOf(record: number): HeldBindings {
    return this.#records.heldOf(record);
  }

  /** Puts this in the place of `record`, which is what `find` tells. */
  put(aor: string, record: number, version: number, held: HeldBindings): void {
    const next =
      record === 0 ? this.#records.create(aor, version, held) : this.#records.replace(record, aor, version, held);
    if (record === 0) {
      this.#index.add(aor, next);
      this.#size += 1;
    } else if (next !== record) this.#index.move(aor, record, next);
    this.#calendar.file(next, this.#records.earliestOf(next));
  }

  remove(aor: string, record: number): void {
    if (record === 0) return;
    this.#index.remove(aor, record);
    this.#records.free(record);
    this.#size -= 1;
  }

  /** As `Locations.expire`. */
  expire(now: UnixMs, limit: number): readonly Located[] {
    const gone: Located[] = [];
    const again: number[] = [];
    while (gone.length < limit) {
      const record = this.#calendar.take(now);
      if (record === 0) break;
      const kept = this.#records.earliestOf(record) > now ? record : this.#expireIn(record, now, limit, gone);
      if (kept !== 0) again.push(kept);
    }
    // Not before: some are due in this very second, and would be taken out again and again.
    for (const record of again) this.#calendar.file(record, this.#records.earliestOf(record));
    return gone;
  }

  async *entries(now: UnixMs, after: string): AsyncGenerator<Located> {
    for await (const aor of this.#index.inOrder(after))
      for (const binding of this.bindingsOf(this.find(aor), now)) yield { aor, binding };
  }

  /** What is left of it. */
  #expireIn(record: number, now: UnixMs, limit: number, gone: Located[]): number {
    const aor = this.#records.aorOf(record);
    const kept = this.#records.bindingsOf(record).filter((binding) => {
      if (binding.expiresAt > now || gone.length >= limit) return true;
      gone.push({ aor, binding });
      return false;
    });
    if (kept.length === 0) {
      this.remove(aor, record);
      return 0;
    }
    const next = this.#records.replace(record, aor, this.#records.versionOf(record), heldOf(kept));
    if (next !== record) this.#index.move(aor, record, next);
    return next;
  }
}

export const liveOf = (bindings: readonly Binding[], now: UnixMs): readonly Binding[] =>
  bindings.every((binding) => binding.expiresAt > now)
    ? bindings
    : bindings.filter((binding) => binding.expiresAt > now);

const NONE: readonly Binding[] = [];
