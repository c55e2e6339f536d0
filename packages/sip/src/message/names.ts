import { headerTable } from './headers/index.ts';

/** The id of the header field whose name (long or compact) stands in `bytes`; 0 for a name that the table does not hold. */
export function idAt(bytes: Uint8Array, start: number, end: number, hash: number): number {
  for (let entry = BUCKETS[hash & MASK]; entry !== undefined; entry = entry.next) {
    if (entry.name.length === end - start && matches(bytes, start, entry.name)) return entry.id;
  }
  return 0;
}

export const idOfName = (name: string): number => BY_NAME.get(name.toLowerCase()) ?? 0;

/** One more character of a header name, without regard to case. */
export const hashStep = (hash: number, code: number): number => (hash * 31 + (code | 32)) | 0;

function matches(bytes: Uint8Array, start: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i += 1) {
    const c = bytes[start + i] ?? 0;
    const wanted = lower.charCodeAt(i);
    if (c !== wanted && (c | 32) !== wanted) return false;
  }
  return true;
}

interface Entry {
  readonly name: string;
  readonly id: number;
  readonly next: Entry | undefined;
}

const MASK = 1023;
const BY_NAME = new Map<string, number>();
const BUCKETS: (Entry | undefined)[] = new Array<Entry | undefined>(MASK + 1).fill(undefined);
for (const def of headerTable) for (const name of [def.key, def.compact]) if (name !== undefined) enter(name, def.id);

function enter(name: string, id: number): void {
  let hash = 0;
  for (let i = 0; i < name.length; i += 1) hash = hashStep(hash, name.charCodeAt(i));
  BY_NAME.set(name, id);
  BUCKETS[hash & MASK] = { name, id, next: BUCKETS[hash & MASK] };
}
