import { codesOf } from '../text/byte-scanners.ts';
import { isAlpha, isDigit, isHex, sameIgnoringCase } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { parseIpv4, parseIpv6, printIpv6 } from './ip.ts';
import { endOfIpv4, isIpv6In } from './ip-bytes.ts';

/**
 * Reads a host from `start`: a name, an IPv4 address, or an IPv6 reference in brackets (RFC 3261 §25.1, RFC 5954); returns
 * the offset behind it.
 * @throws SyntaxFault
 */
export const scanHost = (s: string, start: number): number => scanHostIn(codesOf(s), start, s.length);

/** Reads a port from `start`; returns the offset behind it. @throws SyntaxFault unless it is a number from 1 to 65535 */
export const scanPort = (s: string, start: number): number => scanPortIn(codesOf(s), start, s.length);

/** The same in bytes. @throws SyntaxFault */
export function scanHostIn(b: Uint8Array, start: number, end: number): number {
  if (start < end && b[start] === 91) return scanReferenceIn(b, start, end);
  const address = endOfIpv4(b, start, end);
  if (address > start && (address === end || (LABEL_KINDS[b[address] as number] === 0 && b[address] !== 46)))
    return address;
  let p = start;
  let isNumeric = false;
  for (;;) {
    const label = p;
    let kinds = 0;
    for (let kind = kindAt(b, p, end); kind !== 0; kind = kindAt(b, p, end)) {
      kinds |= kind;
      p += 1;
    }
    const isDot = p < end && b[p] === 46;
    if (p === label && (label === start || isDot)) throw new SyntaxFault(label, 'a host');
    if (p === label) break; // the dot that ends an absolute name
    if (b[label] === 45 || b[p - 1] === 45 || p - label > LABEL_CHARS)
      throw new SyntaxFault(label, 'a host name of labels that begin and end with letters or digits');
    isNumeric = kinds === DIGIT;
    if (!isDot) break;
    p += 1;
  }
  if (isNumeric) throw new SyntaxFault(start, 'a host name or an IPv4 address');
  if (p - start > HOST_CHARS) throw new SyntaxFault(start, `a host of at most ${HOST_CHARS} characters`);
  return p;
}

/** The same in bytes. @throws SyntaxFault */
export function scanPortIn(b: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && p - start < 6 && isDigit(b[p] as number)) p += 1;
  const port = portIn(b, start, p);
  if (port < 1 || port > 65_535) throw new SyntaxFault(start, 'a port from 1 to 65535');
  return p;
}

/** The number that these digits are. */
export function portIn(b: Uint8Array, start: number, end: number): number {
  let port = 0;
  for (let p = start; p < end; p += 1) port = port * 10 + (b[p] as number) - 48;
  return port;
}

/** What a host is: its text decides, nothing is looked up. IPv6 stands in brackets. */
export function hostTypeOf(host: string): 'name' | 'ipv4' | 'ipv6' {
  if (host.startsWith('[')) return 'ipv6';
  return parseIpv4(host) === undefined ? 'name' : 'ipv4';
}

/** One text for all texts of a host: lower case, no dot behind the name, IPv6 as RFC 5952 §4 writes it. */
export function canonicalHost(host: string): string {
  if (host.startsWith('[')) {
    const groups = parseIpv6(host.slice(1, -1));
    return groups === undefined ? host.toLowerCase() : `[${printIpv6(groups)}]`;
  }
  const lower = host.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Hosts match without regard to case, addresses by their bits (RFC 3261 §19.1.4, RFC 5954 §4.2). */
export const sameHost = (a: string, b: string): boolean =>
  sameIgnoringCase(a, b) || canonicalHost(a) === canonicalHost(b);

/** True when the whole text is a host. */
export const isHost = (text: string): boolean => isHostIn(codesOf(text), 0, text.length);

/** True when all between the two offsets is a host. */
export function isHostIn(b: Uint8Array, start: number, end: number): boolean {
  try {
    return scanHostIn(b, start, end) === end;
  } catch {
    return false;
  }
}

/** RFC 1035 §2.3.4, with room for the brackets and dots of the written form. */
export const HOST_CHARS = 255;
const LABEL_CHARS = 63;

function scanReferenceIn(b: Uint8Array, start: number, end: number): number {
  let p = start + 1;
  while (p < end && (isHex(b[p] as number) || b[p] === 58 || b[p] === 46)) p += 1;
  if (p === end || b[p] !== 93 || p - start > 48 || !isIpv6In(b, start + 1, p))
    throw new SyntaxFault(start, 'an IPv6 address in brackets');
  return p + 1;
}

/** 0 for what no label holds, and for the end. */
const kindAt = (b: Uint8Array, p: number, end: number): number =>
  p < end ? (LABEL_KINDS[b[p] as number] as number) : 0;

const DIGIT = 1;
const LETTER = 2;
/**
 * LENIENT: underscores, which DNS host names may not have but office networks do; and, in `scanHost`, last labels that begin
 * with a digit, as the names of containers do.
 */
const LABEL_KINDS = Uint8Array.from({ length: 256 }, (_, c) =>
  isDigit(c) ? DIGIT : isAlpha(c) || c === 45 || c === 95 ? LETTER : 0,
);
