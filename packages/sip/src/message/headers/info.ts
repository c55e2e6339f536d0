import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';
import { angleText, type UriValue, uriHeader } from './shapes.ts';

/** Where there is more about a call, its alert, or its failure. */

export interface CallInfo {
  /** As it stands: the `data:` URIs of RFC 9796 hold whole cards in characters that no URI may have. */
  readonly uri: string;
  /** `icon`, `info`, `card`, `jcard`, `EmergencyCallData.…` */
  readonly purpose?: string;
  readonly params?: Params;
}

export const callInfo = defineHeader({
  name: 'Call-Info',
  arity: 'list',
  rfc: 'RFC 3261 §20.9',
  decode: (text: string): CallInfo => {
    const s = new Scanner(text);
    const uri = angleText(s);
    const fields = fieldsFrom(s);
    return { uri, ...present({ purpose: fields.token('purpose') }), ...fields.rest() };
  },
  encode: (v) => `<${v.uri}>${param('purpose', v.purpose)}${rest(v.params)}`,
});

export const errorInfo = uriHeader({ name: 'Error-Info', arity: 'list', rfc: 'RFC 3261 §20.18' });

/**
 * The ring tone: a URI, such as `urn:alert:…` of RFC 7462.
 * LENIENT: PBXs and phones that name a ring in the place of the URI, `<Bellcore-dr2>` or `info=alert-autoanswer`, with or
 * without brackets; `uri` is that name then.
 */
export const alertInfo = defineHeader({
  name: 'Alert-Info',
  arity: 'list',
  rfc: 'RFC 3261 §20.4',
  decode: (text: string): UriValue => {
    const s = new Scanner(text).blanks();
    const bracketed = s.took('<');
    const uri = s.until(bracketed ? '>' : ';<>').trim();
    if (bracketed) s.mark('>');
    return { uri, ...fieldsFrom(s).rest() };
  },
  encode: (v) => `<${v.uri}>${rest(v.params)}`,
});
