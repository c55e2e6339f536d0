import { type Flags, type FlagValues, flagName } from './flag.ts';
import type { Outline, Positionals, PositionalValues } from './outline.ts';

/** Why a command line cannot be run. */
export interface Mistake {
  readonly type: 'mistake';
  /** Without a full stop. */
  readonly text: string;
  /** The word that nobody knows, and those it may have meant. */
  readonly unknown: { readonly word: string; readonly candidates: readonly string[] } | undefined;
}

export type Parsed<F extends Flags, P extends Positionals> =
  | { readonly type: 'values'; readonly args: PositionalValues<P>; readonly flags: FlagValues<F> }
  | { readonly type: 'help' }
  | Mistake;

/**
 * Reads the words after a command's name: `--flag VALUE`, `--flag=VALUE`, switches, positionals in any order; after `--`
 * only positionals. A lone `-` is a positional (standard input).
 */
export function parseWords<F extends Flags, P extends Positionals>(
  it: Outline<F, P>,
  words: readonly string[],
): Parsed<F, P> {
  const sorted = sortWords(it.flags, words);
  if ('type' in sorted) return sorted;
  const args = readPositionals(it.positionals, sorted.loose);
  if (isMistake(args)) return args;
  const flags = readFlags(it.flags, sorted.given);
  if (isMistake(flags)) return flags;
  // Both were filled key by key from the definitions that these types are computed from.
  return { type: 'values', args: args as PositionalValues<P>, flags: flags as FlagValues<F> };
}

export function mistake(text: string, unknown?: Mistake['unknown']): Mistake {
  return { type: 'mistake', text, unknown };
}

interface Sorted {
  readonly loose: readonly string[];
  /** By key of the definition. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

function sortWords(flags: Flags, words: readonly string[]): Sorted | Mistake | { readonly type: 'help' } {
  const keys = new Map(Object.keys(flags).map((key) => [flagName(key), key]));
  const loose: string[] = [];
  const given = new Map<string, string[]>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') {
      loose.push(...words.slice(i + 1));
      break;
    }
    if (word === '--help' || word === '-h') return { type: 'help' };
    if (!word.startsWith('-') || word === '-') {
      loose.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const key = keys.get(name);
    const flag = key === undefined ? undefined : flags[key];
    if (key === undefined || flag === undefined) {
      return mistake(`unknown flag ${name}`, { word: name, candidates: [...keys.keys(), '--help'] });
    }
    let value = equals < 0 ? undefined : word.slice(equals + 1);
    if (flag.placeholder === undefined) {
      if (value !== undefined) return mistake(`${name} takes no value`);
      value = '';
    } else if (value === undefined) {
      i += 1;
      value = words[i];
      if (value === undefined || value.startsWith('--'))
        return mistake(`${name} needs a value: ${name} ${flag.placeholder}`);
    }
    given.set(key, [...(given.get(key) ?? []), value]);
  }
  return { loose, given };
}

function readFlags(flags: Flags, given: Sorted['given']): Record<string, unknown> | Mistake {
  const values: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const name = flagName(key);
    const texts = given.get(key) ?? [];
    if (flag.presence === 'required' && texts.length === 0) return mistake(`${name} is missing: ${flag.help}`);
    if (flag.occurs === 'once' && texts.length > 1)
      return mistake(`${name} is given ${texts.length} times and takes one`);
    const read = flag.read(texts);
    if ('expected' in read) {
      const word = texts[0] ?? '';
      return mistake(`${name}: found ${JSON.stringify(word)}, expected ${read.expected}`, {
        word,
        candidates: flag.choices,
      });
    }
    values[key] = read.value;
  }
  return values;
}

function readPositionals(positionals: Positionals, loose: readonly string[]): Record<string, unknown> | Mistake {
  const values: Record<string, unknown> = {};
  const entries = Object.entries(positionals);
  for (const [index, [key, { presence, placeholder, help }]] of entries.entries()) {
    const word = loose[index];
    if (word === undefined && presence === 'required') return mistake(`${placeholder} is missing: ${help}`);
    values[key] = word;
  }
  const extra = loose[entries.length];
  return extra === undefined ? values : mistake(`${JSON.stringify(extra)} is one word too many`);
}

function isMistake(value: Record<string, unknown> | Mistake): value is Mistake {
  return value.type === 'mistake';
}
