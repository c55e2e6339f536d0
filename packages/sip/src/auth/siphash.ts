/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed 64-bit hash of short texts, made for what cheap tokens need: nobody
 * without the key can make one. 64-bit words are pairs of 32-bit halves.
 */
export type SipKey = readonly [k0Low: number, k0High: number, k1Low: number, k1High: number];

/** The two halves of the hash of a text's characters, one byte each (the low eight bits of every character code). */
export function siphash(key: SipKey, text: string): readonly [low: number, high: number] {
  const v = start(key);
  const whole = text.length & ~7;
  for (let i = 0; i < whole; i += 8) compress(v, word(text, i, 4), word(text, i + 4, 4));
  const left = text.length - whole;
  const low = word(text, whole, Math.min(left, 4));
  const high = word(text, whole + 4, Math.max(0, left - 4)) | ((text.length & 255) << 24);
  compress(v, low, high);
  v[4] = (v[4] ?? 0) ^ 0xff;
  for (let i = 0; i < 4; i += 1) round(v);
  return [at(v, 0) ^ at(v, 2) ^ at(v, 4) ^ at(v, 6), at(v, 1) ^ at(v, 3) ^ at(v, 5) ^ at(v, 7)].map((n) => n >>> 0) as [
    number,
    number,
  ];
}

/** The hash as 16 lower-case hexadecimal digits. */
export function siphashHex(key: SipKey, text: string): string {
  const [low, high] = siphash(key, text);
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** v0 to v3 as low and high halves in turn. */
type State = Int32Array;

const at = (v: State, i: number): number => v[i] ?? 0;

function start([k0l, k0h, k1l, k1h]: SipKey): State {
  const v = new Int32Array(8);
  v.set([
    k0l ^ 0x70736575,
    k0h ^ 0x736f6d65,
    k1l ^ 0x6e646f6d,
    k1h ^ 0x646f7261,
    k0l ^ 0x6e657261,
    k0h ^ 0x6c796765,
    k1l ^ 0x79746573,
    k1h ^ 0x74656462,
  ]);
  return v;
}

function word(text: string, start: number, count: number): number {
  let out = 0;
  for (let i = 0; i < count; i += 1) out |= (text.charCodeAt(start + i) & 255) << (8 * i);
  return out;
}

function compress(v: State, low: number, high: number): void {
  v[6] = at(v, 6) ^ low;
  v[7] = at(v, 7) ^ high;
  round(v);
  round(v);
  v[0] = at(v, 0) ^ low;
  v[1] = at(v, 1) ^ high;
}

function round(v: State): void {
  add(v, 0, 2);
  mix(v, 2, 0, 13);
  swap(v, 0);
  add(v, 4, 6);
  mix(v, 6, 4, 16);
  add(v, 0, 6);
  mix(v, 6, 0, 21);
  add(v, 4, 2);
  mix(v, 2, 4, 17);
  swap(v, 4);
}

function add(v: State, a: number, b: number): void {
  const low = (at(v, a) >>> 0) + (at(v, b) >>> 0);
  v[a] = low;
  v[a + 1] = at(v, a + 1) + at(v, b + 1) + (low > 0xffffffff ? 1 : 0);
}

/** Rotates word `a` left by `bits` (below 32) and adds word `b` without carry. */
function mix(v: State, a: number, b: number, bits: number): void {
  const low = at(v, a);
  const high = at(v, a + 1);
  v[a] = ((low << bits) | (high >>> (32 - bits))) ^ at(v, b);
  v[a + 1] = ((high << bits) | (low >>> (32 - bits))) ^ at(v, b + 1);
}

/** Rotates a word by 32 bits. */
function swap(v: State, a: number): void {
  const low = at(v, a);
  v[a] = at(v, a + 1);
  v[a + 1] = low;
}
