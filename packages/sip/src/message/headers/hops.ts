import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { decodeSeconds } from './shapes.ts';

/** Limits and timers of the hops of a request. */

/** How many branches all forks of a request together may have at once; more than 2**32-1 counts as that. */
export const maxBreadth = defineHeader({
  name: 'Max-Breadth',
  arity: 'one',
  rfc: 'RFC 5393 §5.8',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const breadth = s.uint(Number.POSITIVE_INFINITY, 'a number of branches');
    s.end();
    return Math.min(breadth, 2 ** 32 - 1);
  },
  encode: String,
});

/** After how many seconds of silence the registrar's edge lets a flow die. */
export const flowTimer = defineHeader({
  name: 'Flow-Timer',
  arity: 'one',
  rfc: 'RFC 5626 §10',
  decode: decodeSeconds,
  encode: String,
});
