import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, param, present, quotedParam, rest } from './fields.ts';

/** Why a request or response was sent. */
export interface Reason {
  /** `SIP`, `Q.850`, `Preemption`, `STIR` … as it stands; compared without regard to case. */
  readonly protocol: string;
  /** A status code, a Q.850 cause … by the protocol. */
  readonly cause?: number;
  readonly text?: string;
  readonly params?: Params;
}

/** Several values may stand in one message; of one protocol more than one only where it says so (RFC 9366). */
export const reason = defineHeader({
  name: 'Reason',
  arity: 'list',
  rfc: 'RFC 3326 §2',
  decode: (text: string): Reason => {
    const s = new Scanner(text).blanks();
    const protocol = s.token('a protocol such as SIP or Q.850');
    const fields = fieldsFrom(s);
    return { protocol, ...present({ cause: fields.uint('cause'), text: fields.take('text') }), ...fields.rest() };
  },
  encode: (v) => `${v.protocol}${param('cause', v.cause)}${quotedParam('text', v.text)}${rest(v.params)}`,
});
