import type { Io } from './io.ts';

export interface FakeIo extends Io {
  readonly outLines: string[];
  readonly errLines: string[];
}

export interface FakeWorld {
  /** Absolute path to text, or to the error that reading gives. */
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
}

/** An `Io` for tests: files in memory, lines kept, the working folder `/home/al`. */
export function createFakeIo({ files = {}, input = '', env = {}, isTerminal = false }: FakeWorld = {}): FakeIo {
  const outLines: string[] = [];
  const errLines: string[] = [];
  return {
    outLines,
    errLines,
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
    readInput: async () => input,
    readFile: async (path) => {
      const file = files[path] ?? fileError('ENOENT');
      if (typeof file !== 'string') throw file;
      return file;
    },
    folder: '/home/al',
    env,
    isTerminal: { in: isTerminal, out: isTerminal, err: isTerminal },
  };
}

/** The error that reading a file gives, such as ENOENT or EACCES. */
export function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: told by a test`), { code });
}
