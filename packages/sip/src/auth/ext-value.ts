import { toBinary } from '../text/binary.ts';
import { isAlpha, isDigit } from '../text/chars.ts';

/** The value of a parameter whose name ends in an asterisk, such as `username*`: UTF-8, percent-encoded (RFC 5987 §3.2). */
export function printExtValue(text: string): string {
  const bytes = toBinary(text);
  let out = "UTF-8''";
  for (let i = 0; i < bytes.length; i += 1) {
    const c = bytes.charCodeAt(i);
    out += isPlain(c) ? bytes.charAt(i) : `%${c.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** The text of such a value; `undefined` when it is malformed or not in UTF-8, the only charset of RFC 7616 §4. */
export function parseExtValue(value: string): string | undefined {
  const charsetEnd = value.indexOf("'");
  const languageEnd = value.indexOf("'", charsetEnd + 1);
  if (charsetEnd < 0 || languageEnd < 0) return undefined;
  if (value.slice(0, charsetEnd).toUpperCase() !== 'UTF-8') return undefined;
  try {
    return decodeURIComponent(value.slice(languageEnd + 1));
  } catch {
    return undefined;
  }
}

/** attr-char of RFC 5987 §3.2.1 as far as it is also a token character of RFC 3261 §25.1: the value stands unquoted. */
const isPlain = (c: number): boolean =>
  isAlpha(c) || isDigit(c) || c === 33 || c === 43 || c === 45 || c === 46 || c === 95 || c === 96 || c === 126;
