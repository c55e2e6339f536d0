import { isTest, textOf } from './files.ts';
import type { Finding } from './finding.ts';
import { packageOf } from './layers.ts';
import { lineAt, type Source } from './source.ts';
import { checkTests } from './test-rules.ts';
import type { Tree } from './tree.ts';

/** Checks what can be seen in one file at a time: size, names, purity, forbidden constructs, places and hosts. */
export function checkHouseRules(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [path, source] of tree.sources) {
    findings.push(...checkSource(path, source), ...checkTests(path, source));
  }
  for (const path of tree.files) findings.push(...checkPlaces(path, textOf(tree.root, path) ?? ''));
  return findings;
}

function checkSource(path: string, source: Source): readonly Finding[] {
  const findings: Finding[] = [];
  const lines = source.text.split('\n').length - 1;
  if (lines > LINES && !LONG_FILES.has(path)) {
    findings.push({ path, line: 0, sentence: `has ${lines} lines, more than ${LINES}; split it by what it is about` });
  }
  const name = path.split('/').at(-1) ?? '';
  if (VAGUE_NAMES.test(name))
    findings.push({ path, line: 0, sentence: 'is named for nothing; name it by what it exports' });
  for (const { pattern, sentence } of path.endsWith('.ts') ? [...FORBIDDEN, ...TYPESCRIPT] : FORBIDDEN) {
    for (const match of source.code.matchAll(pattern)) {
      findings.push({ path, line: lineAt(source.text, match.index), sentence: sentence(match[1] ?? '') });
    }
  }
  for (const comment of source.comments) {
    for (const { pattern, sentence } of IN_COMMENTS) {
      const mark = pattern.exec(comment.text);
      if (mark === null) continue;
      findings.push({ path, line: lineAt(source.text, comment.start + mark.index), sentence: sentence(mark[0]) });
    }
  }
  return [...findings, ...checkPurity(path, source)];
}

/** A pure package is told the time, the bytes and the answers; it asks nobody. A deterministic one asks no clock and no chance. */
function checkPurity(path: string, source: Source): readonly Finding[] {
  const nature = packageOf(path)?.nature ?? 'any';
  if (nature === 'any' || isTest(path) || path.endsWith('.d.ts') || path.includes('/src/suites/')) return [];
  return [...source.code.matchAll(nature === 'pure' ? IMPURE : CHANGING)].map((match) => ({
    path,
    line: lineAt(source.text, match.index),
    sentence: `uses ${match[1]} in a ${nature} package; let the caller tell it`,
  }));
}

/** Nothing names a place on one machine or the host that packages came from. */
function checkPlaces(path: string, text: string): readonly Finding[] {
  const findings = [...text.matchAll(PLACES)].map((match) => ({
    path,
    line: lineAt(text, match.index),
    sentence: `names ${match[0]}, which holds on one machine only`,
  }));
  if (path !== 'package-lock.json') return findings;
  const resolved = [...text.matchAll(/"resolved": "https?:/g)].map((match) => ({
    path,
    line: lineAt(text, match.index),
    sentence: 'holds a download address; .npmrc leaves them out',
  }));
  return [...findings, ...resolved];
}

/** A file has at most this many lines. */
const LINES = 400;

/** Longer files, each with its reason. */
const LONG_FILES: ReadonlyMap<string, string> = new Map([]);

const VAGUE_NAMES = /^(utils?|helpers?|common|types?|managers?|misc)\.[jt]s$/;

interface Forbidden {
  readonly pattern: RegExp;
  readonly sentence: (what: string) => string;
}

/** Matched against code whose strings and comments are blank; the first group goes into the sentence. */
const FORBIDDEN: readonly Forbidden[] = [
  { pattern: /\bexport\s+default\b/g, sentence: () => 'has a default export; export it by name' },
  {
    pattern: /\bclass\s+\w+(?:<[^{]*?>)?\s+extends\s+(?!\w*(?:Error|Fault)\b)([\w.]+)/g,
    sentence: (base) => `inherits from ${base}; only errors inherit`,
  },
];

const TYPESCRIPT: readonly Forbidden[] = [
  {
    pattern: /(?:[:<|&]|=>|\bas\b|\bextends\b|\bsatisfies\b)\s*any\b(?!\s*[(.:])|\bany(?=\[\])/g,
    sentence: () => 'has the type any; unknown says the same and is checked',
  },
  {
    pattern: /(?<![.\w$])(?:const\s+)?enum\s+\w+\s*\{/g,
    sentence: () => 'has an enum; a union of strings is erased with the types',
  },
];

const IN_COMMENTS: readonly Forbidden[] = [
  {
    pattern: /\b(?:TO-?DO|FIX-?ME|XXX|HACK)\b/,
    sentence: (mark) => `${mark}: do it, or say in the ledger that it is not done`,
  },
  { pattern: /@ts-(?:ignore|nocheck)\b/, sentence: (mark) => `${mark} silences the compiler` },
];

const globals = (names: readonly string[]): RegExp =>
  new RegExp(`(?<![.\\w$#])(${names.join('|')})\\b(?!\\s*[?]?:)`, 'g');
const CLOCKS_AND_CHANCE = ['Math\\s*\\.\\s*random', 'performance', 'setTimeout', 'setInterval', 'globalThis'];
/** `Date.UTC` is arithmetic. */
const CHANGING = globals(['Date(?!\\s*\\.\\s*UTC\\b)', ...CLOCKS_AND_CHANCE]);
const IMPURE = globals([
  'Date',
  ...CLOCKS_AND_CHANCE,
  'setImmediate',
  'queueMicrotask',
  'Buffer',
  'TextEncoder',
  'TextDecoder',
  'process',
  'console',
  'crypto',
  'fetch',
]);

/** Put together from parts, so that this file does not name what it looks for. */
const PLACES = new RegExp(
  [`(?<![\\w.])/${'work'}/`, `\\bregistry${'\\.'}[\\w-]+\\.(?:org|com|net|io|dev|local|internal)\\b`].join('|'),
  'g',
);
