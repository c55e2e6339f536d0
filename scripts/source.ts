/** A run of characters in a source: a comment as it stands, or the value of a string. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A TypeScript or JavaScript file taken apart without a compiler: enough to check rules on, and independent of its version. */
export interface Source {
  readonly text: string;
  /** As long as `text`; comments, the insides of strings, templates and regular expressions are blanks. */
  readonly code: string;
  readonly comments: readonly Piece[];
  /** The strings in quotes (no templates), in order. */
  readonly strings: readonly Piece[];
}

/** One import or re-export. */
export interface Import {
  readonly specifier: string;
  /** Nothing of it is left when types are stripped. */
  readonly typeOnly: boolean;
  readonly start: number;
  /** Where the specifier stands, quotes included. */
  readonly quoted: Piece;
}

/** Splits a source into code, comments and strings. */
export function readSource(text: string): Source {
  const comments: Piece[] = [];
  const strings: Piece[] = [];
  const out = text.split('');
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' ';
  };
  const braces: ('block' | 'template')[] = [];
  let before = '';
  let p = 0;
  while (p < text.length) {
    const char = text.charAt(p);
    const pair = text.slice(p, p + 2);
    if (pair === '//' || pair === '/*' || (p === 0 && pair === '#!')) {
      const end = commentEnd(text, p);
      comments.push({ start: p, end, text: text.slice(p, end) });
      blank(p, end);
      p = end;
      continue;
    }
    if (char === "'" || char === '"') {
      const end = stringEnd(text, p);
      strings.push({ start: p, end, text: unescaped(text.slice(p + 1, end - 1)) });
      blank(p + 1, end - 1);
      p = end;
    } else if (char === '`' || (char === '}' && braces.at(-1) === 'template')) {
      if (char === '}') braces.pop();
      const end = templateEnd(text, p + 1);
      if (text.charAt(end - 1) === '{') braces.push('template');
      blank(p + 1, end - 1);
      p = end;
    } else if (char === '/' && startsRegExp(before, text, p)) {
      const end = regExpEnd(text, p);
      blank(p + 1, end - 1);
      p = end;
    } else {
      if (char === '{') braces.push('block');
      if (char === '}') braces.pop();
      p += 1;
    }
    if (char.trim() !== '') before = char;
  }
  return { text, code: out.join(''), comments, strings };
}

/** Every module that the source names, dynamic imports with a plain string included. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  for (const match of source.code.matchAll(IMPORT)) {
    const at = match.index + match[0].length;
    const quoted = source.strings.find((piece) => piece.start === at);
    if (quoted === undefined) continue;
    found.push({ specifier: quoted.text, typeOnly: match[1] !== undefined, start: match.index, quoted });
  }
  return found;
}

/** The line, counted from 1, that an offset stands in. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
}

function commentEnd(text: string, start: number): number {
  const block = text.startsWith('/*', start);
  const end = text.indexOf(block ? '*/' : '\n', start + 2);
  if (end < 0) return text.length;
  return block ? end + 2 : end;
}

function stringEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let p = start + 1; p < text.length; p += 1) {
    const char = text.charAt(p);
    if (char === '\\') p += 1;
    else if (char === quote) return p + 1;
    else if (char === '\n') return p;
  }
  return text.length;
}

/** Behind the backtick or behind the next `${`. */
function templateEnd(text: string, start: number): number {
  for (let p = start; p < text.length; p += 1) {
    const char = text.charAt(p);
    if (char === '\\') p += 1;
    else if (char === '`') return p + 1;
    else if (char === '$' && text.charAt(p + 1) === '{') return p + 2;
  }
  return text.length;
}

function regExpEnd(text: string, start: number): number {
  let inClass = false;
  for (let p = start + 1; p < text.length; p += 1) {
    const char = text.charAt(p);
    if (char === '\\') p += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '\n' || (char === '/' && !inClass)) return p + 1;
  }
  return text.length;
}

/** A slash divides behind a value and opens a regular expression everywhere else. */
function startsRegExp(before: string, text: string, at: number): boolean {
  if (before === '' || '(,=:[!&|?{;+-*%<>~^'.includes(before)) return true;
  const word = /([A-Za-z]+)\s*$/.exec(text.slice(Math.max(0, at - 16), at))?.[1];
  return word !== undefined && WORDS_BEFORE_A_VALUE.has(word);
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g,
    (_, long, four, two, char) => {
      const hex = long ?? four ?? two;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return ESCAPES[char] ?? char;
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
  '\n': '',
};
const WORDS_BEFORE_A_VALUE: ReadonlySet<string> = new Set(
  'return typeof case in of delete void throw new else do yield await instanceof'.split(' '),
);
const IMPORT =
  /\b(?:import|export)(?:(\s+type\b(?!\s*(?:,|from\b)))?[\w$*\s,{}]*?\bfrom\s*|\s*)(?=['"])|\bimport\s*\(\s*(?=['"])/g;
