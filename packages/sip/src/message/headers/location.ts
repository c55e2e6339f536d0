import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader, type HeaderDef } from '../header.ts';
import { fieldsFrom, present, quotedParam, rest } from './fields.ts';
import { uriHeader } from './shapes.ts';

/** Where the caller is, and what was wrong with what was said about it; and the errors of alerts, which look the same. */

/** Where the location is: `cid:` for a body part, otherwise a place to ask. RFC 8787 adds `loc-src`. */
export const geolocation = uriHeader({ name: 'Geolocation', arity: 'list', rfc: 'RFC 6442 §4.1' });

/** Whether proxies may route by the location; all but `yes` means that they may not. */
export const geolocationRouting = defineHeader({
  name: 'Geolocation-Routing',
  arity: 'one',
  rfc: 'RFC 6442 §4.2',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const word = s.token('"yes" or "no"').toLowerCase();
    if (s.took('=')) s.tokenOrQuoted();
    s.end();
    return word;
  },
  encode: (value) => value,
});

export interface CodedError {
  /** Up to three digits; not a status code. */
  readonly code: number;
  readonly text?: string;
  readonly params?: Params;
}

export const geolocationError = codedErrorHeader('Geolocation-Error', 'RFC 6442 §4.4', 'code');

/** What was wrong with an alert of a data-only emergency call. */
export const alertMsgError = codedErrorHeader('AlertMsg-Error', 'RFC 8876 §5.2', 'message');

function codedErrorHeader(name: string, rfc: string, textParam: string): HeaderDef<CodedError, 'one'> {
  return defineHeader({
    name,
    arity: 'one',
    rfc,
    decode: (text: string): CodedError => {
      const s = new Scanner(text).blanks();
      const start = s.pos;
      const code = s.token('an error code');
      if (!/^\d{1,3}$/.test(code)) throw new SyntaxFault(start, 'an error code of up to three digits');
      const fields = fieldsFrom(s);
      return { code: Number(code), ...present({ text: fields.take(textParam) }), ...fields.rest() };
    },
    encode: (v: CodedError) => `${v.code}${quotedParam(textParam, v.text)}${rest(v.params)}`,
  });
}
