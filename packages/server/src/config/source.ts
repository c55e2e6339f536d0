import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import type { ConfigFault } from './fault.ts';
import { tooDeepAt } from './nesting.ts';

type Path = readonly (string | number)[];

/** A YAML text as a plain value that still knows where each part stands. */
export interface Source {
  readonly value: unknown;
  /** Where the value stands, or the nearest thing around it that is there. From 1. */
  valueAt(path: Path): Position;
  /** Where the key stands that the path ends with. */
  keyAt(path: Path): Position;
  /** Whether the text itself says something there. */
  has(path: Path): boolean;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a configuration may be at most; each is far more than one needs. */
export const SOURCE_LIMITS = { characters: 1_048_576, depth: 64 } as const;

/** Reads one YAML 1.2 document; an empty text is an empty mapping. */
export function parseSource(text: string, file: string): Source | { readonly faults: readonly ConfigFault[] } {
  const fault = (place: Position, [expected, hint]: Wording): ConfigFault => ({
    file,
    ...place,
    path: [],
    found: undefined,
    expected,
    hint,
  });
  if (text.length > SOURCE_LIMITS.characters) return { faults: [fault({ line: 1, column: 1 }, TOO_LONG)] };
  const deep = tooDeepAt(text, SOURCE_LIMITS.depth);
  if (deep !== undefined) return { faults: [fault(placeIn(text, deep), TOO_DEEP)] };
  const lines = new LineCounter();
  // Keys are compared below: the parser compares each with each.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  // The parser's own messages quote the text, which may hold a password: only their codes are used.
  const wordings = [...document.errors, ...document.warnings].map(
    (error): Misplaced => [error.pos[0], WORDINGS[error.code] ?? OTHER_WORDING],
  );
  const faults = [...wordings, ...namesakes(document)]
    .toSorted(([a], [b]) => a - b)
    .map(([offset, wording]) => fault(positionOf(offset), wording));
  if (faults.length > 0) return { faults };
  const value = plainOf(document);
  if (value === undefined) return { faults: [fault({ line: 1, column: 1 }, BAD_ALIAS)] };
  return {
    value: value.plain,
    valueAt: (path) => positionOf(offsetOf(document, path)),
    keyAt: (path) => positionOf(keyOffsetOf(document, path) ?? offsetOf(document, path)),
    has: (path) => walk(document, path).steps === path.length,
  };
}

type Misplaced = readonly [offset: number, wording: Wording];

/** Keys that stand in one mapping twice or are no words, and aliases without an anchor before them. */
function namesakes(document: Document): readonly Misplaced[] {
  const found: Misplaced[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(_, node) {
      if ('anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
      if (isMap(node)) found.push(...twiceIn(node));
    },
    Alias(_, { source, range }) {
      if (!anchors.has(source)) found.push([range?.[0] ?? 0, BAD_ALIAS]);
    },
  });
  return found;
}

function twiceIn({ items }: YAMLMap): readonly Misplaced[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }): readonly Misplaced[] => {
    if (isAlias(key) || isMap(key) || isSeq(key)) return [[key.range?.[0] ?? 0, NO_KEY]];
    if (!isScalar(key)) return [];
    if (seen.has(key.value)) return [[key.range?.[0] ?? 0, TWICE]];
    seen.add(key.value);
    return [];
  });
}

/** Counts as the parser does, for what it never sees. */
function placeIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Undefined when aliases multiply beyond the parser's limit. */
function plainOf(document: Document): { readonly plain: unknown } | undefined {
  if (document.contents === null) return { plain: {} };
  try {
    return { plain: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function offsetOf(document: Document, path: Path): number {
  const { node } = walk(document, path);
  return node?.range?.[0] ?? 0;
}

function keyOffsetOf(document: Document, path: Path): number | undefined {
  const { node } = walk(document, path.slice(0, -1));
  return pairOf(node, path.at(-1))?.key.range?.[0];
}

/** Goes down as far as the text goes: the last node that is there, and how many steps of the path led to it. */
function walk(document: Document, path: Path): { readonly node: Node | undefined; readonly steps: number } {
  let node = resolved(document, document.contents);
  let steps = 0;
  for (const step of path) {
    const next = isSeq(node) ? node.items[Number(step)] : pairOf(node, step)?.value;
    const child = resolved(document, next);
    if (child === undefined) break;
    node = child;
    steps += 1;
  }
  return { node, steps };
}

function pairOf(node: unknown, key: string | number | undefined): { key: Node; value: unknown } | undefined {
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(key)) {
      return { key: pair.key, value: pair.value };
    }
  }
  return undefined;
}

function resolved(document: Document, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}

/** What is expected, and the cure. */
type Wording = readonly [expected: string, hint: string | undefined];

const QUOTE = 'put values with special characters in quotes';
const BRACKETS = 'put addresses and values with special characters in quotes, and close every bracket';
const OTHER_WORDING: Wording = ['YAML here', QUOTE];
const BAD_ALIAS: Wording = [
  'an alias of an anchor that is there, used in moderation',
  'put text that starts with * in quotes',
];
const ANCHOR: Wording = [
  'plain YAML without anchors or tags in this place',
  'put text that starts with & or ! in quotes',
];
const FLOW: Wording = ['another entry or the closing bracket of a list or mapping', BRACKETS];
const SPLIT: Wording = ['one key and its value', 'put each KEY: VALUE on its own line, or in braces with commas'];
const TWICE: Wording = ['each key once', 'remove one of the two'];
const NO_KEY: Wording = ['a word as the key', 'put a key that begins with [, { or * in quotes'];
const TOO_LONG: Wording = [
  `at most ${SOURCE_LIMITS.characters} characters`,
  'is this the file that was meant? Users can be kept in the store: strowger user add',
];
const TOO_DEEP: Wording = [
  'lists and mappings that are not nested this deep',
  'check the indentation, and that every bracket is closed',
];
const WORDINGS: Readonly<Record<string, Wording>> = {
  ALIAS_PROPS: BAD_ALIAS,
  BAD_ALIAS,
  BAD_COLLECTION_TYPE: ANCHOR,
  BAD_DIRECTIVE: ['YAML without directives', 'put text that starts with % in quotes'],
  BAD_DQ_ESCAPE: ['a known escape after the backslash', 'use single quotes to take backslashes as they are'],
  BAD_INDENT: ['the indentation of the lines around it', 'check the spaces, and that brackets and quotes are closed'],
  BAD_PROP_ORDER: ANCHOR,
  BAD_SCALAR_START: ['a value in quotes', QUOTE],
  BLOCK_AS_IMPLICIT_KEY: SPLIT,
  BLOCK_IN_FLOW: FLOW,
  KEY_OVER_1024_CHARS: SPLIT,
  MISSING_CHAR: ['a quote, a comma or a closing bracket', BRACKETS],
  MULTILINE_IMPLICIT_KEY: SPLIT,
  MULTIPLE_ANCHORS: ANCHOR,
  MULTIPLE_DOCS: ['one document', 'remove what follows the line ---'],
  MULTIPLE_TAGS: ANCHOR,
  TAB_AS_INDENT: ['spaces for indentation', 'replace the tabs'],
  TAG_RESOLVE_FAILED: ['plain YAML without tags', 'put text that starts with ! in quotes'],
  UNEXPECTED_TOKEN: ['the end of the value', BRACKETS],
};
