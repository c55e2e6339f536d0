import { fromBinary, toBinary } from '../text/binary.ts';
import { isHex } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';

/** The parts of a SIP URI, each with its own characters that need no escape (RFC 3261 §25.1). */
export type UriPart = 'user' | 'password' | 'param' | 'header';

/** The text behind `%HH` escapes, which stand for the bytes of UTF-8 (RFC 3261 §19.1.2). */
export function unescapePart(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = toBinary(text).replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => byteOf(hex));
  return fromBinary(bytes);
}

/** A text as this part of a URI may say it: everything that the part's grammar does not hold becomes `%HH`. */
export function escapePart(text: string, part: UriPart): string {
  if (isClean(text, PARTS[part])) return text;
  let out = '';
  for (const c of toBinary(text)) out += inClass(c.charCodeAt(0), PARTS[part]) ? c : percent(c);
  return out;
}

/**
 * One text for all that are equal by RFC 3261 §19.1.4: an escape of an unreserved character is that character; all other
 * escapes are in upper case; what may not stand unescaped is escaped.
 */
export const canonicalEscapes = (text: string): string => recoded(text, UNRESERVED, UNRESERVED | RESERVED);

/** One text for all user parts that say the same once their escapes are undone (RFC 3261 §10.3 step 5): as few escapes as can be. */
export const canonicalUser = (user: string): string => recoded(user, USER, USER);

/**
 * Reads characters of a part, and whole escapes, from `start`; returns the offset of the first that is neither.
 * @throws SyntaxFault for a percent sign without two hexadecimal digits
 */
export function scanPartIn(b: Uint8Array, start: number, end: number, part: UriPart): number {
  const wanted = PARTS[part];
  let p = start;
  while (p < end) {
    const c = b[p] as number;
    if (inClass(c, wanted)) p += 1;
    else if (c === 37) p = scanEscapeIn(b, p, end);
    // LENIENT: `#` from phones that dial service codes as they are typed, and user names in bare UTF-8
    else if ((c > 127 || c === 35) && wanted === USER) p += 1;
    else return p;
  }
  return p;
}

/** What lies behind `end` belongs to something else. */
function scanEscapeIn(b: Uint8Array, at: number, end: number): number {
  if (at + 2 < end && isHex(b[at + 1] as number) && isHex(b[at + 2] as number)) return at + 3;
  throw new SyntaxFault(at, 'two hexadecimal digits behind "%"');
}

/** The offset behind `%HH`. @throws SyntaxFault */
export function scanEscape(s: string, at: number): number {
  if (!isHex(s.charCodeAt(at + 1)) || !isHex(s.charCodeAt(at + 2)))
    throw new SyntaxFault(at, 'two hexadecimal digits behind "%"');
  return at + 3;
}

/** Byte by byte: escapes of characters of `undo` are undone, bare characters outside `bare` are escaped. */
function recoded(text: string, undo: number, bare: number): string {
  if (isClean(text, undo & bare)) return text;
  const s = toBinary(text);
  let out = '';
  for (let p = 0; p < s.length; p += 1) {
    const c = s.charCodeAt(p);
    if (c === 37 && isHex(s.charCodeAt(p + 1)) && isHex(s.charCodeAt(p + 2))) {
      const char = byteOf(s.slice(p + 1, p + 3));
      out += inClass(char.charCodeAt(0), undo) ? char : percent(char);
      p += 2;
    } else out += inClass(c, bare) ? s.charAt(p) : percent(s.charAt(p));
  }
  return out;
}

const byteOf = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
const percent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
const inClass = (c: number, wanted: number): boolean => c < 128 && ((CLASSES[c] ?? 0) & wanted) !== 0;

function isClean(text: string, wanted: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (!inClass(text.charCodeAt(i), wanted)) return false;
  return true;
}

const USER = 1;
const PASSWORD = 2;
const PARAM = 4;
const HEADER = 8;
const UNRESERVED = 16;
/** RFC 2396 §2.2. */
const RESERVED = 32;
const PARTS: { readonly [part in UriPart]: number } = { user: USER, password: PASSWORD, param: PARAM, header: HEADER };

const CLASSES = new Uint8Array(128);
enter(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()",
  USER | PASSWORD | PARAM | HEADER | UNRESERVED,
);
enter('&=+$,;?/', USER);
enter('&=+$,', PASSWORD);
enter('[]/:&+$', PARAM);
enter('[]/?:+$', HEADER);
enter(';/?:@&=+$,', RESERVED);

function enter(members: string, bits: number): void {
  for (let i = 0; i < members.length; i += 1) {
    const c = members.charCodeAt(i);
    CLASSES[c] = (CLASSES[c] ?? 0) | bits;
  }
}
