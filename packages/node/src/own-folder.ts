import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Why a folder is not there. */
export interface FolderFailure {
  /** The cause in a few words, to stand behind a colon. */
  readonly why: string;
  /** What the system said. */
  readonly cause: unknown;
}

/**
 * Makes a folder where there is none, with those above it that are missing, all for this user alone. One that is there stays as
 * it is. Relative paths are relative to the working folder.
 */
export function makeOwnFolder(path: string): FolderFailure | undefined {
  try {
    makeStepwise(path);
    return undefined;
  } catch (cause) {
    return { why: whyOf(cause), cause };
  }
}

/** Step by step: where the system makes no folders at all, as below /proc, Node's own way to make several never ends. */
function makeStepwise(path: string): void {
  const error = makeOne(path);
  if (error === undefined) return;
  const parent = dirname(path);
  if (codeOf(error) !== 'ENOENT' || parent === path || existsSync(parent)) throw error;
  makeStepwise(parent);
  const second = makeOne(path);
  if (second !== undefined) throw second;
}

/** Another program may have made it in between, which is as good. */
function makeOne(path: string): unknown {
  try {
    mkdirSync(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    return codeOf(error) === 'EEXIST' && statSync(path).isDirectory() ? undefined : error;
  }
}

const whyOf = (error: unknown): string =>
  CAUSES[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EEXIST: 'there is a file of this name',
  ENOENT: 'the system makes no folders there',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
};
