import { isDigit, isTokenChar } from './chars.ts';
import { SyntaxFault } from './faults.ts';
import { Params, scanParams, scanQuoted, skipBlanks, trimBlanks, unquoted } from './params.ts';

/** Reads one header value from left to right; every reader throws SyntaxFault with the offset when the grammar is left. */
export class Scanner {
  readonly text: string;
  pos: number;
  constructor(text: string, pos = 0) {
    this.text = text;
    this.pos = pos;
  }

  get done(): boolean {
    return this.pos >= this.text.length;
  }

  /** The character code at the position; NaN at the end. */
  get peek(): number {
    return this.text.charCodeAt(this.pos);
  }

  blanks(): this {
    this.pos = skipBlanks(this.text, this.pos);
    return this;
  }

  /** Exactly this text, with blanks around it swallowed (the SEMI, COMMA, EQUAL … of RFC 3261 §25.1). */
  mark(mark: string): this {
    this.blanks();
    if (!this.text.startsWith(mark, this.pos)) throw new SyntaxFault(this.pos, `"${mark}"`);
    this.pos += mark.length;
    return this.blanks();
  }

  /** Takes the mark when it is there. */
  took(mark: string): boolean {
    const at = skipBlanks(this.text, this.pos);
    if (!this.text.startsWith(mark, at)) return false;
    this.pos = skipBlanks(this.text, at + mark.length);
    return true;
  }

  token(what = 'a token'): string {
    return this.#while(isTokenChar, what);
  }

  /** A whole number of at most `digits` digits and at most `max`. */
  uint(max = 2 ** 32 - 1, what = 'a number'): number {
    const start = this.pos;
    const text = this.#while(isDigit, what);
    const n = Number(text);
    if (n > max) throw new SyntaxFault(start, `${what} of at most ${max}`);
    return n;
  }

  /** A quoted string, without its quotes and escapes. */
  quoted(): string {
    if (this.peek !== 34) throw new SyntaxFault(this.pos, 'a quotation mark');
    const start = this.pos;
    this.pos = scanQuoted(this.text, start);
    return unquoted(this.text.slice(start, this.pos));
  }

  tokenOrQuoted(what = 'a token or a quoted string'): string {
    return this.peek === 34 ? this.quoted() : this.token(what);
  }

  /** All generic parameters from here. */
  params(): Params {
    const start = skipBlanks(this.text, this.pos);
    this.pos = scanParams(this.text, this.pos);
    return new Params(trimBlanks(this.text.slice(start, this.pos)));
  }

  /** Everything up to the first of these characters, or the end. */
  until(stops: string): string {
    const start = this.pos;
    while (this.pos < this.text.length && !stops.includes(this.text.charAt(this.pos))) this.pos += 1;
    return this.text.slice(start, this.pos);
  }

  rest(): string {
    const out = this.text.slice(this.pos);
    this.pos = this.text.length;
    return out;
  }

  /** @throws SyntaxFault when anything but blanks is left */
  end(): void {
    this.blanks();
    if (!this.done) throw new SyntaxFault(this.pos, 'the end of the value');
  }

  #while(test: (code: number) => boolean, what: string): string {
    const start = this.pos;
    while (test(this.text.charCodeAt(this.pos))) this.pos += 1;
    if (this.pos === start) throw new SyntaxFault(start, what);
    return this.text.slice(start, this.pos);
  }
}
