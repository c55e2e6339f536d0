import { SyntaxFault } from '../../text/faults.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';

/** Provisional responses that are acknowledged (RFC 3262). */

/** Numbers the provisional responses of a transaction; 1 to 2**32-1. */
export const rseq = defineHeader({
  name: 'RSeq',
  arity: 'one',
  rfc: 'RFC 3262 §7.1',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const number = responseNumber(s);
    s.end();
    return number;
  },
  encode: String,
});

/** The response that a PRACK is for. */
export interface RAck {
  readonly rseq: number;
  readonly cseq: number;
  readonly method: string;
}

export const rack = defineHeader({
  name: 'RAck',
  arity: 'one',
  rfc: 'RFC 3262 §7.2',
  decode: (text: string): RAck => {
    const s = new Scanner(text).blanks();
    const rseq = responseNumber(s);
    const cseq = blanksBefore(s).uint(2 ** 31 - 1, 'a sequence number');
    const method = blanksBefore(s).token('a method');
    s.end();
    return { rseq, cseq, method };
  },
  encode: (v) => `${v.rseq} ${v.cseq} ${v.method}`,
});

function responseNumber(s: Scanner): number {
  const start = s.pos;
  const number = s.uint(2 ** 32 - 1, 'a response number');
  if (number === 0) throw new SyntaxFault(start, 'a response number from 1');
  return number;
}

function blanksBefore(s: Scanner): Scanner {
  const start = s.pos;
  if (s.blanks().pos === start) throw new SyntaxFault(start, 'white space');
  return s;
}
