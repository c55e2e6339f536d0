import type { Io } from './io.ts';

export interface FakeIo extends Io {
  readonly outLines: string[];
  readonly errLines: string[];
}

export interface FakeWorld {
  /** Absolute path to text, or to the error that reading gives. */
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly input?: string;
  /** What the person answers to hidden questions, in order. */
  readonly answers?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  /** Absolute. */
  readonly folder?: string;
}

/** An `Io` for tests: files in memory, lines kept, the working folder `/home/al` where the test names no other. */
export function createFakeIo(world: FakeWorld = {}): FakeIo {
  const { files = {}, input = '', answers = [], env = {}, isTerminal = false, folder = '/home/al' } = world;
  const outLines: string[] = [];
  const errLines: string[] = [];
  const left = [...answers];
  const fileAt = (path: string): string => {
    const file = files[path] ?? fileError('ENOENT');
    if (typeof file !== 'string') throw file;
    return file;
  };
  return {
    outLines,
    errLines,
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
    readInput: async () => input,
    readHidden: async (prompt) => {
      errLines.push(prompt);
      const answer = left.shift();
      if (answer === undefined) throw new Error('the test has no more answers');
      return answer;
    },
    readFile: async (path) => fileAt(path),
    readBytes: async (path) => Buffer.from(path === '-' ? input : fileAt(path)),
    folder,
    env,
    isTerminal: { in: isTerminal, out: isTerminal, err: isTerminal },
  };
}

/** The error that reading a file gives, such as ENOENT or EACCES. */
export function fileError(code: string): Error {
  return Object.assign(new Error(`${code}: told by a test`), { code });
}
