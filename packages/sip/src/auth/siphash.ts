/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed 64-bit hash of short texts, made for what cheap tokens need: nobody
 * without the key can make one. 64-bit words are pairs of 32-bit halves.
 */
export type SipKey = readonly [k0Low: number, k0High: number, k1Low: number, k1High: number];

/** The two halves of the hash of a text's characters, one byte each (the low eight bits of every character code). */
export function siphash(key: SipKey, text: string): readonly [low: number, high: number] {
  run(key, text);
  return [low >>> 0, high >>> 0];
}

/** The hash as 16 lower-case hexadecimal digits. */
export function siphashHex(key: SipKey, text: string): string {
  run(key, text);
  return hexOf(high) + hexOf(low);
}

/** What `run` found, as signed numbers, for which nothing has to be allocated. */
let [low, high] = [0, 0];

/** Written out in local variables: it runs for every message that belongs to a dialog. */
function run(key: SipKey, text: string): void {
  let v0l = key[0] ^ 0x70736575;
  let v0h = key[1] ^ 0x736f6d65;
  let v1l = key[2] ^ 0x6e646f6d;
  let v1h = key[3] ^ 0x646f7261;
  let v2l = key[0] ^ 0x6e657261;
  let v2h = key[1] ^ 0x6c796765;
  let v3l = key[2] ^ 0x79746573;
  let v3h = key[3] ^ 0x74656462;
  const words = text.length >> 3;
  for (let i = 0; i <= words + 2; i += 1) {
    let ml = 0;
    let mh = 0;
    if (i < words) {
      const at = i * 8;
      ml =
        (text.charCodeAt(at) & 255) |
        ((text.charCodeAt(at + 1) & 255) << 8) |
        ((text.charCodeAt(at + 2) & 255) << 16) |
        (text.charCodeAt(at + 3) << 24);
      mh =
        (text.charCodeAt(at + 4) & 255) |
        ((text.charCodeAt(at + 5) & 255) << 8) |
        ((text.charCodeAt(at + 6) & 255) << 16) |
        (text.charCodeAt(at + 7) << 24);
    } else if (i === words) {
      const left = text.length & 7;
      ml = word(text, i * 8, Math.min(left, 4));
      mh = word(text, i * 8 + 4, left < 4 ? 0 : left - 4) | (text.length << 24);
    } else if (i === words + 1) v2l ^= 0xff;
    v3l ^= ml;
    v3h ^= mh;
    for (let round = 0; round < 2; round += 1) {
      v0l = (v0l + v1l) | 0;
      v0h = (v0h + v1h + (v0l >>> 0 < v1l >>> 0 ? 1 : 0)) | 0;
      let turned = (v1l << 13) | (v1h >>> 19);
      v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
      v1l = turned ^ v0l;
      turned = v0l;
      v0l = v0h;
      v0h = turned;
      v2l = (v2l + v3l) | 0;
      v2h = (v2h + v3h + (v2l >>> 0 < v3l >>> 0 ? 1 : 0)) | 0;
      turned = (v3l << 16) | (v3h >>> 16);
      v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
      v3l = turned ^ v2l;
      v0l = (v0l + v3l) | 0;
      v0h = (v0h + v3h + (v0l >>> 0 < v3l >>> 0 ? 1 : 0)) | 0;
      turned = (v3l << 21) | (v3h >>> 11);
      v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
      v3l = turned ^ v0l;
      v2l = (v2l + v1l) | 0;
      v2h = (v2h + v1h + (v2l >>> 0 < v1l >>> 0 ? 1 : 0)) | 0;
      turned = (v1l << 17) | (v1h >>> 15);
      v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
      v1l = turned ^ v2l;
      turned = v2l;
      v2l = v2h;
      v2h = turned;
    }
    v0l ^= ml;
    v0h ^= mh;
  }
  low = v0l ^ v1l ^ v2l ^ v3l;
  high = v0h ^ v1h ^ v2h ^ v3h;
}

/** The eight lower-case hexadecimal digits of a 32-bit number. Put together from codes: numbers above 2**31 are slow to print. */
export const hexOf = (word: number): string =>
  String.fromCharCode(
    digit(word >>> 28),
    digit(word >>> 24),
    digit(word >>> 20),
    digit(word >>> 16),
    digit(word >>> 12),
    digit(word >>> 8),
    digit(word >>> 4),
    digit(word),
  );

const digit = (nibble: number): number => ((nibble & 15) < 10 ? 48 : 87) + (nibble & 15);

function word(text: string, start: number, count: number): number {
  let out = 0;
  for (let i = 0; i < count; i += 1) out |= (text.charCodeAt(start + i) & 255) << (8 * i);
  return out;
}
