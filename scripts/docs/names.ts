import { type Found, readPage } from './markdown.ts';

/** The sources that a page about the code may speak of: path to text. */
export type Sources = ReadonlyMap<string, string>;

/**
 * The paths that a page names and that are not there. A path may leave out its beginning (`message/framer.ts`); NAME, `x`
 * and NNNN stand for any name and number. What begins with a full stop lies in somebody's working folder.
 */
export function missingPaths(text: string, files: readonly string[]): readonly string[] {
  return readPage(text)
    .spans.filter(({ text: span }) => isPath(span))
    .filter(({ text: span }) => !files.some((file) => patternOf(span).test(`/${file}`)))
    .map(({ text: span, line }) => `line ${line}: ${span} is not there`);
}

/**
 * The identifiers that a page names and that are not there: `` `name` (`file.ts`) `` in that file, `` `Class.member` `` in the
 * file that declares the class, `` `variable.member` `` and any other one anywhere in the sources.
 */
export function missingNames(text: string, sources: Sources): readonly string[] {
  const problems: string[] = [];
  const { spans, prose } = readPage(text);
  const beside = filesBeside(prose);
  for (const span of spans) {
    const name = nameOf(span);
    if (name === undefined || isPath(span.text)) continue;
    const file = beside.get(`${span.line} ${span.text}`);
    const where = file === undefined ? sources : filesAt(file, sources);
    const [owner = '', member] = name.split('.');
    if (owner in globalThis) continue; // of the language, not of ours
    const isThere = [...where.values()].some((source) => declares(source, owner, member));
    if (!isThere) problems.push(`line ${span.line}: ${name} is not in ${file ?? 'the sources'}`);
  }
  return problems;
}

/** Of what begins in lower case with a member, such as `world.sleep`, the owner is somebody's variable. */
function declares(source: string, owner: string, member: string | undefined): boolean {
  if (member === undefined) return has(source, owner);
  const isOwner = /^[a-z]/.test(owner) || new RegExp(`(?:class|interface|const) ${owner}\\b`).test(source);
  return isOwner && has(source, member);
}

/** By line and span, the file that stands behind an identifier, in brackets or after a comma. */
function filesBeside(prose: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const match of prose.matchAll(/`([^`\n]+)`(?:\s+\(|,\s+)`([^`\n]+\.ts)`/g)) {
    const line = prose.slice(0, match.index).split('\n').length;
    found.set(`${line} ${match[1]}`, match[2] ?? '');
  }
  return found;
}

function filesAt(path: string, sources: Sources): Sources {
  return new Map([...sources].filter(([file]) => patternOf(path).test(`/${file}`)));
}

/** The identifier of a span: `name`, `Class.member`, or what a call calls. */
function nameOf({ text }: Found): string | undefined {
  return /^([A-Za-z_$][\w$]*(?:\.#?[\w$]+)?)(?:\(.*\))?$/.exec(text)?.[1];
}

const isPath = (span: string): boolean =>
  /^[A-Za-z][\w.-]*(?:\/[\w.-]+)*\/?$/.test(span) && (/\.(?:ts|md|json|yaml)$/.test(span) || span.includes('/'));

function patternOf(path: string): RegExp {
  const escaped = path
    .replace(/[.$^*+?()[\]{}|\\]/g, '\\$&')
    .replace(/\/$/, '')
    .replace(/NAME|\bx(?=\\.)/g, '[\\w-]+')
    .replace(/NNNN/g, '\\d{4}');
  return new RegExp(`/${escaped}(?:/|$)`);
}

const has = (source: string, word: string): boolean =>
  new RegExp(`(?<![\\w$])${word.replace(/[$#]/g, '\\$&')}(?![\\w$])`).test(source);
