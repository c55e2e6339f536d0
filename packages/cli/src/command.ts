import { type Mistake, parseWords } from './arguments.ts';
import type { Flags } from './flag.ts';
import type { Io } from './io.ts';
import type { Input, Outline, Positionals } from './outline.ts';

/** A command whose types are sealed: ready to be run by name. */
export interface Command {
  readonly outline: Outline;
  /** Reads the words after the name and runs; says `help` when the words ask for it. */
  start(words: readonly string[], io: Io, signal: AbortSignal): Promise<number> | Mistake | 'help';
}

/** A line of the table of commands. */
export interface CommandEntry {
  readonly name: string;
  load(): Promise<Command>;
}

/** What a command does: gives the exit code (`EXIT`). */
export type Body<F extends Flags, P extends Positionals> = (input: Input<F, P>) => Promise<number>;

/** Joins the outline of a command and its body. Each is loaded when it is needed: help does not load the body. */
export function commandEntry<F extends Flags, P extends Positionals>(
  name: string,
  loadOutline: () => Promise<Outline<F, P>>,
  loadBody: () => Promise<Body<F, P>>,
): CommandEntry {
  return {
    name,
    load: async () => {
      const outline = await loadOutline();
      return {
        outline,
        start(words, io, signal) {
          const parsed = parseWords(outline, words);
          if (parsed.type !== 'values') return parsed.type === 'help' ? 'help' : parsed;
          return loadBody().then((body) => body({ args: parsed.args, flags: parsed.flags, io, signal }));
        },
      };
    },
  };
}
