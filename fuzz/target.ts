import { createSeededRandom, type SeededRandom } from '@strowger/testkit';
import { corpusOf } from './corpus.ts';
import { createInput, type Material, shrink } from './mutator.ts';

/** Something that reads what strangers send, and what must be true whatever that is. */
export interface Target extends Material {
  readonly name: string;
  /** How many of a hundred inputs go here. */
  readonly share: number;
  /** Throws where an invariant does not hold for this input. `random` is for choices of the check itself. */
  readonly check: (input: string, random: SeededRandom) => void;
}

/** A decoder that answers to whatever it gets: it throws nothing, and it is done in time. Inputs have one character a byte. */
export const decoder = (
  name: string,
  seeds: readonly string[],
  { words, decode }: { readonly words: readonly string[]; readonly decode: (input: string) => unknown },
): Target => ({
  name,
  share: 2,
  seeds: [...seeds, ...corpusOf(name).values()],
  words,
  check: (input) => {
    const from = performance.now();
    decode(input);
    const ms = performance.now() - from;
    if (ms > DECODER_MS) throw new Error(`took ${ms.toFixed(0)} ms`);
  },
});

/** An input that broke an invariant. */
export interface Finding {
  readonly target: string;
  /** One character a byte; as small as it could be made. */
  readonly input: string;
  readonly error: unknown;
}

/** How a run went. */
export interface TargetRun {
  readonly findings: readonly Finding[];
  /** The input that took longest to check, and how long that was. */
  readonly slowest: { readonly ms: number; readonly input: string };
}

/** Makes and checks so many inputs. Findings that say the same are told once. */
export function runTarget(target: Target, count: number, seed: number, onProgress?: () => void): TargetRun {
  let slowest = { ms: 0, input: '' };
  const random = createSeededRandom(seed, target.name);
  const findings = new Map<string, Finding>();
  for (let i = 0; i < count; i += 1) {
    const input = createInput(random, target);
    const checkSeed = random.uint32();
    const from = performance.now();
    const error = errorOf(target, input, checkSeed);
    const ms = performance.now() - from;
    if (ms > slowest.ms) slowest = { ms, input };
    if (error !== undefined && !findings.has(wordsOf(error))) {
      const words = wordsOf(error);
      const until = performance.now() + SHRINK_MS;
      const isSame = (smaller: string): boolean =>
        performance.now() < until && wordsOf(errorOf(target, smaller, checkSeed)) === words;
      findings.set(words, { target: target.name, input: shrink(input, isSame), error });
    }
    if (i % 1_000 === 0) onProgress?.();
  }
  return { findings: [...findings.values()], slowest };
}

/** What is wrong with an input that was kept; `undefined` when nothing is. */
export const replay = (target: Target, input: string): unknown => errorOf(target, input, 1);

function errorOf(target: Target, input: string, seed: number): unknown {
  try {
    target.check(input, createSeededRandom(seed, 'check'));
    return undefined;
  } catch (error) {
    return error ?? new Error('thrown: nothing');
  }
}

/** What tells one finding from another: the kind of the error and where it was thrown. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first = '', second = ''] = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return `${error.name} ${first} ${second}`;
}

/** Much more than any input may need, so that a busy machine is no finding. */
const DECODER_MS = 2_000;
/** Where each try takes long, a finding that could be smaller is better than none. */
const SHRINK_MS = 5_000;
