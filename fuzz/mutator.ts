import type { SeededRandom } from '@strowger/testkit';

/** What inputs are made from. Texts hold one character a byte. */
export interface Material {
  readonly seeds: readonly string[];
  /** Pieces of the grammar, put in anywhere. */
  readonly words: readonly string[];
}

/** An input: a seed with a few things wrong with it, or words in any order. */
export function createInput(random: SeededRandom, { seeds, words }: Material): string {
  if (random.below(8) === 0) return assembled(random, words);
  let input = pick(random, seeds);
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const change = pick(random, CHANGES);
    input = change(random, input, { seeds, words });
  }
  return input.length > MAX_CHARS ? input.slice(0, MAX_CHARS) : input;
}

export const pick = <T>(random: SeededRandom, list: readonly T[]): T => {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

/**
 * The smallest text for which `fails` still holds that taking pieces away can find. Not perfect, but small enough to be read.
 */
export function shrink(input: string, fails: (input: string) => boolean): string {
  let smallest = input;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length; ) {
      const without = smallest.slice(0, at) + smallest.slice(at + size);
      if (fails(without)) smallest = without;
      else at += size;
    }
  }
  return smallest;
}

type Change = (random: SeededRandom, input: string, material: Material) => string;

function assembled(random: SeededRandom, words: readonly string[]): string {
  let out = '';
  for (let count = random.below(12); count >= 0; count -= 1) out += pick(random, words);
  return out;
}

/** A stretch of the text; mostly short. */
function stretch(random: SeededRandom, text: string): readonly [start: number, end: number] {
  const start = random.below(text.length + 1);
  const length = random.below(random.below(4) === 0 ? text.length + 1 : 12);
  return [start, Math.min(text.length, start + length)];
}

const put = (text: string, [start, end]: readonly [number, number], piece: string): string =>
  text.slice(0, start) + piece + text.slice(end);

const takeAway: Change = (random, input) => put(input, stretch(random, input), '');
const twice: Change = (random, input) => {
  const [start, end] = stretch(random, input);
  return put(input, [end, end], input.slice(start, end));
};
const insertWord: Change = (random, input, { words }) => {
  const at = random.below(input.length + 1);
  return put(input, [at, at], pick(random, words));
};
const replaceByWord: Change = (random, input, { words }) => put(input, stretch(random, input), pick(random, words));
const insertByte: Change = (random, input) => {
  const at = random.below(input.length + 1);
  return put(input, [at, at], String.fromCharCode(random.below(256)));
};
const otherByte: Change = (random, input) => {
  const at = random.below(input.length + 1);
  return put(input, [at, at + 1], String.fromCharCode(random.below(256)));
};
const splice: Change = (random, input, { seeds }) => {
  const other = pick(random, seeds);
  const [start, end] = stretch(random, other);
  return put(input, stretch(random, input), other.slice(start, end));
};
const repeat: Change = (random, input) => {
  const [start, end] = stretch(random, input);
  const piece = input.slice(start, Math.min(end, start + 8));
  const times = random.below(16) === 0 ? 2_000 : random.below(40);
  return put(input, [end, end], piece.repeat(times));
};
const otherNumber: Change = (random, input) => {
  const numbers = [...input.matchAll(/\d+/g)];
  if (numbers.length === 0) return input;
  const { index, 0: digits } = pick(random, numbers);
  return put(input, [index, index + digits.length], pick(random, NUMBERS));
};
const cutOff: Change = (random, input) => input.slice(0, random.below(input.length + 1));
const otherCase: Change = (random, input) => {
  const [start, end] = stretch(random, input);
  const piece = input.slice(start, end);
  return put(input, [start, end], random.below(2) === 0 ? piece.toUpperCase() : piece.toLowerCase());
};
const moveLine: Change = (random, input) => {
  const lines = input.split('\n');
  const [line = ''] = lines.splice(random.below(lines.length), 1);
  if (random.below(3) > 0) lines.splice(random.below(lines.length + 1), 0, line);
  return lines.join('\n');
};

const CHANGES: readonly Change[] = [
  takeAway,
  twice,
  insertWord,
  insertWord,
  replaceByWord,
  insertByte,
  otherByte,
  splice,
  repeat,
  otherNumber,
  cutOff,
  otherCase,
  moveLine,
];

const NUMBERS: readonly string[] = [
  '0',
  '00',
  '1',
  '-1',
  '255',
  '256',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999',
  '1e9',
  '0x10',
];

/** Longer inputs are cut: what is wrong with them is wrong with shorter ones. */
const MAX_CHARS = 24_000;
