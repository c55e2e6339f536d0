import { textOf } from './files.ts';
import type { Page } from './page.ts';
import { readSource } from './source.ts';
import type { Tree } from './tree.ts';

/**
 * One sentence of an RFC that binds us. They are written down in `conformance/*.requirements.json`, each a list of these;
 * conformance/ledger.json is all of them together.
 */
export interface Requirement {
  readonly rfc: number;
  readonly section: string;
  /** What is required, in our own words. */
  readonly requirement: string;
  readonly status: (typeof STATUSES)[number];
  /** `file > title` of the tests that would fail without it; needed for what is met. */
  readonly test?: string | readonly string[];
  /** What is missing, or why it is done otherwise. */
  readonly note?: string;
}

/** `met` names a test; `partly`, `deviation` and `not applicable` say why in a note. */
export const STATUSES = ['met', 'partly', 'not yet', 'deviation', 'not applicable'] as const;

/** All requirements, by RFC and section. */
export function requirementsOf(tree: Tree): readonly Requirement[] {
  const all = requirementFiles(tree).flatMap((path): Requirement[] => JSON.parse(textOf(tree.root, path) ?? '[]'));
  return all.toSorted((a, b) => a.rfc - b.rfc || a.section.localeCompare(b.section, 'en', { numeric: true }));
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
  if (!Number.isInteger(item.rfc)) problems.push('rfc is a number');
  if (!item.section) problems.push('section is missing');
  if (!item.requirement) problems.push('requirement says in our own words what is required');
  if (!STATUSES.some((status) => status === item.status)) problems.push(`status is one of ${STATUSES.join(', ')}`);
  const tests = testsOf(item);
  if (item.status === 'met' && tests.length === 0) problems.push('what is met names a test');
  if (item.status !== 'met' && item.status !== 'not yet' && !item.note)
    problems.push(`${item.status} says why in a note`);
  for (const test of tests) {
    const [file = '', title = ''] = test.split(' > ', 2).length === 2 ? splitAt(test, ' > ') : [test];
    const known = titles.get(file);
    if (known === undefined) problems.push(`there is no test file ${file}`);
    else if (!known.has(title)) problems.push(`${file} has no test called “${title}”`);
  }
  return problems;
}

type Titles = ReadonlyMap<string, ReadonlySet<string>>;

/** Every string of every test file; a title is one of them, word for word. */
const titlesOf = (tree: Tree): Titles =>
  new Map(
    tree.files
      .filter((path) => /\.(test|sim)\.ts$/.test(path))
      .map((path) => {
        const text = textOf(tree.root, path) ?? '';
        const plainTemplates = [...text.matchAll(/`([^`$\\]*)`/g)].map((match) => match[1] ?? '');
        return [path, new Set([...readSource(text).strings.map((piece) => piece.text), ...plainTemplates])];
      }),
  );

const requirementFiles = (tree: Tree): readonly string[] =>
  tree.files.filter((path) => /^conformance\/(.+\/)?[^/]*requirements\.json$/.test(path));

const testsOf = ({ test }: Partial<Requirement>): readonly string[] =>
  test === undefined ? [] : typeof test === 'string' ? [test] : test;

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
