import type { Text } from '@strowger/sip/text';
import type { Span } from './finding.ts';

/** A place in a text as people count: lines and characters from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Bytes with their lines. */
export class Source {
  readonly bytes: Uint8Array;
  readonly #text: Text;
  /** Offset of the first byte of each line. */
  readonly #starts: readonly number[];

  constructor(bytes: Uint8Array, text: Text) {
    this.bytes = bytes;
    this.#text = text;
    const starts = [0];
    for (let p = bytes.indexOf(LF); p >= 0 && p + 1 < bytes.length; p = bytes.indexOf(LF, p + 1)) starts.push(p + 1);
    this.#starts = starts;
  }

  /** What lies behind the last character of a line, its end included, is one place. */
  placeOf(at: number): Place {
    let line = this.#starts.length;
    while (line > 1 && (this.#starts[line - 1] ?? 0) > at) line -= 1;
    const start = this.#starts[line - 1] ?? 0;
    const end = Math.min(Math.max(start, at), this.#endOf(line));
    return { line, column: [...this.#text.utf8(this.bytes, start, end)].length + 1 };
  }

  /** Offset of the first byte of a line, counted from 1. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.bytes.length;
  }

  /** The line of a span and a line of carets under it, cut to a window of `EXCERPT` characters around its start. */
  excerpt({ at, length }: Span): readonly [string, string] {
    const { line, column } = this.placeOf(at);
    const start = this.startOf(line);
    const end = this.#endOf(line);
    const chars = [...this.#text.utf8(this.bytes, start, end)].map((char) => (HIDDEN.test(char) ? '·' : char));
    const carets = [...this.#text.utf8(this.bytes, Math.min(at, end), Math.min(end, at + length))].length;
    const first = Math.max(0, Math.min(column - 1 - EXCERPT / 2, chars.length - EXCERPT));
    const shown = chars.slice(first, first + EXCERPT);
    const [before, behind] = [first > 0 ? '…' : '', first + EXCERPT < chars.length ? '…' : ''];
    const indent = ' '.repeat(column - 1 - first + before.length);
    const room = Math.max(1, shown.length + before.length - indent.length);
    return [`${before}${shown.join('')}${behind}`, `${indent}${'^'.repeat(Math.min(Math.max(1, carets), room))}`];
  }

  /** Behind the last byte of a line, without its end. */
  #endOf(line: number): number {
    const next = this.#starts[line];
    let end = next ?? this.bytes.length;
    if (end > 0 && this.bytes[end - 1] === LF) end -= 1;
    if (end > 0 && this.bytes[end - 1] === CR) end -= 1;
    return Math.max(end, this.startOf(line));
  }
}

const LF = 10;
const CR = 13;
const EXCERPT = 100;
/** What a terminal would not show as one character, and what is no text. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffd]/;
