import { dirname, join, normalize } from 'node:path/posix';
import { type Declarations, readDeclarations } from './declarations.ts';
import { type EntryPoint, entryPointsOf, manifestsOf } from './entry-points.ts';
import { textOf } from './files.ts';
import type { Page } from './page.ts';

/**
 * The public surface, one page an entry point: the declaration of every exported name, taken from what the compiler
 * emitted into .cache/build. A change to it shows in review because the pages are kept under version control.
 */
export function apiPages(root: string): readonly Page[] {
  const read = readerOf(root);
  const entries = [...manifestsOf(root)].flatMap(([folder, manifest]) => entryPointsOf(root, folder, manifest));
  const pages = entries.map((entry) => ({ path: pathOf(entry), text: pageOf(entry, read) }));
  const list = entries.map((entry) => `- [\`${entry.specifier}\`](${pathOf(entry).split('/').at(-1)})`).join('\n');
  return [...pages, { path: `${FOLDER}/README.md`, text: `# Entry points\n\n${PRINTED}\n\n${list}\n` }];
}

/** Pages of entry points that are no more. */
export function strayApiPages(files: readonly string[], pages: readonly Page[]): readonly string[] {
  const wanted = new Set(pages.map(({ path }) => path));
  return files.filter((path) => path.startsWith(`${FOLDER}/`) && !wanted.has(path));
}

type Reader = (path: string) => Declarations;

function readerOf(root: string): Reader {
  const known = new Map<string, Declarations>();
  return (path) => {
    const emitted = `.cache/build/${path.replace(/\.ts$/, '.d.ts')}`;
    const found = known.get(path) ?? readDeclarations(textOf(root, emitted) ?? '');
    known.set(path, found);
    return found;
  };
}

const pathOf = ({ specifier }: EntryPoint): string =>
  `${FOLDER}/${specifier.replace(/^@strowger\//, '').replaceAll('/', '-')}.md`;

function pageOf(entry: EntryPoint, read: Reader): string {
  const blocks = surfaceOf(entry.source, read).map(tidied);
  const code = blocks.length === 0 ? '' : `\`\`\`ts\n${blocks.join('\n\n')}\n\`\`\`\n`;
  return `# ${entry.specifier}\n\n${PRINTED}\n\n${code}`;
}

/** The declarations behind the names that a module exports, those that it passes on included. */
function surfaceOf(module: string, read: Reader, seen: ReadonlySet<string> = new Set()): readonly string[] {
  if (seen.has(module)) return [];
  const { declared, exported } = read(module);
  const all: string[] = [];
  for (const { name, local, from } of exported) {
    if (from === undefined) {
      all.push(...(declared.get(local) ?? [`export { ${local} };`]).map((text) => renamed(text, local, name)));
    } else if (!from.startsWith('.')) {
      all.push(local === '*' ? `export * from '${from}';` : `export { ${name} } from '${from}';`);
    } else if (name === '*') {
      all.push(...surfaceOf(normalize(join(dirname(module), from)), read, new Set([...seen, module])));
    } else {
      all.push(...declarationOf(normalize(join(dirname(module), from)), local, name, read));
    }
  }
  return all;
}

/** The declaration of one name, followed through the modules that pass it on. */
function declarationOf(module: string, local: string, name: string, read: Reader): readonly string[] {
  if (local === '*') return [`export * as ${name} from '${module}';`];
  const { declared, exported } = read(module);
  const here = declared.get(local);
  if (here !== undefined) return here.map((text) => renamed(text, local, name));
  for (const next of exported) {
    if (next.from === undefined || !next.from.startsWith('.') || (next.name !== local && next.name !== '*')) continue;
    const inner = next.name === '*' ? local : next.local;
    const found = declarationOf(normalize(join(dirname(module), next.from)), inner, name, read);
    if (found.length > 0) return found;
  }
  return [];
}

/** Without what says nothing to a reader: private marks, where a type was found, a comment that is about the whole file. */
const tidied = (text: string): string =>
  text
    .replace(/^\s*#private;\n/gm, '')
    .replace(/\bimport\("[^"]*"\)\./g, '')
    .replace(/^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)+(?=\/\*\*)/, '');

const renamed = (text: string, local: string, name: string): string =>
  local === name ? text : `${text}\nexport { ${local} as ${name} };`;

const FOLDER = 'docs/reference/api';
const PRINTED =
  'Printed from the declarations by `node scripts/check.ts --write`; a change here is a change of the public API.';
