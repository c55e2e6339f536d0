import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Child, type ChildOptions } from './child.ts';

/** Where one test works: a folder of its own and the programs that it started. All of it is gone after the test. */
export interface Lab {
  readonly folder: string;
  /** Writes a file into the folder and gives its path. */
  file(name: string, text: string): string;
  start(command: string, args: readonly string[], options?: Partial<ChildOptions>): Child;
}

export function createLab(t: TestContext): Lab {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-interop-'));
  const children: Child[] = [];
  t.after(async () => {
    if ('passed' in t && t.passed === false) for (const child of children) console.error(child.tail());
    // The last one first: a phone says goodbye to a server that is still there.
    for (const child of children.reverse()) await child.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    file: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    start: (command, args, options = {}) => {
      const child = new Child(command, args, { cwd: folder, ...options });
      children.push(child);
      return child;
    },
  };
}
