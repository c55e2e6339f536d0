import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { buffer, text } from 'node:stream/consumers';
import { styleText } from 'node:util';

/** What a command knows of the world. The commands take it as an argument, so their tests are unit tests. */
export interface Io {
  /** One line of the result. */
  out(line: string): void;
  /** One line about the work: errors, progress, logs. */
  err(line: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Asks the person at the terminal, who does not see the answer. Rejects with a CommandFault when the person breaks off. */
  readHidden(prompt: string): Promise<string>;
  /** The text of a file. Rejects with an error that has a `code`, as `node:fs` does. */
  readFile(path: string): Promise<string>;
  /** The bytes of a file, or of standard input for `-`. Rejects as `readFile` does. */
  readBytes(path: string): Promise<Uint8Array>;
  /** Absolute. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Which of the three streams a person looks at. */
  readonly isTerminal: { readonly in: boolean; readonly out: boolean; readonly err: boolean };
}

export type Format = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** Colours only for a terminal that shows them and a person who wants them (no-color.org). */
export function painterOf(io: Pick<Io, 'env' | 'isTerminal'>, stream: 'out' | 'err'): Paint {
  const isPlain = !io.isTerminal[stream] || (io.env.NO_COLOR ?? '') !== '' || io.env.TERM === 'dumb';
  return isPlain ? (_, line) => line : (format, line) => styleText(format, line, { validateStream: false });
}

/** The world of this process. */
export function systemIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    readInput: () => text(process.stdin),
    readHidden: async (prompt) => {
      const { askHidden } = await import('./hidden-question.ts');
      return await askHidden(prompt, process.stdin, (shown) => void process.stderr.write(shown));
    },
    readFile: (path) => readFile(path, 'utf8'),
    readBytes: (path) => (path === '-' ? buffer(process.stdin) : readFile(path)),
    folder: process.cwd(),
    env: process.env,
    isTerminal: {
      in: process.stdin.isTTY === true,
      out: process.stdout.isTTY === true,
      err: process.stderr.isTTY === true,
    },
  };
}

/** `strowger … | head`: the reader has seen enough, which is no error. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}
