import { SyntaxFault } from '../../text/faults.ts';
import type { Scanner } from '../../text/scanner.ts';

/** Reads a comment, which may hold others (RFC 3261 §25.1); returns what is between the outer parentheses as it stands. */
export function scanComment(s: Scanner): string {
  const start = s.pos;
  const end = endOfComment(s.text, start);
  if (end < 0) throw new SyntaxFault(s.text.length, 'a closing parenthesis');
  s.pos = end;
  return s.text.slice(start + 1, end - 1);
}

/** In parentheses; where those of the text do not match each other they are escaped. */
export function printComment(text: string): string {
  const plain = `(${text})`;
  return endOfComment(plain, 0) === plain.length ? plain : `(${text.replace(/[()\\]/g, '\\$&')})`;
}

/** Offset behind the comment that begins at `start`; -1 when it never ends. */
function endOfComment(s: string, start: number): number {
  let depth = 0;
  for (let p = start; p < s.length; p += 1) {
    const c = s.charCodeAt(p);
    if (c === 92) p += 1;
    else if (c === 40) depth += 1;
    else if (c === 41) {
      depth -= 1;
      if (depth === 0) return p + 1;
    }
  }
  return -1;
}
