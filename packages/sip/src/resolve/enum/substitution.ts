import { compileEre, type Ere } from './ere.ts';
import { matchEre } from './ere-match.ts';

/** The regexp field of a NAPTR record: what to look for in the number, and what to make of it (RFC 3402 §3.2). */
export interface Substitution {
  readonly ere: Ere;
  /** Texts, and the numbers of the groups to put between them. */
  readonly parts: readonly (string | number)[];
}

/** A sentence without a full stop where the field does not follow the grammar or goes beyond a limit. */
export function parseSubstitution(field: string): Substitution | string {
  const delimiter = field[0] ?? '';
  if (delimiter === '' || /[\di\\]/.test(delimiter)) return 'the regexp begins with no delimiter';
  const pieces = splitAt(field, delimiter);
  const [pattern, replacement, flags] = pieces;
  if (pattern === undefined || replacement === undefined || flags === undefined || pieces.length !== 3)
    return `the regexp has ${pieces.length} instead of three delimiters`;
  if (flags !== '' && flags.toLowerCase() !== 'i') return `the flags "${flags}" of the regexp are unknown`;
  const ere = compileEre(pattern, flags === '' ? 'as written' : 'any case');
  if (typeof ere === 'string') return ere;
  const parts = partsOf(replacement);
  const missing = parts.find((part) => typeof part === 'number' && part > ere.groups);
  return missing === undefined ? { ere, parts } : `\\${missing} refers to a group that the regexp does not have`;
}

/** What becomes of the number; `undefined` where it does not match. */
export function substitute({ ere, parts }: Substitution, number: string): string | undefined {
  const groups = matchEre(ere, number);
  return groups && parts.map((part) => (typeof part === 'string' ? part : (groups[part] ?? ''))).join('');
}

/** The pieces behind the first delimiter; an escaped one does not count. */
function splitAt(field: string, delimiter: string): readonly string[] {
  const pieces: string[] = [''];
  for (let p = 1; p < field.length; p += 1) {
    const char = field[p] ?? '';
    if (char === delimiter) pieces.push('');
    else {
      const isPair = char === '\\' && p + 1 < field.length;
      pieces[pieces.length - 1] += isPair ? field.slice(p, p + 2) : char;
      if (isPair) p += 1;
    }
  }
  return pieces;
}

/** `\1` to `\9` are groups; before anything else a backslash says that the character stands for itself. */
function partsOf(replacement: string): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  let text = '';
  for (let p = 0; p < replacement.length; p += 1) {
    const char = replacement[p] ?? '';
    const next = replacement[p + 1];
    if (char !== '\\' || next === undefined) text += char;
    else {
      p += 1;
      if (next < '1' || next > '9') text += next;
      else {
        parts.push(text, Number(next));
        text = '';
      }
    }
  }
  return [...parts, text].filter((part) => part !== '');
}
