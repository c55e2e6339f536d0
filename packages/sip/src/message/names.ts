import { headerTable } from './headers/index.ts';

/** The id of the header field whose name (long or compact) stands in `bytes`; 0 for a name that the table does not hold. */
export function idAt(bytes: DataView, start: number, end: number): number {
  const size = end - start;
  if (size > MAX_SIZE) return 0;
  const first = wordAt(bytes, start, size);
  const last = size < 4 ? 0 : wordAt(bytes, end - 4, 4);
  for (let entry = BUCKETS[bucketOf(size, first, last)]; entry !== undefined; entry = entry.next) {
    if (
      entry.size === size &&
      entry.first === first &&
      entry.last === last &&
      (size < 9 || isMiddle(bytes, start, entry.middle))
    )
      return entry.id;
  }
  return 0;
}

export const idOfName = (name: string): number => BY_NAME.get(name.toLowerCase()) ?? 0;

/** Four characters of a header name, or what there is of them, as one number without regard to case. */
function wordAt(bytes: DataView, start: number, size: number): number {
  if (size >= 4) return bytes.getInt32(start, true) | 0x20202020;
  let word = 0;
  for (let i = 0; i < size; i += 1) word = (word << 8) | bytes.getUint8(start + i) | 32;
  return word;
}

const bucketOf = (size: number, first: number, last: number): number => {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(last, 0x85ebca6b) ^ size;
  return (mixed ^ (mixed >>> 15)) & MASK;
};

function isMiddle(bytes: DataView, start: number, middle: readonly number[]): boolean {
  for (let i = 0; i < middle.length; i += 1)
    if ((bytes.getInt32(start + 4 + i * 4, true) | 0x20202020) !== middle[i]) return false;
  return true;
}

interface Entry {
  readonly size: number;
  readonly first: number;
  readonly last: number;
  readonly middle: readonly number[];
  readonly id: number;
  readonly next: Entry | undefined;
}

const MASK = 1023;
const MAX_SIZE = 64;
const BY_NAME = new Map<string, number>();
const BUCKETS: (Entry | undefined)[] = new Array<Entry | undefined>(MASK + 1).fill(undefined);
for (const def of headerTable) for (const name of [def.key, def.compact]) if (name !== undefined) enter(name, def.id);

function enter(name: string, id: number): void {
  BY_NAME.set(name, id);
  const size = name.length;
  const bytes = new DataView(new ArrayBuffer(size));
  for (let i = 0; i < size; i += 1) bytes.setUint8(i, name.charCodeAt(i));
  const first = wordAt(bytes, 0, size);
  const last = size < 4 ? 0 : wordAt(bytes, size - 4, 4);
  const middle: number[] = [];
  for (let p = 4; p < size - 4; p += 4) middle.push(wordAt(bytes, p, 4));
  const bucket = bucketOf(size, first, last);
  BUCKETS[bucket] = { size, first, last, middle, id, next: BUCKETS[bucket] };
}
