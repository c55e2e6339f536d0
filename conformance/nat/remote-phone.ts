import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Home, PHONE, SERVER } from './namespaces.ts';

/** A phone in another network namespace: a process of its own. */
export class RemotePhone {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: string[] = [];
  #read = 0;
  #wake: () => void = () => undefined;

  constructor(home: Home, user: string, protocol: 'udp' | 'tcp') {
    const args = ['--user', user, '--host', PHONE, '--port', '5062', '--protocol', protocol, '--server', SERVER];
    this.#child = spawn('ip', ['netns', 'exec', home.namespace, process.execPath, PROGRAM, ...args]);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        this.#wake();
      });
  }

  do(command: string): void {
    this.#child.stdin.write(`${command}\n`);
  }

  /** The next line that begins so; rejects with all lines when it does not come. */
  async says(beginning: string): Promise<string> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      while (this.#read < this.#lines.length) {
        const line = this.#lines[this.#read] ?? '';
        this.#read += 1;
        if (line.startsWith(beginning)) return line;
      }
      const left = until - performance.now();
      if (left <= 0) throw new Error(`no "${beginning}" but:\n${this.#lines.join('\n')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

const PROGRAM = fileURLToPath(new URL('./phone-process.ts', import.meta.url));
const PATIENCE_MS = 15_000;
