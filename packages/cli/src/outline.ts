import type { Flags, FlagValues } from './flag.ts';
import type { Io } from './io.ts';

/** A word of the command line that is no flag. */
export interface Positional {
  readonly placeholder: string;
  readonly help: string;
  readonly presence: 'optional' | 'required';
}

/** In the order of the command line; optional ones last. */
export type Positionals = Readonly<Record<string, Positional>>;

export type PositionalValues<P extends Positionals> = {
  readonly [K in keyof P]: P[K]['presence'] extends 'required' ? string : string | undefined;
};

/** A command as data: what its help, its usage line and its tests are made of. */
export interface Outline<F extends Flags = Flags, P extends Positionals = Positionals> {
  /** One word, or two: `user add`. */
  readonly name: string;
  /** One line without a full stop, beginning with a verb. */
  readonly summary: string;
  readonly positionals: P;
  readonly flags: F;
  /** What follows `strowger`, and what it does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
}

/** What the body of a command is given. */
export interface Input<F extends Flags, P extends Positionals> {
  readonly args: PositionalValues<P>;
  readonly flags: FlagValues<F>;
  readonly io: Io;
  /** Aborts when the person or the system asks the command to end. */
  readonly signal: AbortSignal;
}

/** The input of the body that belongs to an outline: `InputOf<typeof pingOutline>`. */
export type InputOf<O> = O extends Outline<infer F, infer P> ? Input<F, P> : never;

/** Keeps the exact types of flags and positionals. */
export function outline<F extends Flags, const P extends Positionals>(it: Outline<F, P>): Outline<F, P> {
  return it;
}

export function required(placeholder: string, help: string): Positional & { readonly presence: 'required' } {
  return { placeholder, help, presence: 'required' };
}

export function optional(placeholder: string, help: string): Positional & { readonly presence: 'optional' } {
  return { placeholder, help, presence: 'optional' };
}
