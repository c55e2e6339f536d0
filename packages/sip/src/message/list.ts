import { trimBlanks } from '../text/params.ts';

/**
 * The elements of a comma-separated value, trimmed; commas in quoted strings, in angle brackets and in comments do not
 * separate (RFC 3261 §7.3.1). Empty elements are left out.
 */
export function splitList(text: string): readonly string[] {
  const out: string[] = [];
  let start = 0;
  for (let p = 0; p <= text.length; p = p + 1) {
    const c = text.charCodeAt(p);
    if (c === 34) p = closing(text, p, 34);
    else if (c === 60) p = closing(text, p, 62);
    else if (c === 44 || p === text.length) {
      const item = trimBlanks(text.slice(start, p));
      if (item !== '') out.push(item);
      start = p + 1;
    }
  }
  return out;
}

/** Offset of the first element's separating comma, or the end of the text. */
export function endOfFirst(text: string, start = 0, end = text.length): number {
  for (let p = start; p < end; p += 1) {
    const c = text.charCodeAt(p);
    if (c === 34) p = closing(text, p, 34);
    else if (c === 60) p = closing(text, p, 62);
    else if (c === 44) return p;
  }
  return end;
}

/** Offset of the closing character, or the last offset of a text that never closes. */
function closing(text: string, open: number, mark: number): number {
  for (let p = open + 1; p < text.length; p += 1) {
    const c = text.charCodeAt(p);
    if (c === mark) return p;
    if (c === 92 && mark === 34) p += 1;
  }
  return text.length - 1;
}
