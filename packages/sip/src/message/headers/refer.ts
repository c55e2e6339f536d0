import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, rest } from './fields.ts';
import { nameAddrHeader, uriHeader } from './shapes.ts';

/** Call transfer and what grew from it. */

/** Whom the receiver shall contact; the URI may name a method and headers such as Replaces (RFC 3261 §19.1.5). */
export const referTo = nameAddrHeader({ name: 'Refer-To', compact: 'r', arity: 'one', rfc: 'RFC 3515 §2.1' });

/** Who asked for it; `cid` names a body part that proves it. */
export const referredBy = nameAddrHeader({ name: 'Referred-By', compact: 'b', arity: 'one', rfc: 'RFC 3892 §3' });

/** Whether REFER makes a subscription. */
export interface ReferSub {
  readonly subscribe: boolean;
  readonly params?: Params;
}

export const referSub = defineHeader({
  name: 'Refer-Sub',
  arity: 'one',
  rfc: 'RFC 4488 §4',
  decode: (text: string): ReferSub => {
    const s = new Scanner(text).blanks();
    const start = s.pos;
    const word = s.token('"true" or "false"').toLowerCase();
    if (word !== 'true' && word !== 'false') throw new SyntaxFault(start, '"true" or "false"');
    return { subscribe: word === 'true', ...fieldsFrom(s).rest() };
  },
  encode: (v) => `${v.subscribe}${rest(v.params)}`,
});

/** Where to subscribe for the outcome of a REFER with `explicitsub`. */
export const referEventsAt = uriHeader({ name: 'Refer-Events-At', arity: 'one', rfc: 'RFC 7614 §4.8' });
