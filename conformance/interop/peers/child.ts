import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The network namespace it runs in. */
  readonly namespace?: string;
  /** `lines`: `say` writes to its input; else it has none. */
  readonly input?: 'none' | 'lines';
}

/** A program that runs beside the test: its lines are waited for, and it ends with the test. */
export class Child {
  /** Both outputs, line by line, without colours. */
  readonly lines: string[] = [];
  readonly #name: string;
  readonly #process: ChildProcess;
  /** The exit code, or the signal that ended it; `undefined` while it runs. */
  #end: number | string | undefined;
  #read = 0;
  readonly #waiting = new Set<() => void>();

  /** A process group of its own, because some programs have children. */
  constructor(command: string, args: readonly string[], { cwd, env = {}, namespace, input }: ChildOptions) {
    this.#name = basename(command);
    const [program = command, ...rest] = [...(namespace === undefined ? [] : enter(namespace)), command, ...args];
    const child = spawn(program, rest, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === 'lines' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#process = child;
    child.stdin?.on('error', () => {}); // What has ended does not listen.
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(stripVTControlCharacters(line));
        this.#wake();
      });
    }
    child.on('error', (error) => this.#ended(error.message));
    child.on('close', (code, signal) => this.#ended(code ?? signal ?? 'unknown'));
    process.on('exit', this.#kill);
  }

  /** Writes a line to its input. */
  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** The first line after those already seen that matches. Rejects when the time is over or the program ends without it. */
  async line(pattern: RegExp, ms: number): Promise<RegExpExecArray> {
    const found = await this.#until(ms, `a line like ${pattern}`, () => {
      while (this.#read < this.lines.length) {
        const match = pattern.exec(this.lines[this.#read] ?? '');
        this.#read += 1;
        if (match !== null) return match;
      }
      return this.#end === undefined ? undefined : 'ended';
    });
    if (found === 'ended')
      throw new Error(`${this.#name} ended with ${this.#end} before it said ${pattern}\n${this.tail()}`);
    return found;
  }

  /** How it ends, when it ends by itself. */
  async exit(ms: number): Promise<number | string> {
    return this.#until(ms, 'an end', () => this.#end);
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Ends it: first the polite way. */
  async stop(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#signal('SIGTERM');
    await this.exit(POLITE_MS).catch(() => this.#signal('SIGKILL'));
    await this.exit(POLITE_MS);
  }

  /** The last lines, for the error of a test. */
  tail(count = 40): string {
    return this.lines
      .slice(-count)
      .map((line) => `  ${this.#name}| ${line}`)
      .join('\n');
  }

  readonly #kill = (): void => this.#signal('SIGKILL');

  #signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#process.pid === undefined || this.#end !== undefined) return;
    try {
      process.kill(-this.#process.pid, signal);
    } catch {
      // It has just ended by itself.
    }
  }

  #ended(how: number | string): void {
    this.#end ??= how;
    process.off('exit', this.#kill);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #until<T>(ms: number, what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`${this.#name}: ${what} did not come in ${ms / 1000} s\n${this.tail()}`));
      }, ms);
      this.#waiting.add(check);
      check();
    });
  }
}

const enter = (namespace: string): readonly string[] => ['ip', 'netns', 'exec', namespace];

const POLITE_MS = 3_000;
/** The programs have groups of their own, so what ends the test must be told to them. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
