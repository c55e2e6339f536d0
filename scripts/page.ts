import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { textOf } from './files.ts';

/** A file that a script prints and that is kept under version control, so that a change of it is seen in review. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Sentences about the pages whose file does not say what it should. */
export const staleSentences = (root: string, pages: readonly Page[]): readonly string[] =>
  pages.filter((page) => textOf(root, page.path) !== page.text).map(({ path }) => `${path} is stale`);

/** Writes the pages that changed and says which. */
export function writePages(root: string, pages: readonly Page[]): readonly string[] {
  const changed = pages.filter((page) => textOf(root, page.path) !== page.text);
  for (const { path, text } of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return changed.map(({ path }) => `wrote ${path}`);
}

/** A page with the part between `<!-- name -->` and `<!-- /name -->` put in place; nothing where there are no such marks. */
export function withSection(root: string, path: string, name: string, section: string): readonly Page[] {
  const text = textOf(root, path);
  if (text === undefined) return [];
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) return [];
  return [{ path, text: `${text.slice(0, start + open.length)}\n${section}\n${text.slice(end)}` }];
}
