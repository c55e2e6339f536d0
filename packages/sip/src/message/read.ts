import { RemoteFault, SyntaxFault } from '../text/faults.ts';
import type { Arity, HeaderDef } from './header.ts';
import { LIMITS } from './limits.ts';
import { endOfFirst, splitList } from './list.ts';
import type { Content, Message } from './message.ts';

/**
 * The value of a header field, the topmost one where there are many; `undefined` when the message does not have it.
 * The value is decoded once and kept with the message.
 * @throws RemoteFault 400, naming the header, when the value does not follow its grammar
 */
export function read<T>(message: Message, def: HeaderDef<T>): T | undefined {
  const content = message.content;
  const hit = content.cached(def.id);
  if (hit !== undefined) return hit as T;
  for (let i = content.find(def); i >= 0; i = content.find(def, i + 1)) {
    if (def.arity === 'list' && content.isEmptyAt(i)) continue; // an empty list, as Supported and Allow may be, has no values
    let value = inPlace(content, i, def);
    if (value === undefined) {
      const text = firstText(content.valueAt(i), def.arity);
      if (text === undefined) continue;
      value = decode(def, text);
    }
    content.cache(def.id, value);
    return value;
  }
  return undefined;
}

/**
 * Every value of a header field, in order, whether they stand in one line or in several; empty when there is none.
 * @throws RemoteFault 400
 */
export function readAll<T>(message: Message, def: HeaderDef<T>): readonly T[] {
  const content = message.content;
  const hit = content.cached(def.id + ALL);
  if (hit !== undefined) return hit as readonly T[];
  const first = content.find(def);
  if (first < 0) return NONE;
  if (content.find(def, first + 1) < 0 && isSingle(content, first)) {
    const value = read(message, def);
    return value === undefined ? NONE : [value];
  }
  const values: T[] = [];
  for (let i = first; i >= 0; i = content.find(def, i + 1)) {
    if (isSingle(content, i) && !content.isEmptyAt(i))
      values.push(inPlace(content, i, def) ?? decode(def, content.valueAt(i)));
    else {
      const text = content.valueAt(i);
      if (def.arity === 'list') for (const item of splitList(text)) values.push(decode(def, item));
      else values.push(decode(def, text));
    }
    if (values.length > LIMITS.listValues) throw new RemoteFault(400, `Too Many ${def.name} Values`);
  }
  if (values.length > 0) content.cache(def.id + ALL, values);
  return values;
}

/** True for a line without a comma, whatever the comma would mean. */
function isSingle(content: Content, index: number): boolean {
  const line = content.refAt(index);
  if (typeof line !== 'number') return !line.value.includes(',');
  const { text, table } = content.head;
  const comma = text.indexOf(',', table[line * 4 + 2]);
  return comma < 0 || comma >= (table[line * 4 + 3] as number);
}

/** True when the message has a line of this header field. */
export const has = (message: Message, def: HeaderDef<unknown>): boolean => message.content.find(def) >= 0;

/** The value that must be there. @throws RemoteFault 400 when it is missing or malformed */
export function need<T>(message: Message, def: HeaderDef<T>): T {
  const value = read(message, def);
  if (value === undefined) throw new RemoteFault(400, `Missing ${def.name} Header`);
  return value;
}

/** The first value of a line, decoded where it stands; `undefined` where that is not possible, or where it is wrong. */
function inPlace<T>(content: Content, index: number, def: HeaderDef<T>): T | undefined {
  const line = content.refAt(index);
  const { text, bytes, table, plain } = content.head;
  if (def.decodeAt === undefined || typeof line !== 'number' || !plain) return undefined;
  const start = table[line * 4 + 2] as number;
  const end = table[line * 4 + 3] as number;
  const comma = def.arity === 'list' ? text.indexOf(',', start) : -1;
  try {
    return def.decodeAt(text, bytes, start, comma < 0 || comma >= end ? end : endOfFirstItem(text, start, end));
  } catch {
    return undefined; // decoded again by itself it gives a fault with the right offset
  }
}

function endOfFirstItem(text: string, start: number, end: number): number {
  let p = endOfFirst(text, start, end);
  while (p > start && (text.charCodeAt(p - 1) === 32 || text.charCodeAt(p - 1) === 9)) p -= 1;
  return p;
}

/** `undefined` for a list of nothing but commas. */
const firstText = (text: string, arity: Arity): string | undefined =>
  arity === 'list' && text.includes(',') ? splitList(text)[0] : text;

function decode<T>(def: HeaderDef<T>, text: string): T {
  try {
    return def.decode(text);
  } catch (fault) {
    if (fault instanceof SyntaxFault) throw new RemoteFault(400, `Bad ${def.name} Header`, fault);
    throw fault;
  }
}

/** Whole lists are cached beside the topmost values. */
const ALL = 0x10000;
const NONE: readonly never[] = [];
