import { isAlpha } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, type ParamFields, param, present, rest } from './fields.ts';
import { parseQvalue, printQvalue } from './qvalue.ts';

/** What the sender wants bodies to be: types, encodings, languages. Each list may be empty (RFC 3261 §20.1 to §20.3). */

/** One alternative and how much it is wanted. */
interface Wanted {
  /** Thousandths; absent means 1000. */
  readonly q?: number;
  readonly params?: Params;
}

export interface AcceptedMedia extends Wanted {
  /** Type and subtype in lower case, with `*` for any: `application/sdp`, `text/*`. */
  readonly media: string;
}

export const accept = defineHeader({
  name: 'Accept',
  arity: 'list',
  rfc: 'RFC 3261 §20.1',
  decode: (text: string): AcceptedMedia => {
    const s = new Scanner(text).blanks();
    return { media: mediaRange(s), ...wanted(fieldsFrom(s)) };
  },
  encode: (v) => `${v.media}${printWanted(v)}`,
});

export interface AcceptedCoding extends Wanted {
  /** `gzip`, `identity` … or `*`, in lower case. */
  readonly coding: string;
}

export const acceptEncoding = defineHeader({
  name: 'Accept-Encoding',
  arity: 'list',
  rfc: 'RFC 3261 §20.2',
  decode: (text: string): AcceptedCoding => {
    const s = new Scanner(text).blanks();
    return { coding: s.token('a content coding').toLowerCase(), ...wanted(fieldsFrom(s)) };
  },
  encode: (v) => `${v.coding}${printWanted(v)}`,
});

export interface AcceptedLanguage extends Wanted {
  /** As it stands: `en-gb`, or `*`. */
  readonly language: string;
}

export const acceptLanguage = defineHeader({
  name: 'Accept-Language',
  arity: 'list',
  rfc: 'RFC 3261 §20.3',
  decode: (text: string): AcceptedLanguage => {
    const s = new Scanner(text).blanks();
    const language = s.text.charCodeAt(s.pos) === 42 ? s.token() : languageTag(s);
    return { language, ...wanted(fieldsFrom(s)) };
  },
  encode: (v) => `${v.language}${printWanted(v)}`,
});

/** `type/subtype` in lower case. @throws SyntaxFault */
export function mediaRange(s: Scanner): string {
  const start = s.pos;
  const type = s.token('a media type').toLowerCase();
  const subtype = s.mark('/').token('a media subtype').toLowerCase();
  if (type === '*' && subtype !== '*') throw new SyntaxFault(start, '"*" only with "/*" behind it');
  return `${type}/${subtype}`;
}

/**
 * A language tag, as it stands. LENIENT: digits and more than eight letters in subtags, which RFC 3261 does not have and the
 * language tags of today do (`es-419`).
 */
export function languageTag(s: Scanner): string {
  const start = s.pos;
  const tag = s.token('a language tag');
  if (!isAlpha(tag.charCodeAt(0)) || !/^[a-z]{1,8}(?:-[a-z0-9]+)*$/i.test(tag))
    throw new SyntaxFault(start, 'a language tag');
  return tag;
}

function wanted(fields: ParamFields): Wanted {
  const text = fields.take('q');
  const q = text === undefined ? undefined : parseQvalue(text);
  if (text !== undefined && q === undefined) throw fields.fault('q', 'a preference from 0 to 1');
  return { ...present({ q }), ...fields.rest() };
}

const printWanted = (v: Wanted): string =>
  `${rest(v.params)}${param('q', v.q === undefined ? undefined : printQvalue(v.q))}`;
