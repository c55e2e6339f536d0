import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { languageTag, mediaRange } from './accept.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';

/** What the body of a message is. */

export interface MediaType {
  /** Type and subtype in lower case: `application/sdp`. */
  readonly media: string;
  /** `boundary`, `charset` … as they stand. */
  readonly params?: Params;
}

export const contentType = defineHeader({
  name: 'Content-Type',
  compact: 'c',
  arity: 'one',
  rfc: 'RFC 3261 §20.15',
  decode: (text: string): MediaType => {
    const s = new Scanner(text).blanks();
    const media = mediaRange(s);
    if (media.includes('*')) throw new SyntaxFault(0, 'a media type without "*"');
    return { media, ...fieldsFrom(s).rest() };
  },
  encode: (v) => `${v.media}${rest(v.params)}`,
});

export interface Disposition {
  /** In lower case: `session`, `render`, `icon`, `alert`, `early-session`, `recording-session` … */
  readonly type: string;
  /** What to do when the body is not understood; `required` where it is absent (RFC 3261 §20.11, RFC 5621 §8). */
  readonly handling?: string;
  readonly params?: Params;
}

export const contentDisposition = defineHeader({
  name: 'Content-Disposition',
  arity: 'one',
  rfc: 'RFC 3261 §20.11',
  decode: (text: string): Disposition => {
    const s = new Scanner(text).blanks();
    const type = s.token('a disposition type').toLowerCase();
    const fields = fieldsFrom(s);
    return { type, ...present({ handling: fields.token('handling')?.toLowerCase() }), ...fields.rest() };
  },
  encode: (v) => `${v.type}${param('handling', v.handling)}${rest(v.params)}`,
});

/** The codings of the body, the first one applied first; in lower case. */
export const contentEncoding = defineHeader({
  name: 'Content-Encoding',
  compact: 'e',
  arity: 'list',
  rfc: 'RFC 3261 §20.12',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const coding = s.token('a content coding').toLowerCase();
    s.end();
    return coding;
  },
  encode: (value) => value,
});

export const contentLanguage = defineHeader({
  name: 'Content-Language',
  arity: 'list',
  rfc: 'RFC 3261 §20.13',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const tag = languageTag(s);
    s.end();
    return tag;
  },
  encode: (value) => value,
});

/** What a `cid:` URI calls the body by, without angle brackets. */
export const contentId = defineHeader({
  name: 'Content-ID',
  arity: 'one',
  rfc: 'RFC 8262 §3.2',
  decode: (text: string) => {
    const match = /^<([^\s<>@]+@[^\s<>@]+)>$/.exec(text.trim());
    if (match?.[1] === undefined) throw new SyntaxFault(0, 'a message identifier in angle brackets');
    return match[1];
  },
  encode: (value) => `<${value}>`,
});

/** `1.0` and nothing else is in use. */
export const mimeVersion = defineHeader({
  name: 'MIME-Version',
  arity: 'one',
  rfc: 'RFC 3261 §20.24',
  decode: (text: string) => {
    if (!/^\d+\.\d+$/.test(text)) throw new SyntaxFault(0, 'a version such as 1.0');
    return text;
  },
  encode: (value) => value,
});
