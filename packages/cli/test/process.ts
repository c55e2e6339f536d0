import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** The `strowger` command as a process of its own. */
export interface Running {
  /** The first whole line of a stream that matches; rejects when the process ends without one. */
  line(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** An empty folder that is gone after the test. */
export function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a command is started with beside its words. */
export interface Surroundings {
  /** For Node itself. */
  readonly flags?: readonly string[];
  /** In the place of the environment of the tests. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts `strowger` with these words in a folder. A process that outlives its test is killed. */
export function start(
  t: TestContext,
  folder: string,
  words: readonly string[],
  input = '',
  { flags = [], env = process.env }: Surroundings = {},
): Running {
  const child = spawn(process.execPath, [...flags, BIN, ...words], { cwd: folder, env, stdio: 'pipe' });
  t.after(() => child.kill('SIGKILL'));
  const out = textOf(child, 'stdout');
  const err = textOf(child, 'stderr');
  child.stdin.on('error', () => {}); // A command that reads nothing may be gone before it could.
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out: out(), err: err() }));
  });
  return {
    line: (pattern, stream = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const whole = (stream === 'stdout' ? out : err)().split('\n').slice(0, -1);
          const found = whole.find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        child[stream].on('data', look);
        look();
        void ended.then((end) => reject(new Error(`no line like ${pattern}; ended with ${end.code}: ${end.err}`)));
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs `strowger` to its end. */
export const run = (t: TestContext, folder: string, words: readonly string[], input?: string): Promise<Ended> =>
  start(t, folder, words, input).ended;

/** The port of the first address of a protocol in a `ready` line. */
export function portOf(ready: string, protocol: 'udp' | 'tcp' | 'tls' | 'ws' | 'wss'): number {
  const found = new RegExp(`\\b${protocol}:127\\.0\\.0\\.1:(\\d+)`).exec(ready);
  if (found === null) throw new Error(`no ${protocol} address in ${ready}`);
  return Number(found[1]);
}

function textOf(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

const BIN = fileURLToPath(new URL('../bin/strowger.js', import.meta.url));
