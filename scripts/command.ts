import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

/** What a program said and how it ended. */
export interface Ended {
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly text: string;
}

/** Runs a program with this Node and the project's own tools first in the path. Never rejects; 127 where it is not there. */
export function runCommand(root: string, program: string, args: readonly string[], cwd = root): Promise<Ended> {
  const path = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH ?? ''].join(':');
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const take = (data: Buffer): void => {
      text += data.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: 127, text: `${text}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

/** The first lines of what a program said, for a step that failed. */
export function excerptOf(text: string, lines: number): readonly string[] {
  const all = text.split('\n').filter((line) => line.trim() !== '');
  return all.length <= lines ? all : [...all.slice(0, lines), `… ${all.length - lines} more lines`];
}
