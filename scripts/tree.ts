import { filesOf, isSource, textOf } from './files.ts';
import { readSource, type Source } from './source.ts';

/** The files of the project, each read once. */
export interface Tree {
  readonly root: string;
  readonly files: readonly string[];
  /** What is TypeScript or JavaScript of them, taken apart. */
  readonly sources: ReadonlyMap<string, Source>;
}

export function readTree(root: string): Tree {
  const files = filesOf(root);
  const sources = new Map(files.filter(isSource).map((path) => [path, readSource(textOf(root, path) ?? '')]));
  return { root, files, sources };
}
