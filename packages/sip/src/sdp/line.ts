import { SyntaxFault } from '../text/faults.ts';

/** How much of the grammar a text may leave: what the field is known to send, or nothing. */
export type SdpMode = 'lenient' | 'strict';

/** One line of a description, with its place in the whole text. */
export interface Line {
  /** Offset of its first character. */
  readonly at: number;
  /** Without the end. */
  readonly content: string;
  readonly end: '\r\n' | '\n' | '';
}

/**
 * The lines of a text; a text that ends with a line end has no empty line behind it.
 *
 * LENIENT(RFC 8866 §5): scripts and phones with C libraries end lines with a bare line feed, and leave the last one open.
 */
export function splitLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    if (feed < 0) {
      lines.push({ at, content: text.slice(at), end: '' });
      break;
    }
    const withReturn = feed > at && text.charCodeAt(feed - 1) === 13;
    lines.push({ at, content: text.slice(at, withReturn ? feed - 1 : feed), end: withReturn ? '\r\n' : '\n' });
    at = feed + 1;
  }
  return lines;
}

/** What stands behind the equals sign. */
export const lineValue = (line: Line): string => line.content.slice(2);

/** The subfields of a line, taken one after the other. */
export class Words {
  readonly #line: Line;
  readonly #words: readonly Word[];
  #next = 0;

  /** @throws SyntaxFault in strict mode, where two spaces stand together */
  constructor(line: Line, mode: SdpMode) {
    this.#line = line;
    this.#words = mode === 'strict' ? strictWordsOf(line) : wordsOf(line);
  }

  get left(): number {
    return this.#words.length - this.#next;
  }

  /** @throws SyntaxFault where no word is left */
  word(expected: string): Word {
    const word = this.#words[this.#next];
    if (word === undefined) throw new SyntaxFault(this.#line.at + this.#line.content.length, expected);
    this.#next += 1;
    return word;
  }

  /** A word of token characters. @throws SyntaxFault */
  token(expected: string): string {
    const word = this.word(expected);
    if (!isSdpToken(word.text)) throw new SyntaxFault(word.at, expected);
    return word.text;
  }

  /** A word of the given form. @throws SyntaxFault */
  matching(form: RegExp, expected: string): RegExpExecArray {
    const word = this.word(expected);
    const found = form.exec(word.text);
    if (found === null) throw new SyntaxFault(word.at, expected);
    return found;
  }

  /** @throws SyntaxFault where a word is left */
  done(): void {
    const word = this.#words[this.#next];
    if (word !== undefined) throw new SyntaxFault(word.at, 'the end of the line');
  }
}

export interface Word {
  readonly text: string;
  /** Offset in the whole text. */
  readonly at: number;
}

/** token of RFC 8866 §9, which is wider than the one of SIP. */
export const isSdpToken = (text: string): boolean => /^[!#-'*+\-.0-9A-Z^-~]+$/.test(text);

/** A decimal number no greater than `greatest`. @throws SyntaxFault */
export function numberOf(digits: string, at: number, expected: string, greatest = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(number <= greatest)) throw new SyntaxFault(at, expected);
  return number;
}

/** LENIENT(RFC 8866 §5): gateways pad their lines, most often `m=`, with spaces at the end or double ones inside. */
function wordsOf(line: Line): readonly Word[] {
  return [...line.content.slice(2).matchAll(/[^ \t]+/g)].map((found) => ({
    text: found[0],
    at: line.at + 2 + found.index,
  }));
}

function strictWordsOf(line: Line): readonly Word[] {
  const words: Word[] = [];
  let at = line.at + 2;
  for (const text of lineValue(line).split(' ')) {
    if (text === '' || text.includes('\t')) throw new SyntaxFault(at, 'subfields with one space between them');
    words.push({ text, at });
    at += text.length + 1;
  }
  return words;
}
