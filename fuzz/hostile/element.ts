import { KINDS, type Kind } from './anomalies.ts';

/** A named part of a message, made of literal text and smaller parts. Texts hold one character a byte, marks aside. */
export interface Element {
  /** The names from the message down to here: `INVITE/Via/sent-by/port`. */
  readonly path: string;
  readonly kind: Kind;
  /** An optional part stands only in the cases that are about it. */
  readonly presence: 'always' | 'own cases';
  readonly parts: readonly (string | Element)[];
}

/**
 * Reads a template: `{name:kind content}` is an element, `{?name:kind content}` an optional one, contents may hold elements
 * again, and all else is literal. A brace is never part of a message here.
 */
export function elementOf(
  name: string,
  kind: Kind,
  template: string,
  presence: Element['presence'] = 'always',
): Element {
  const { parts, end } = partsFrom(template, 0, name);
  if (end !== template.length) throw new Error(`${name}: a brace too many at ${end}`);
  return { path: name, kind, presence, parts };
}

/** The element itself and everything within it, outside first. */
export function* within(element: Element): Generator<Element> {
  yield element;
  for (const part of element.parts) if (typeof part !== 'string') yield* within(part);
}

/** The text of an element in which another one, anywhere within it, is `replaced` by a text. */
export function textOf(element: Element, at?: Element, replaced = ''): string {
  if (element === at) return replaced;
  let text = '';
  for (const part of element.parts) {
    if (typeof part === 'string') text += part;
    else if (part.presence === 'always' || (at !== undefined && holds(part, at))) text += textOf(part, at, replaced);
  }
  return text;
}

const holds = (whole: Element, part: Element): boolean =>
  part.path === whole.path || part.path.startsWith(`${whole.path}/`);

interface Parsed {
  readonly parts: readonly (string | Element)[];
  readonly end: number;
}

function partsFrom(template: string, start: number, path: string): Parsed {
  const parts: (string | Element)[] = [];
  let at = start;
  while (at < template.length && template[at] !== '}') {
    const brace = /[{}]/g;
    brace.lastIndex = at;
    const next = brace.exec(template)?.index ?? template.length;
    if (next > at) parts.push(template.slice(at, next));
    at = next;
    if (template[at] !== '{') continue;
    HEAD.lastIndex = at;
    const [head = '', mark, name = '', kind = ''] = HEAD.exec(template) ?? [];
    if (head === '') throw new Error(`${path}: no name and kind at ${at}`);
    const inner = partsFrom(template, at + head.length, `${path}/${name}`);
    if (template[inner.end] !== '}') throw new Error(`${path}/${name}: a brace is missing`);
    const presence = mark === '?' ? 'own cases' : 'always';
    parts.push({ path: `${path}/${name}`, kind: kindOf(kind), presence, parts: inner.parts });
    at = inner.end + 1;
  }
  return { parts, end: at };
}

function kindOf(word: string): Kind {
  const kind = KINDS.find((one) => one === word);
  if (kind === undefined) throw new Error(`there is no kind ${word}`);
  return kind;
}

const HEAD = /\{(\?)?([\w.-]+):([a-z]+) /y;
