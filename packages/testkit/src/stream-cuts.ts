import type { SeededRandom } from './seeded-random.ts';

/** The stretches in which joined messages arrive. Each has memory of its own, as the contract of `onData` says. */
export function cutStream(
  messages: readonly Uint8Array[],
  cuts: 'random' | 'none' | 'everyByte',
  random: SeededRandom,
): readonly Uint8Array[] {
  const whole = new Uint8Array(messages.reduce((sum, bytes) => sum + bytes.length, 0));
  let offset = 0;
  for (const bytes of messages) {
    whole.set(bytes, offset);
    offset += bytes.length;
  }
  if (cuts === 'none' || whole.length < 2) return whole.length === 0 ? [] : [whole];
  const places = cuts === 'everyByte' ? Array.from(whole.keys()) : [0, ...somePlaces(whole.length, random)];
  return places.map((from, i) => whole.slice(from, places[i + 1] ?? whole.length));
}

/** Up to three different places inside, in order. */
function somePlaces(length: number, random: SeededRandom): readonly number[] {
  const places = Array.from({ length: random.below(4) }, () => 1 + random.below(length - 1));
  return [...new Set(places)].sort((a, b) => a - b);
}
