import { isBlank, isTokenChar, isValueChar } from './chars.ts';
import { SyntaxFault } from './faults.ts';

/**
 * The scanners of `params.ts` for text that stands in bytes, one a character, between two offsets: what is read in every
 * message is read here, because looking at a byte costs half of looking at a character of a string.
 */

/** The bytes of a text for these scanners: every character above 0xFF, none of which any grammar tells apart, counts as 0xFF. */
export function codesOf(text: string): Uint8Array {
  const codes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) codes[i] = Math.min(text.charCodeAt(i), 0xff);
  return codes;
}

export function skipBlanksIn(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && isBlank(b[p] as number)) p += 1;
  return p;
}

/** Offset behind the token at `start`, which may be empty. */
export function scanTokenIn(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && isTokenChar(b[p] as number)) p += 1;
  return p;
}

/** True when the bytes from `start` spell `lower`, which must be letters in lower case, without regard to case. */
export function spellsIn(b: Uint8Array, start: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i += 1) if (((b[start + i] ?? 0) | 32) !== lower.charCodeAt(i)) return false;
  return true;
}

/** Offset behind a quoted string that begins at `start`. @throws SyntaxFault when it never ends */
export function scanQuotedIn(b: Uint8Array, start: number, end: number): number {
  for (let p = start + 1; p < end; p += 1) {
    if (b[p] === 34) return p + 1;
    if (b[p] === 92) p += 1;
  }
  throw new SyntaxFault(end, 'a closing quotation mark');
}

/** Reads `*( SEMI generic-param )` from `start`; returns the offset behind the blanks behind the last of them. @throws SyntaxFault */
export function scanParamsIn(b: Uint8Array, start: number, end: number): number {
  let p = skipBlanksIn(b, start, end);
  while (p < end && b[p] === 59) {
    const name = skipBlanksIn(b, p + 1, end);
    p = scanTokenIn(b, name, end);
    if (p === name) throw new SyntaxFault(p, 'a parameter name');
    p = skipBlanksIn(b, p, end);
    if (p < end && b[p] === 61) p = skipBlanksIn(b, scanValueIn(b, skipBlanksIn(b, p + 1, end), end), end);
  }
  return p;
}

/** gen-value = token / host / quoted-string; IPv6 references count as hosts. */
function scanValueIn(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && isValueChar(b[p] as number)) p += 1;
  if (p > start) return p;
  if (b[start] === 34) return scanQuotedIn(b, start, end);
  throw new SyntaxFault(p, 'a parameter value');
}
