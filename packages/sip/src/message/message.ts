import { fromBinary, toBinary } from '../text/binary.ts';
import { isBlank } from '../text/chars.ts';
import { UsageFault } from '../text/faults.ts';
import { skipBlanks } from '../text/params.ts';
import type { HeaderName } from './header.ts';

/**
 * A SIP message as a value (RFC 3261 §7). It shares with the message that it was made from every line that was not edited,
 * and those lines are printed byte for byte as they came.
 */
export interface Request {
  readonly kind: 'request';
  readonly method: string;
  /** The Request-URI as it stands in the message. */
  readonly uri: string;
  readonly content: Content;
}

export interface Response {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly content: Content;
}

export type Message = Request | Response;

/** A header line that did not come off the wire as it is: made here, or taken from another message. */
export interface Line {
  /** The header definition's id, or 0 for a header field that the table does not know. */
  readonly id: number;
  readonly name: string;
  /** One character a byte of its UTF-8 form. */
  readonly value: string;
}

/** A number stands for that line of the source, an object for a new one. */
export type LineRef = number | Line;

/** A header part as it came off the wire, read once and shared by all messages that are made from it. */
export interface Head {
  /** One character a byte. */
  readonly text: string;
  /** The same at the same offsets, perhaps with more behind it. */
  readonly bytes: Uint8Array;
  /** Four offsets a line: header id, start of the line, start and end of its value; the last entry ends the last line. */
  readonly table: readonly number[];
  /** True when no value is folded or has bytes from 0x80 up, so that values are slices of `text`. */
  readonly plain: boolean;
}

/** The header lines and the body of a message. */
export class Content {
  readonly head: Head;
  /** `undefined`: the lines of the head, all of them, in order. */
  readonly lines: readonly LineRef[] | undefined;
  /** Where the body is in. */
  readonly bytes: Uint8Array;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Decoded values of the headers with the smallest ids; the others are kept in `rare`. */
  slots: unknown[] | undefined;
  rare: Map<number, unknown> | undefined;

  constructor(
    head: Head,
    lines: readonly LineRef[] | undefined,
    bytes: Uint8Array,
    bodyStart: number,
    bodyEnd: number,
  ) {
    this.head = head;
    this.lines = lines;
    this.bytes = bytes;
    this.bodyStart = bodyStart;
    this.bodyEnd = bodyEnd;
    this.slots = undefined;
    this.rare = undefined;
  }

  /** How many header lines there are. */
  get count(): number {
    return this.lines === undefined ? (this.head.table.length - 1) >> 2 : this.lines.length;
  }

  refAt(index: number): LineRef {
    return this.lines === undefined ? index : (this.lines[index] ?? 0);
  }

  idAt(index: number): number {
    const ref = this.refAt(index);
    return typeof ref === 'number' ? (this.head.table[ref * 4] ?? 0) : ref.id;
  }

  /** The name of the header field as it stands in the message. */
  nameAt(index: number): string {
    const ref = this.refAt(index);
    if (typeof ref !== 'number') return ref.name;
    const { text, table } = this.head;
    const start = table[ref * 4 + 1] ?? 0;
    return text.slice(start, text.indexOf(':', start)).trim();
  }

  /** The value, unfolded, without the blanks around it. */
  valueAt(index: number): string {
    const ref = this.refAt(index);
    if (typeof ref !== 'number') return fromBinary(ref.value);
    const { text, table, plain } = this.head;
    const value = text.slice(table[ref * 4 + 2] ?? 0, table[ref * 4 + 3] ?? 0);
    return plain ? value : fromBinary(unfold(value));
  }

  /** True for a line without a value. */
  isEmptyAt(index: number): boolean {
    const ref = this.refAt(index);
    return typeof ref === 'number' ? this.head.table[ref * 4 + 2] === this.head.table[ref * 4 + 3] : ref.value === '';
  }

  /** Index of the first line of a header from `start` on, or -1. */
  find(def: HeaderName, start = 0): number {
    const count = this.count;
    if (this.lines === undefined) {
      const table = this.head.table;
      for (let i = start; i < count; i += 1) if (table[i * 4] === def.id) return i;
    } else {
      for (let i = start; i < count; i += 1) if (this.idAt(i) === def.id) return i;
    }
    return def.extension ? this.#findByName(def, start) : -1;
  }

  #findByName(def: HeaderName, start: number): number {
    for (let i = start; i < this.count; i += 1) {
      if (this.idAt(i) !== 0) continue;
      const name = this.nameAt(i).toLowerCase();
      if (name === def.key || name === def.compact) return i;
    }
    return -1;
  }

  cached(id: number): unknown {
    return id < SLOTS ? this.slots?.[id] : this.rare?.get(id);
  }

  cache(id: number, value: unknown): void {
    if (id < SLOTS) {
      this.slots ??= new Array<unknown>(SLOTS);
      this.slots[id] = value;
    } else {
      this.rare ??= new Map();
      this.rare.set(id, value);
    }
  }
}

/** The body; a view of the message's memory, not to be written to. */
export function bodyOf({ content }: Message): Uint8Array {
  const { bytes, bodyStart, bodyEnd } = content;
  return bodyStart === bodyEnd ? NO_BYTES : bytes.subarray(bodyStart, bodyEnd);
}

/** @throws UsageFault for a line break in the value, which would make it two lines */
export function lineOf(def: Pick<HeaderName, 'id' | 'name'>, value: string): Line {
  if (value.includes('\n') || value.includes('\r')) throw new UsageFault(`a line break in a value of ${def.name}`);
  return { id: def.id, name: def.name, value: toBinary(value) };
}

/** Name and value of every header line, in order. */
export function* headersOf(message: Message): Generator<readonly [name: string, value: string]> {
  for (let i = 0; i < message.content.count; i += 1) yield [message.content.nameAt(i), message.content.valueAt(i)];
}

export const request = (method: string, uri: string, content: Content): Request => ({
  kind: 'request',
  method,
  uri,
  content,
});
export const response = (status: number, reason: string, content: Content): Response => ({
  kind: 'response',
  status,
  reason,
  content,
});

export const NO_BYTES = new Uint8Array(0);
/** A message without header lines, to be filled by an `Edit`. */
export const emptyContent = (): Content => new Content(NO_HEAD, undefined, NO_BYTES, 0, 0);

/** RFC 3261 §7.3.1: a fold, with the blanks around it, is the same as one space. Works on binary text too. */
export function unfold(value: string): string {
  if (!value.includes('\n')) return value;
  const lines = value.split('\n');
  return lines
    .map((line, i) => {
      const start = i === 0 ? 0 : skipBlanks(line, 0);
      let end = i < lines.length - 1 && line.endsWith('\r') ? line.length - 1 : line.length;
      while (i < lines.length - 1 && end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
      return line.slice(start, end);
    })
    .join(' ');
}

const NO_HEAD: Head = { text: '', bytes: NO_BYTES, table: [0], plain: true };
/** Headers with smaller ids have their decoded value in an array, the others in a map. */
export const SLOTS = 12;
