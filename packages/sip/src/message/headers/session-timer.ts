import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';

/** How long a session lives without being refreshed (RFC 4028). */

export interface SessionExpires {
  readonly seconds: number;
  /** Who refreshes: the sender of the request or of the response. */
  readonly refresher?: 'uac' | 'uas';
  readonly params?: Params;
}

export const sessionExpires = defineHeader({
  name: 'Session-Expires',
  compact: 'x',
  arity: 'one',
  rfc: 'RFC 4028 §4',
  decode: (text: string): SessionExpires => {
    const s = new Scanner(text).blanks();
    const seconds = s.uint(2 ** 32 - 1, 'a number of seconds');
    const fields = fieldsFrom(s);
    return { seconds, ...present({ refresher: fields.word('refresher', ['uac', 'uas']) }), ...fields.rest() };
  },
  encode: (v) => `${v.seconds}${param('refresher', v.refresher)}${rest(v.params)}`,
});

/** The least session interval in seconds; goes with 422, and with requests that passed who has one. */
export const minSe = defineHeader({
  name: 'Min-SE',
  arity: 'one',
  rfc: 'RFC 4028 §5',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const seconds = s.uint(2 ** 32 - 1, 'a number of seconds');
    fieldsFrom(s); // no parameter is defined
    return seconds;
  },
  encode: String,
});
