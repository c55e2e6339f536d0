import { textOf } from './files.ts';
import type { Page } from './page.ts';
import { readSource } from './source.ts';
import type { Tree } from './tree.ts';

/**
 * One sentence of an RFC that binds us. They are written down in `conformance/*.requirements.json`, each a list of these;
 * conformance/ledger.json is all of them together.
 */
export interface Requirement {
  /** The number, such as `3261`. */
  readonly rfc: string;
  readonly section: string;
  /** What is required, in our own words. */
  readonly requirement: string;
  readonly level: (typeof LEVELS)[number];
  readonly status: (typeof STATUSES)[number];
  /** `file > title` of the tests that would fail without it; needed for what is tested. */
  readonly test?: string | readonly string[];
  /** What is missing, or why it is done otherwise. */
  readonly note?: string;
}

/** How binding it is (RFC 2119); a MUST NOT is a MUST. */
export const LEVELS = ['MUST', 'SHOULD', 'MAY'] as const;

/** `tested` names a test; `deviates` and `not applicable` say why in a note. */
export const STATUSES = ['tested', 'not yet', 'deviates', 'not applicable'] as const;

/** All requirements, by RFC and section. */
export function requirementsOf(tree: Tree): readonly Requirement[] {
  const all = requirementFiles(tree).flatMap((path): Requirement[] => JSON.parse(textOf(tree.root, path) ?? '[]'));
  return all.toSorted(
    (a, b) => Number(a.rfc) - Number(b.rfc) || a.section.localeCompare(b.section, 'en', { numeric: true }),
  );
}

/** The page that is printed: nothing while nobody has written a requirement down. */
export function ledgerPages(tree: Tree): readonly Page[] {
  const all = requirementsOf(tree);
  if (all.length === 0) return [];
  return [
    { path: 'conformance/ledger.json', text: `[\n${all.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n` },
  ];
}

/** Sentences about requirements that are not well formed or name a test that is not there. */
export function ledgerProblems(tree: Tree): readonly string[] {
  const titles = titlesOf(tree);
  return requirementFiles(tree).flatMap((path) => {
    let list: unknown;
    try {
      list = JSON.parse(textOf(tree.root, path) ?? '');
    } catch (error) {
      return [`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`];
    }
    if (!Array.isArray(list)) return [`${path} should be a list of requirements`];
    return list.flatMap((item: Partial<Requirement>, index) =>
      problemsOf(item, titles).map((problem) => `${path} #${index + 1} (RFC ${item.rfc} §${item.section}): ${problem}`),
    );
  });
}

/** A line per RFC: how many requirements there are of each status. */
export function ledgerSummary(tree: Tree): readonly string[] {
  const all = requirementsOf(tree);
  const rfcs = [...new Set(all.map(({ rfc }) => rfc))];
  return rfcs.map((rfc) => {
    const ofRfc = all.filter((one) => one.rfc === rfc);
    const counts = STATUSES.map((status) => ({ status, count: ofRfc.filter((one) => one.status === status).length }));
    const words = counts.filter(({ count }) => count > 0).map(({ status, count }) => `${count} ${status}`);
    return `RFC ${rfc}: ${words.join(', ')}`;
  });
}

function problemsOf(item: Partial<Requirement>, titles: Titles): readonly string[] {
  const problems: string[] = [];
  if (!/^\d+$/.test(item.rfc ?? '')) problems.push('rfc is the number, as a string');
  if (!item.section) problems.push('section is missing');
  if (!item.requirement) problems.push('requirement says in our own words what is required');
  if (!STATUSES.some((status) => status === item.status)) problems.push(`status is one of ${STATUSES.join(', ')}`);
  if (!LEVELS.some((level) => level === item.level)) problems.push(`level is one of ${LEVELS.join(', ')}`);
  const tests = testsOf(item);
  if (item.status === 'tested' && tests.length === 0) problems.push('what is tested names its test');
  const why = item.status === 'tested' || item.status === 'not yet' || item.note;
  if (!why) problems.push(`${item.status} needs a note that says why`);
  for (const test of tests) {
    const [file = '', title = ''] = test.split(' > ', 2).length === 2 ? splitAt(test, ' > ') : [test];
    const known = titles.get(file);
    if (known === undefined) problems.push(`there is no test file ${file}`);
    else if (!known.has(title)) problems.push(`${file} has no test called “${title}”`);
  }
  return problems;
}

/** By test file: whether it has a test of this title. */
type Titles = ReadonlyMap<string, { has(title: string): boolean }>;

/** A title stands in its file as a string, word for word, or as a template with something put in. */
const titlesOf = (tree: Tree): Titles =>
  new Map(
    tree.files
      .filter((path) => /\.(test|sim)\.ts$/.test(path))
      .map((path) => {
        const source = readSource(textOf(tree.root, path) ?? '');
        const strings = new Set(source.strings.map((piece) => piece.text));
        const templates = [...source.text.matchAll(/`((?:[^`\\]|\\.)*)`/g)].map((match) => patternOf(match[1] ?? ''));
        return [path, { has: (title) => strings.has(title) || templates.some((pattern) => pattern.test(title)) }];
      }),
  );

const patternOf = (template: string): RegExp => {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
};

const requirementFiles = (tree: Tree): readonly string[] =>
  tree.files.filter((path) => /^conformance\/(.+\/)?[^/]*requirements\.json$/.test(path));

const testsOf = ({ test }: Partial<Requirement>): readonly string[] =>
  test === undefined || test === '' ? [] : typeof test === 'string' ? [test] : test;

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
