/** Character classes of RFC 3261 §25.1, by character code, for scanners that read one character at a time. */

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isAlpha = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
export const isHex = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
/** A space or a tab. */
export const isBlank = (code: number): boolean => code === 32 || code === 9;

/** token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~") */
export const isTokenChar = (code: number): boolean => code < 128 && CLASSES[code] === TOKEN;

/**
 * What may stand in a parameter value without quotes: characters of tokens and of IPv6 references, and what real headers
 * carry: `/` in feature tags, `@` and `:` in identities, and all from 0x80 up.
 */
export const isValueChar = (code: number): boolean => code > 127 || CLASSES[code] !== 0;

/** True when the text is a token of RFC 3261 §25.1: at least one character, all of them token characters. */
export function isToken(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i += 1) if (!isTokenChar(text.charCodeAt(i))) return false;
  return true;
}

/** True when `text` at `start` spells `lower`, which must be in lower case, without regard to case. */
export function spells(text: string, start: number, lower: string): boolean {
  if (start + lower.length > text.length) return false;
  for (let i = 0; i < lower.length; i += 1) {
    const wanted = lower.charCodeAt(i);
    const found = text.charCodeAt(start + i);
    if (found !== wanted && !(isAlpha(found) && (found | 32) === wanted)) return false;
  }
  return true;
}

/** Two texts without regard to the case of ASCII letters. */
export const sameIgnoringCase = (a: string, b: string): boolean =>
  a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());

const VALUE_ONLY = 1;
const TOKEN = 2;
const CLASSES = new Uint8Array(128);
enter("-.!%*_+`'~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", TOKEN);
enter('[]:/@$&=', VALUE_ONLY);

function enter(members: string, kind: number): void {
  for (let i = 0; i < members.length; i += 1) CLASSES[members.charCodeAt(i)] = kind;
}
