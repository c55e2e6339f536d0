import type { Random } from '@strowger/sip/engine';

/** The same numbers for the same seed and label, for ever: a failed run can be run again. Not for secrets. */
export interface SeededRandom extends Random {
  /** From 0 up to but not including 1. */
  fraction(): number;
  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number;
}

/**
 * Chris Doty-Humphrey's sfc32 (Small Fast Counter, of PractRand): 96 bits of state and a counter. The state starts as the
 * low and the high half of the seed and the 32-bit FNV-1a hash of the label; fifteen numbers are thrown away to mix them.
 * Each label has a sequence of its own, so a world that gets one more consumer keeps the numbers of the others.
 */
export function createSeededRandom(seed: number, label: string): SeededRandom {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = fnv1a(label);
  let counter = 1;
  const uint32 = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i += 1) uint32();
  const fraction = (): number => uint32() / 2 ** 32;
  return { uint32, fraction, below: (limit) => Math.floor(fraction() * limit) };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
