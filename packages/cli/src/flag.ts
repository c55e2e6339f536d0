import type { Reading } from './server-config.ts';

/** One flag of a command: what it takes, what it means, what it gives when it is not there. */
export interface Flag<T> {
  readonly help: string;
  /** The name of its value in the usage; undefined for a switch. */
  readonly placeholder: string | undefined;
  readonly occurs: 'once' | 'often';
  /** `required` flags must be given. */
  readonly presence: 'optional' | 'required';
  /** What the help names as the default. */
  readonly fallback: string | undefined;
  /** The words for a value that is one of few; for hints. */
  readonly choices: readonly string[];
  /** The typed value of all the texts that were given, in order; of none, the default. */
  read(texts: readonly string[]): Reading<T>;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;

export type FlagValues<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** A switch: `--json`. */
export function toggle(help: string): Flag<boolean> {
  return { ...BARE, help, placeholder: undefined, read: (texts) => ({ value: texts.length > 0 }) };
}

/** A switch that must be there, because there is no other way yet and it should be seen: `--password-stdin`. */
export function mandatory(help: string): Flag<true> {
  return { ...BARE, help, placeholder: undefined, presence: 'required', read: () => ({ value: true }) };
}

/** Any text. */
export function text(placeholder: string, help: string): Flag<string | undefined> {
  return { ...BARE, help, placeholder, read: ([first]) => ({ value: first }) };
}

/** A text for each time the flag is given. */
export function texts(placeholder: string, help: string): Flag<readonly string[]> {
  return { ...BARE, help, placeholder, occurs: 'often', read: (all) => ({ value: all }) };
}

/** One of some words. */
export function choice<const W extends readonly string[]>(
  words: W,
  help: string,
  placeholder: string = words.join('|'),
): Flag<W[number] | undefined> {
  return {
    ...BARE,
    help,
    placeholder,
    choices: words,
    read: ([first]) => {
      if (first === undefined) return { value: undefined };
      const word = words.find((one) => one === first);
      return word === undefined ? { expected: `one of ${words.join(', ')}`, hint: undefined } : { value: word };
    },
  };
}

export interface WholeRange {
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** A whole number within limits. */
export function whole(placeholder: string, help: string, { min, max, fallback }: WholeRange): Flag<number> {
  return {
    ...BARE,
    help,
    placeholder,
    fallback: String(fallback),
    read: ([first]) => {
      if (first === undefined) return { value: fallback };
      const number = /^\d{1,15}$/.test(first) ? Number(first) : -1;
      if (number >= min && number <= max) return { value: number };
      return { expected: `a whole number from ${min} to ${max}`, hint: undefined };
    },
  };
}

/** `logFormat` is `--log-format`. */
export function flagName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}

const BARE = { occurs: 'once', presence: 'optional', fallback: undefined, choices: [] } as const;
