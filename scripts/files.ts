import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file of the project under `root` that is written by people, as relative paths with `/`, sorted. */
export function filesOf(root: string): readonly string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !IGNORED_FOLDERS.has(entry.name)) visit(path);
      if (entry.isFile() && !IGNORED_FILES.test(entry.name)) found.push(path);
    }
  };
  visit('');
  return found.sort();
}

/** The text of a file, or nothing where there is none. */
export function textOf(root: string, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** TypeScript and JavaScript that we wrote; declarations too. */
export const isSource = (path: string): boolean => /\.(ts|js|mjs)$/.test(path);

/** Files that only tests and tools run: they may use Node, the test kit and the development dependencies. */
export const isTest = (path: string): boolean =>
  /\.(test|sim)\.ts$/.test(path) ||
  /^packages\/[^/]+\/(sim|test)\//.test(path) ||
  /^(conformance|fuzz|bench|examples|scripts)\//.test(path);

/** What .gitignore names, and what git itself keeps. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git', '.cache', 'strowger-data']);
const IGNORED_FILES = /\.(tgz|log)$/;
