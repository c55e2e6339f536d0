import { UsageFault } from '../text/faults.ts';
import type { UnixMs } from '../text/time.ts';

/** `new`: not used before. `replayed`: used, or too far behind the highest. `forgotten`: the table cannot tell any more. */
export type Spending = 'new' | 'replayed' | 'forgotten';

/** Which nonce counts have been used, so that each is accepted once (RFC 7616 §3.4, §5.5). One table for one realm. */
export interface NonceCounts {
  /**
   * Uses a nonce count that stood in true credentials with a genuine nonce made at `madeAt`. Counts may come out of order
   * within 64 of the highest, as requests overtake each other.
   */
  spend(nonce: string, madeAt: UnixMs, count: number, now: UnixMs): Spending;
  /** True for a nonce with a count in the table: it was found genuine before. */
  knows(nonce: string): boolean;
  /** How many nonces are in the table. */
  readonly size: number;
}

/** How much a table holds. */
export interface NonceCountOptions {
  /** Nonces at most; some 200 bytes each. */
  readonly capacity: number;
  /** As for the nonces: what is older leaves the table. */
  readonly lifetimeSeconds: number;
  /** When the table was empty: nonces made before may have been used in an earlier life and are `forgotten`. */
  readonly since: UnixMs;
}

/**
 * A bounded table. A nonce enters it with its first true credentials, so only clients that know a password can fill it. When
 * it is full the nonce that entered first leaves, and from then on every nonce that is not in the table and was made no
 * later than that one is `forgotten`: a count that was spent never becomes new again.
 */
export function createNonceCounts(options: NonceCountOptions): NonceCounts {
  if (!(options.capacity >= 1)) throw new UsageFault('a table of nonce counts needs room for one nonce');
  const entries = new Map<string, Entry>();
  let forgottenUntil = options.since - 1;

  const dropExpired = (now: UnixMs): void => {
    for (const [nonce, entry] of entries) {
      if (now - entry.madeAt <= options.lifetimeSeconds * 1000) return;
      entries.delete(nonce);
      forgottenUntil = Math.max(forgottenUntil, entry.madeAt);
    }
  };
  const dropFirst = (): void => {
    for (const [nonce, entry] of entries) {
      entries.delete(nonce);
      forgottenUntil = Math.max(forgottenUntil, entry.madeAt);
      return;
    }
  };
  return {
    spend: (nonce, madeAt, count, now) => {
      const known = entries.get(nonce);
      if (known !== undefined) return take(known, count) ? 'new' : 'replayed';
      dropExpired(now);
      if (madeAt <= forgottenUntil) return 'forgotten';
      if (entries.size >= options.capacity) dropFirst();
      entries.set(copyOf(nonce), { madeAt, highest: count, near: 1, far: 0 });
      return 'new';
    },
    knows: (nonce) => entries.has(nonce),
    get size() {
      return entries.size;
    },
  };
}

/**
 * The same text in memory of its own, as `join` makes it: a slice of a header would keep its whole message alive for as long as
 * the entry.
 */
const copyOf = (text: string): string => [text.slice(0, 1), text.slice(1)].join('');

/** The highest count and which of the 63 below it are used: bit i of `near` is `highest - i`, of `far` `highest - 32 - i`. */
interface Entry {
  readonly madeAt: UnixMs;
  highest: number;
  near: number;
  far: number;
}

/** Marks a count as used; false when it was, or is too old to tell. */
function take(entry: Entry, count: number): boolean {
  if (count > entry.highest) {
    shift(entry, count - entry.highest);
    entry.highest = count;
    entry.near |= 1;
    return true;
  }
  const behind = entry.highest - count;
  if (behind >= WINDOW) return false;
  const bit = 1 << (behind & 31);
  if (((behind < 32 ? entry.near : entry.far) & bit) !== 0) return false;
  if (behind < 32) entry.near |= bit;
  else entry.far |= bit;
  return true;
}

function shift(entry: Entry, by: number): void {
  const { near, far } = entry;
  entry.near = by < 32 ? near << by : 0;
  if (by >= WINDOW) entry.far = 0;
  else if (by >= 32) entry.far = near << (by - 32);
  else entry.far = (far << by) | (near >>> (32 - by));
}

const WINDOW = 64;
