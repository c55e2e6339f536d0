import { toBinary } from '../text/binary.ts';
import { isBlank } from '../text/chars.ts';
import type { HeaderDef, HeaderName } from './header.ts';
import { contentLength } from './headers/core.ts';
import { line } from './line.ts';
import { endOfFirst } from './list.ts';
import {
  Content,
  emptyContent,
  type Line,
  type LineRef,
  lineOf,
  type Message,
  type Request,
  type Response,
  request,
  response,
  SLOTS,
  unfold,
} from './message.ts';
import { idOfName } from './names.ts';

/** Collects changes to a message and makes the changed one; the original stays as it is. Untouched lines are shared. */
export class Edit {
  readonly #content: Content;
  readonly #lines: LineRef[];
  /** A bit for each small id whose cached value no longer holds. */
  #touched = 0;
  /** The header whose topmost value was put there last, and that value: it need not be decoded again. */
  #topId = 0;
  #top: unknown;
  #bytes: Uint8Array;
  #bodyStart: number;
  #bodyEnd: number;

  constructor(content: Content, lines?: LineRef[]) {
    this.#content = content;
    this.#lines = lines ?? allLines(content);
    this.#bytes = content.bytes;
    this.#bodyStart = content.bodyStart;
    this.#bodyEnd = content.bodyEnd;
  }

  /** Replaces all lines of this header by one line a value, at the place of the first, else at the end. */
  set<T>(def: HeaderDef<T>, ...values: readonly T[]): this {
    const first = this.#indexOf(def, 0);
    this.remove(def);
    let at = first < 0 ? this.#lines.length : first;
    for (const value of values) {
      this.#insert(at, lineOf(def, def.encode(value)));
      at += 1;
    }
    return this;
  }

  /** A new line before the first of this header, or before all others when there is none. */
  prepend<T>(def: HeaderDef<T>, value: T): this {
    this.prependLine(def, lineOf(def, def.encode(value)));
    return this.#knowTop(def, value);
  }

  prependLine(def: HeaderName, line: Line): this {
    this.#touch(def.id);
    this.#insert(Math.max(0, this.#indexOf(def, 0)), line);
    return this;
  }

  /** A new line at the end. */
  append<T>(def: HeaderDef<T>, value: T): this {
    this.#touch(def.id);
    this.#lines.push(lineOf(def, def.encode(value)));
    return this;
  }

  /** A line of any name: in the place of the first of that name, else at the end. */
  line(name: string, value: string): this {
    const id = idOfName(name);
    const at = id === 0 ? -1 : this.#lines.findIndex((ref) => this.#idOf(ref) === id);
    this.appendLine(name, value);
    if (at < 0) return this;
    const line = this.#lines.pop() as LineRef;
    for (let i = this.#lines.length - 1; i > at; i -= 1)
      if (this.#idOf(this.#lines[i] as LineRef) === id) this.#removeAt(i);
    this.#lines[at] = line;
    return this;
  }

  /** A new line of any name at the end. A line break in the value becomes a space. */
  appendLine(name: string, value: string): this {
    return this.add(line(name, value));
  }

  /** A line that was made before, at the end. */
  add(line: Line): this {
    this.#touch(line.id);
    this.#lines.push(line);
    return this;
  }

  remove(def: HeaderName): this {
    this.#touch(def.id);
    for (let i = this.#indexOf(def, 0); i >= 0; i = this.#indexOf(def, i)) this.#removeAt(i);
    return this;
  }

  /** Takes the first value of a list header away: its line, or its part of the line (RFC 3261 §16.7 step 3, §16.4). */
  dropTop(def: HeaderName): this {
    return this.#editTop(def, undefined);
  }

  /** Puts another value in the place of the topmost one. */
  replaceTop<T>(def: HeaderDef<T>, value: T): this {
    this.#editTop(def, def.encode(value));
    return this.#knowTop(def, value);
  }

  /** Takes the last value of a list header away. */
  dropLast(def: HeaderName): this {
    this.#touch(def.id);
    for (;;) {
      let last = -1;
      for (let i = this.#indexOf(def, 0); i >= 0; i = this.#indexOf(def, i + 1)) last = i;
      if (last < 0) return this;
      const text = withoutEmptyEnd(this.#binaryValue(last));
      let cut = -1;
      for (let p = endOfFirst(text); p < text.length; p += 1 + endOfFirst(text.slice(p + 1))) cut = p;
      const rest = withoutEmptyEnd(text.slice(0, Math.max(0, cut)));
      if (rest === '') this.#removeAt(last);
      else this.#lines[last] = { id: def.id, name: def.name, value: rest };
      if (text !== '') return this;
    }
  }

  /** Another body; Content-Length follows. */
  body(bytes: Uint8Array): this {
    this.#bytes = bytes;
    this.#bodyStart = 0;
    this.#bodyEnd = bytes.length;
    return this.set(contentLength, bytes.length);
  }

  /** The changed request with this start line. */
  request(method: string, uri: string): Request {
    return request(method, uri, this.#done());
  }

  response(status: number, reason: string): Response {
    return response(status, reason, this.#done());
  }

  /** Lines and elements that are empty are no values: those before the first value go with it. */
  #editTop(def: HeaderName, text: string | undefined): this {
    this.#touch(def.id);
    for (let at = this.#indexOf(def, 0); at >= 0; at = this.#indexOf(def, 0)) {
      if (this.#isOne(at)) {
        if (text === undefined) this.#removeAt(at);
        else this.#lines[at] = { id: def.id, name: def.name, value: toBinary(text) };
        return this;
      }
      const old = withoutEmptyStart(this.#binaryValue(at));
      const rest = withoutEmptyStart(old.slice(endOfFirst(old) + 1));
      const parts = [text === undefined || old === '' ? '' : toBinary(text), rest].filter((part) => part !== '');
      if (parts.length === 0) this.#removeAt(at);
      else this.#lines[at] = { id: def.id, name: def.name, value: parts.join(', ') };
      if (old !== '') return this;
    }
    return this;
  }

  #touch(id: number): void {
    if (id < SLOTS) this.#touched |= 1 << id;
    if (id === this.#topId) this.#topId = 0;
  }

  /** By hand: `splice` makes an array of what it removes, and takes several times as long for so few lines. */
  #insert(at: number, line: LineRef): void {
    const lines = this.#lines;
    lines.push(line);
    for (let i = lines.length - 1; i > at; i -= 1) lines[i] = lines[i - 1] as LineRef;
    lines[at] = line;
  }

  #removeAt(at: number): void {
    const lines = this.#lines;
    for (let i = at + 1; i < lines.length; i += 1) lines[i - 1] = lines[i] as LineRef;
    lines.pop();
  }

  #knowTop(def: HeaderName, value: unknown): this {
    this.#topId = def.id;
    this.#top = value;
    return this;
  }

  #done(): Content {
    const from = this.#content;
    const content = new Content(from.head, this.#lines, this.#bytes, this.#bodyStart, this.#bodyEnd);
    if (from.slots !== undefined) {
      content.slots = from.slots.slice();
      for (let id = 0, left = this.#touched; left !== 0; id += 1, left >>>= 1)
        if ((left & 1) === 1) content.slots[id] = undefined;
    }
    if (this.#topId !== 0) content.cache(this.#topId, this.#top);
    return content;
  }

  #indexOf(def: HeaderName, start: number): number {
    for (let i = start; i < this.#lines.length; i += 1) {
      const ref = this.#lines[i] as LineRef;
      const id = this.#idOf(ref);
      if (id === def.id) return i;
      if (def.extension && id === 0 && this.#nameIs(ref, def)) return i;
    }
    return -1;
  }

  #idOf(ref: LineRef): number {
    return typeof ref === 'number' ? (this.#content.head.table[ref * 4] ?? 0) : ref.id;
  }

  #nameIs(ref: LineRef, def: HeaderName): boolean {
    const content = this.#content;
    const name = (typeof ref === 'number' ? sourceName(content, ref) : ref.name).toLowerCase();
    return name === def.key || name === def.compact;
  }

  /** True for a line that has a value and no comma. */
  #isOne(index: number): boolean {
    const ref = this.#lines[index] as LineRef;
    if (typeof ref !== 'number') return ref.value !== '' && !ref.value.includes(',');
    const { table, text } = this.#content.head;
    const [start, end] = [table[ref * 4 + 2] as number, table[ref * 4 + 3] as number];
    const comma = text.indexOf(',', start);
    return end > start && (comma < 0 || comma >= end);
  }

  #binaryValue(index: number): string {
    const ref = this.#lines[index] as LineRef;
    if (typeof ref !== 'number') return ref.value;
    const { table, text } = this.#content.head;
    return unfold(text.slice(table[ref * 4 + 2], table[ref * 4 + 3]));
  }
}

/** A changed copy of `message`: `edit(m).set(maxForwards, 69).request(m.method, m.uri)`. */
export const edit = (message: Message): Edit => new Edit(message.content);

/** A request from nothing. */
export const newRequest = (): Edit => new Edit(emptyContent());

function allLines(content: Content): LineRef[] {
  if (content.lines !== undefined) return content.lines.slice();
  const out: LineRef[] = [];
  for (let i = 0; i < content.count; i += 1) out.push(i);
  return out;
}

function sourceName(content: Content, ref: number): string {
  const { text, table } = content.head;
  const start = table[ref * 4 + 1] ?? 0;
  return text.slice(start, text.indexOf(':', start)).trim();
}

/** Without the elements of a list, at its start, that have nothing in them. */
function withoutEmptyStart(text: string): string {
  let p = 0;
  while (p < text.length && (text.charCodeAt(p) === 44 || isBlank(text.charCodeAt(p)))) p += 1;
  return p === 0 ? text : text.slice(p);
}

/** The same at its end. */
function withoutEmptyEnd(text: string): string {
  let p = text.length;
  while (p > 0 && (text.charCodeAt(p - 1) === 44 || isBlank(text.charCodeAt(p - 1)))) p -= 1;
  return text.slice(0, p);
}
