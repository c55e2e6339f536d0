import { codesOf, scanTokenIn, skipBlanksIn } from '../../text/byte-scanners.ts';
import { isDigit } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { defineHeader } from '../header.ts';
import { decodeNameAddr, decodeNameAddrAt, encodeNameAddr } from '../name-addr.ts';

/** The header fields that routing reads in every message. Their ids are the smallest: their values have slots of their own. */

export const from = defineHeader({
  name: 'From',
  compact: 'f',
  arity: 'one',
  rfc: 'RFC 3261 §20.20',
  decode: decodeNameAddr,
  decodeAt: decodeNameAddrAt,
  encode: encodeNameAddr,
});

export const to = defineHeader({
  name: 'To',
  compact: 't',
  arity: 'one',
  rfc: 'RFC 3261 §20.39',
  decode: decodeNameAddr,
  decodeAt: decodeNameAddrAt,
  encode: encodeNameAddr,
});

/** callid = word [ "@" word ]; compared byte by byte (§20.8). */
export const callId = defineHeader({
  name: 'Call-ID',
  compact: 'i',
  arity: 'one',
  rfc: 'RFC 3261 §20.8',
  decode: (text) => callIdAt(text, codesOf(text), 0, text.length),
  decodeAt: callIdAt,
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
  decode: (text) => cseqAt(text, codesOf(text), 0, text.length),
  decodeAt: cseqAt,
  encode: (v) => `${v.seq} ${v.method}`,
});

export const maxForwards = defineHeader({
  name: 'Max-Forwards',
  arity: 'one',
  rfc: 'RFC 3261 §20.22',
  decode: (text) => forwardsAt(text, codesOf(text), 0, text.length),
  decodeAt: forwardsAt,
  encode: String,
});

export const route = defineHeader({
  name: 'Route',
  arity: 'list',
  rfc: 'RFC 3261 §20.34',
  decode: decodeNameAddr,
  decodeAt: decodeNameAddrAt,
  encode: encodeNameAddr,
});

export const recordRoute = defineHeader({
  name: 'Record-Route',
  arity: 'list',
  rfc: 'RFC 3261 §20.30',
  decode: decodeNameAddr,
  decodeAt: decodeNameAddrAt,
  encode: encodeNameAddr,
});

export const contentLength = defineHeader({
  name: 'Content-Length',
  compact: 'l',
  arity: 'one',
  rfc: 'RFC 3261 §20.14',
  decode: (text) => lengthAt(text, codesOf(text), 0, text.length),
  decodeAt: lengthAt,
  encode: String,
});

function callIdAt(text: string, b: Uint8Array, start: number, end: number): string {
  if (start === end) throw new SyntaxFault(start, 'a call identifier');
  for (let p = start; p < end; p += 1)
    if ((b[p] as number) <= 32) throw new SyntaxFault(p, 'no white space in a call identifier');
  return text.slice(start, end);
}

function cseqAt(text: string, b: Uint8Array, start: number, end: number): CSeq {
  const digitsEnd = scanDigits(b, start, end);
  const seq = numberIn(b, start, digitsEnd, MAX_CSEQ, 'a sequence number below 2**31');
  const methodAt = skipBlanksIn(b, digitsEnd, end);
  if (methodAt === digitsEnd) throw new SyntaxFault(methodAt, 'white space between number and method');
  const methodEnd = scanTokenIn(b, methodAt, end);
  if (methodEnd === methodAt || methodEnd !== end) throw new SyntaxFault(methodEnd, 'a method');
  return { seq, method: text.slice(methodAt, end) };
}

function forwardsAt(_text: string, b: Uint8Array, start: number, end: number): number {
  return wholeNumber(b, start, end, 255, 'a number from 0 to 255');
}

function lengthAt(_text: string, b: Uint8Array, start: number, end: number): number {
  return wholeNumber(b, start, end, 2 ** 31 - 1, 'a number of bytes');
}

function wholeNumber(b: Uint8Array, start: number, end: number, max: number, what: string): number {
  const digitsEnd = scanDigits(b, start, end);
  const value = numberIn(b, start, digitsEnd, max, what);
  if (digitsEnd !== end) throw new SyntaxFault(digitsEnd, 'the end of the value');
  return value;
}

function scanDigits(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && isDigit(b[p] as number)) p += 1;
  return p;
}

function numberIn(b: Uint8Array, start: number, end: number, max: number, what: string): number {
  let value = 0;
  for (let p = start; p < end && value <= max; p += 1) value = value * 10 + (b[p] as number) - 48;
  if (start === end || value > max) throw new SyntaxFault(start, what);
  return value;
}

/** RFC 3261 §8.1.1.5: less than 2**31. */
const MAX_CSEQ = 2 ** 31 - 1;
