import { type Content, endOfFirst, type HeaderDef, headerTable } from '@strowger/sip/message';
import type { Span } from './finding.ts';
import { BLANKED } from './grammar-faults.ts';

/** A header line of a message with its place. */
export interface Field {
  /** As it stands in the message. */
  readonly name: string;
  /** The definition; `undefined` for a header field that is not known. */
  readonly def: HeaderDef<unknown> | undefined;
  readonly nameSpan: Span;
  /** Unfolded, without the blanks around it. */
  readonly value: string;
  /** The values: more than one only for lists. */
  readonly items: readonly Item[];
  /** The bytes that a stretch of `value` came from. */
  spanOf(at: number, length: number): Span;
}

export interface Item {
  readonly text: string;
  /** Offset in the value of its field. */
  readonly at: number;
}

/** The header lines of a message that came off the wire, in order. */
export function fieldsOf(content: Content): readonly Field[] {
  const fields: Field[] = [];
  for (let i = 0; i < content.count; i += 1) {
    const name = content.nameAt(i);
    if (name !== BLANKED) fields.push(fieldAt(content, i, name));
  }
  return fields;
}

/** The name that stands in the RFCs, whatever form the message has it in. */
export const canonicalName = ({ def, name }: Field): string => def?.name ?? name;

function fieldAt(content: Content, index: number, name: string): Field {
  const { text, table } = content.head;
  const ref = content.refAt(index);
  const line = typeof ref === 'number' ? ref * 4 : 0;
  const start = table[line + 2] ?? 0;
  const raw = text.slice(start, table[line + 3] ?? start);
  const value = content.valueAt(index);
  const id = content.idAt(index);
  const def = id === 0 ? undefined : DEFS.get(id);
  return {
    name,
    def,
    nameSpan: { at: table[line + 1] ?? 0, length: name.length },
    value,
    items: def?.arity === 'list' ? itemsOf(value) : [{ text: value, at: 0 }],
    spanOf: (at, length) => {
      const first = rawOffset(raw, at);
      return { at: start + first, length: Math.max(1, rawOffset(raw, at + length) - first) };
    },
  };
}

function itemsOf(value: string): readonly Item[] {
  const items: Item[] = [];
  for (let start = 0; start <= value.length; ) {
    const length = endOfFirst(value.slice(start));
    const text = value.slice(start, start + length);
    if (text.trim() !== '') items.push({ text: text.trim(), at: start + text.length - text.trimStart().length });
    start += length + 1;
  }
  return items;
}

/** Where a character of the unfolded, decoded value stands in its bytes: folds count as one space (RFC 3261 §7.3.1). */
function rawOffset(raw: string, at: number): number {
  let p = 0;
  for (let seen = 0; seen < at && p < raw.length; seen += 1) {
    const fold = FOLD.exec(raw.slice(p, p + MAX_FOLD));
    if (fold !== null) {
      p += fold[0].length;
      continue;
    }
    const lead = raw.charCodeAt(p);
    const bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (bytes === 4) seen += 1; // two UTF-16 units
    p += bytes;
  }
  return Math.min(p, raw.length);
}

const DEFS: ReadonlyMap<number, HeaderDef<unknown>> = new Map(headerTable.map((def) => [def.id, def]));
const FOLD = /^[ \t]*\r?\n[ \t]+/;
const MAX_FOLD = 256;
