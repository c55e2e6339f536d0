import { isDigit, isTokenChar } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { skipBlanks } from '../../text/params.ts';
import { defineHeader } from '../header.ts';
import { decodeNameAddr, encodeNameAddr } from '../name-addr.ts';

/** The header fields that routing reads in every message. Their ids are the smallest: their values have slots of their own. */

export const from = defineHeader({
  name: 'From',
  compact: 'f',
  arity: 'one',
  rfc: 'RFC 3261 §20.20',
  decode: decodeNameAddr,
  encode: encodeNameAddr,
});

export const to = defineHeader({
  name: 'To',
  compact: 't',
  arity: 'one',
  rfc: 'RFC 3261 §20.39',
  decode: decodeNameAddr,
  encode: encodeNameAddr,
});

/** callid = word [ "@" word ]; compared byte by byte (§20.8). */
export const callId = defineHeader({
  name: 'Call-ID',
  compact: 'i',
  arity: 'one',
  rfc: 'RFC 3261 §20.8',
  decode: (text: string) => {
    if (text === '') throw new SyntaxFault(0, 'a call identifier');
    for (let i = 0; i < text.length; i += 1)
      if (text.charCodeAt(i) <= 32) throw new SyntaxFault(i, 'no white space in a call identifier');
    return text;
  },
  encode: (value) => value,
});

export interface CSeq {
  readonly seq: number;
  readonly method: string;
}

export const cseq = defineHeader({
  name: 'CSeq',
  arity: 'one',
  rfc: 'RFC 3261 §20.16',
  decode: (text: string): CSeq => {
    const [seq, end] = readNumber(text, MAX_CSEQ, 'a sequence number below 2**31');
    const methodAt = skipBlanks(text, end);
    if (methodAt === end) throw new SyntaxFault(end, 'white space between number and method');
    let p = methodAt;
    while (p < text.length && isTokenChar(text.charCodeAt(p))) p += 1;
    if (p === methodAt || p !== text.length) throw new SyntaxFault(p, 'a method');
    return { seq, method: text.slice(methodAt) };
  },
  encode: (v) => `${v.seq} ${v.method}`,
});

export const maxForwards = defineHeader({
  name: 'Max-Forwards',
  arity: 'one',
  rfc: 'RFC 3261 §20.22',
  decode: (text: string) => wholeNumber(text, 255, 'a number from 0 to 255'),
  encode: String,
});

export const route = defineHeader({
  name: 'Route',
  arity: 'list',
  rfc: 'RFC 3261 §20.34',
  decode: decodeNameAddr,
  encode: encodeNameAddr,
});

export const recordRoute = defineHeader({
  name: 'Record-Route',
  arity: 'list',
  rfc: 'RFC 3261 §20.30',
  decode: decodeNameAddr,
  encode: encodeNameAddr,
});

export const contentLength = defineHeader({
  name: 'Content-Length',
  compact: 'l',
  arity: 'one',
  rfc: 'RFC 3261 §20.14',
  decode: (text: string) => wholeNumber(text, 2 ** 31 - 1, 'a number of bytes'),
  encode: String,
});

function wholeNumber(text: string, max: number, what: string): number {
  const [value, end] = readNumber(text, max, what);
  if (end !== text.length) throw new SyntaxFault(end, 'the end of the value');
  return value;
}

function readNumber(text: string, max: number, what: string): readonly [number, number] {
  let value = 0;
  let p = 0;
  for (; p < text.length && isDigit(text.charCodeAt(p)); p += 1) {
    value = value * 10 + text.charCodeAt(p) - 48;
    if (value > max) throw new SyntaxFault(0, what);
  }
  if (p === 0) throw new SyntaxFault(0, what);
  return [value, p];
}

/** RFC 3261 §8.1.1.5: less than 2**31. */
const MAX_CSEQ = 2 ** 31 - 1;
