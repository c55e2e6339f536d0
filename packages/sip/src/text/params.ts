import { isBlank, isTokenChar, isValueChar, spells } from './chars.ts';
import { SyntaxFault } from './faults.ts';

/**
 * Parameters as they stand in a message, `;lr;transport=tcp`: kept as text, read by searching, so that what nobody asks for
 * costs nothing and what nobody edits is passed on byte for byte (RFC 3261 §25.1 generic-param, §19.1.1 uri-parameters).
 * Names are compared without regard to case.
 */
export class Params {
  /** Empty, or begins with a semicolon. */
  readonly text: string;
  /** The first letters of the names, a bit each; 0 while nobody has asked. Most questions are for what is not there. */
  #initials = 0;
  constructor(text: string) {
    this.text = text;
  }

  /** The value of the parameter named in lower case; '' for one without a value; `undefined` where there is none. */
  get(name: string): string | undefined {
    const at = this.#find(name);
    return at < 0 ? undefined : valueAfter(this.text, at + name.length);
  }

  has(name: string): boolean {
    return this.#find(name) >= 0;
  }

  /** Names in lower case with their values, in order. */
  entries(): readonly (readonly [string, string])[] {
    const out: [string, string][] = [];
    for (let p = 0; p < this.text.length; p = endOf(this.text, p + 1)) {
      const start = skipBlanks(this.text, p + 1);
      const end = endOfName(this.text, start);
      out.push([this.text.slice(start, end).toLowerCase(), valueAfter(this.text, end)]);
    }
    return out;
  }

  /** With this parameter set, at its old place or at the end. A value that is not a token or host is quoted. */
  set(name: string, value?: string): Params {
    return this.put(name, value === undefined || value === '' ? `;${name}` : `;${name}=${quotedIfNeeded(value)}`);
  }

  /** With this text of a parameter, semicolon included, at the old place of the parameter named in lower case or at the end. */
  put(name: string, piece: string): Params {
    const at = this.#find(name);
    return at < 0 ? new Params(this.text + piece) : this.#replace(at, piece);
  }

  delete(name: string): Params {
    const at = this.#find(name);
    return at < 0 ? this : this.#replace(at, '');
  }

  #replace(at: number, piece: string): Params {
    const semicolon = this.text.lastIndexOf(';', at);
    return new Params(this.text.slice(0, semicolon) + piece + this.text.slice(endOf(this.text, at)));
  }

  /** Offset of the parameter's name, or -1. */
  #find(name: string): number {
    const s = this.text;
    if (s === '') return -1;
    if (this.#initials === 0) this.#initials = initialsOf(s);
    if ((this.#initials & initialOf(name.charCodeAt(0))) === 0) return -1;
    for (let p = 0; p < s.length; p = endOf(s, p + 1)) {
      const start = skipBlanks(s, p + 1);
      if (!s.startsWith(name, start) && !spells(s, start, name)) continue;
      const behind = start + name.length;
      if (behind === s.length) return start;
      const after = s.charCodeAt(behind);
      if (after === 61 || after === 59 || isBlank(after)) return start;
    }
    return -1;
  }
}

/** Also of what stands behind a semicolon in quotes: such a name is looked for and not found. */
function initialsOf(s: string): number {
  let initials = initialOf(0);
  let isBefore = false;
  for (let p = 0; p < s.length; p += 1) {
    const c = s.charCodeAt(p);
    if (c === 59) isBefore = true;
    else if (isBefore && !isBlank(c)) {
      initials |= initialOf(c);
      isBefore = false;
    }
  }
  return initials;
}

/** The same bit for a letter of either case. */
const initialOf = (c: number): number => 1 << (c & 31);

export const NO_PARAMS = new Params('');

/**
 * Reads `*( SEMI generic-param )` of header fields from `start`; returns the offset behind the last of them.
 * @throws SyntaxFault
 */
export function scanParams(s: string, start: number): number {
  let p = skipBlanks(s, start);
  while (p < s.length && s.charCodeAt(p) === 59) p = skipBlanks(s, scanParam(s, skipBlanks(s, p + 1)));
  return p;
}

/** Reads one generic-param from the start of its name; returns the offset behind it. @throws SyntaxFault */
export function scanParam(s: string, start: number): number {
  let p = start;
  while (p < s.length && isTokenChar(s.charCodeAt(p))) p += 1;
  if (p === start) throw new SyntaxFault(p, 'a parameter name');
  const next = skipBlanks(s, p);
  return next < s.length && s.charCodeAt(next) === 61 ? scanValue(s, skipBlanks(s, next + 1)) : p;
}

/** Offset behind a quoted string that begins at `start`. @throws SyntaxFault when it never ends */
export function scanQuoted(s: string, start: number): number {
  for (let p = start + 1; p < s.length; p += 1) {
    const c = s.charCodeAt(p);
    if (c === 34) return p + 1;
    if (c === 92) p += 1;
  }
  throw new SyntaxFault(s.length, 'a closing quotation mark');
}

/** The text inside a quoted string, escapes undone; any other text as it is. */
export function unquoted(text: string): string {
  if (text.charCodeAt(0) !== 34) return text;
  const inner = text.slice(1, text.endsWith('"') && text.length > 1 ? -1 : undefined);
  return inner.includes('\\') ? inner.replace(/\\(.)/g, '$1') : inner;
}

/** A quoted string (RFC 3261 §25.1) that says `text`. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Without the blanks around it. `trim` would also take what other alphabets call a space, and halves of it in binary text. */
export function trimBlanks(s: string): string {
  const start = skipBlanks(s, 0);
  let end = s.length;
  while (end > start && isBlank(s.charCodeAt(end - 1))) end -= 1;
  return s.slice(start, end);
}

export function skipBlanks(s: string, start: number): number {
  let p = start;
  while (p < s.length && isBlank(s.charCodeAt(p))) p += 1; // never behind the end: NaN would make the offsets floats
  return p;
}

/** gen-value = token / host / quoted-string; IPv6 references count as hosts. */
function scanValue(s: string, start: number): number {
  let p = start;
  while (p < s.length && isValueChar(s.charCodeAt(p))) p += 1;
  if (p > start) return p;
  if (s.charCodeAt(start) === 34) return scanQuoted(s, start);
  throw new SyntaxFault(p, 'a parameter value');
}

function endOfName(s: string, start: number): number {
  let end = start;
  while (end < s.length && s.charCodeAt(end) !== 61 && s.charCodeAt(end) !== 59 && !isBlank(s.charCodeAt(end)))
    end += 1;
  return end;
}

/** The value of the parameter whose name ends at `afterName`, without quotes; '' where there is none. */
function valueAfter(s: string, afterName: number): string {
  const equals = skipBlanks(s, afterName);
  if (equals === s.length || s.charCodeAt(equals) !== 61) return '';
  const start = skipBlanks(s, equals + 1);
  const isQuoted = start < s.length && s.charCodeAt(start) === 34;
  const semicolon = isQuoted ? endOf(s, start) : s.indexOf(';', start);
  let end = semicolon < 0 ? s.length : semicolon;
  while (end > start && isBlank(s.charCodeAt(end - 1))) end -= 1;
  return isQuoted ? unquoted(s.slice(start, end)) : s.slice(start, end);
}

/** Offset of the next semicolon outside quotes, or the end. */
function endOf(s: string, start: number): number {
  for (let p = start; p < s.length; p += 1) {
    const c = s.charCodeAt(p);
    if (c === 59) return p;
    if (c === 34) {
      for (p += 1; p < s.length && s.charCodeAt(p) !== 34; p += 1) if (s.charCodeAt(p) === 92) p += 1;
    }
  }
  return s.length;
}

function quotedIfNeeded(value: string): string {
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charCodeAt(i);
    if (!isTokenChar(c) && !(c === 91 || c === 93 || c === 58)) return quoted(value);
  }
  return value;
}
