import { randomInt } from 'node:crypto';
import { HashShard } from './hash-shard.ts';
import type { Records } from './records.ts';

/**
 * Records by address-of-record. They are spread over many tables, because a table grows by being made anew, which with a million
 * entries takes longer than a loop may stand still.
 */
export class AorIndex {
  readonly #records: Records;
  readonly #shards: readonly Shard[] = Array.from({ length: SHARDS }, () => ({
    table: new HashShard(),
    order: undefined,
  }));

  constructor(records: Records) {
    this.#records = records;
  }

  /** The record of an address-of-record, or 0. */
  find(aor: string): number {
    const hash = hashOf(aor);
    return this.#shardOf(hash).table.find(hash, aor, this.#records);
  }

  add(aor: string, record: number): void {
    const hash = hashOf(aor);
    const shard = this.#shardOf(hash);
    shard.table.add(hash, record);
    shard.order = undefined;
  }

  move(aor: string, from: number, to: number): void {
    const hash = hashOf(aor);
    this.#shardOf(hash).table.move(hash, from, to);
  }

  remove(aor: string, record: number): void {
    const hash = hashOf(aor);
    const shard = this.#shardOf(hash);
    shard.table.remove(hash, record);
    shard.order = undefined;
  }

  /** Those behind `after` in order, some at a time, with turns of the loop for others in between. */
  async *inOrder(after: string): AsyncGenerator<string> {
    let last = after;
    for (;;) {
      await this.#sort();
      const page = this.#pageAfter(last);
      yield* page;
      const end = page.at(-1);
      if (end === undefined) return;
      last = end;
      await breath();
    }
  }

  async #sort(): Promise<void> {
    let sorted = 0;
    for (const shard of this.#shards) {
      if (shard.order !== undefined) continue;
      shard.order = this.#orderOf(shard);
      sorted += shard.order.length;
      if (sorted < SORTED_A_TURN) continue;
      sorted = 0;
      await breath();
    }
  }

  #orderOf({ table }: Shard): readonly string[] {
    const aors = [];
    for (const record of table.addresses()) aors.push(this.#records.aorOf(record));
    return aors.sort();
  }

  /** The next ones of each shard, as far as no shard has any between them that was not asked for. */
  #pageAfter(last: string): readonly string[] {
    const page: string[] = [];
    let end: string | undefined;
    for (const shard of this.#shards) {
      const order = shard.order ?? this.#orderOf(shard);
      const from = placeAfter(order, last);
      for (const aor of order.slice(from, from + PAGE_OF_SHARD)) page.push(aor);
      const furthest = order[from + PAGE_OF_SHARD - 1];
      if (furthest !== undefined && from + PAGE_OF_SHARD < order.length && (end === undefined || furthest < end))
        end = furthest;
    }
    page.sort();
    return end === undefined ? page : page.slice(0, placeAfter(page, end));
  }

  #shardOf(hash: number): Shard {
    const shard = this.#shards[hash >>> 24];
    if (shard === undefined) throw new RangeError('a hash has 32 bits');
    return shard;
  }
}

interface Shard {
  readonly table: HashShard;
  /** All of it in order, where somebody asked for that since it changed. */
  order: readonly string[] | undefined;
}

/** FNV-1a, with what the strangers who choose the names cannot know. */
function hashOf(aor: string): number {
  let hash = SEED;
  for (let i = 0; i < aor.length; i += 1) hash = Math.imul(hash ^ aor.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Where the first text stands that is behind this one. */
function placeAfter(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') > text) high = middle;
    else low = middle + 1;
  }
  return low;
}

const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SEED = randomInt(2 ** 32);
/** As many as there are first bytes of a hash. */
const SHARDS = 256;
const PAGE_OF_SHARD = 16;
/** A few milliseconds. */
const SORTED_A_TURN = 10_000;
