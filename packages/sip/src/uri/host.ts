import { isAlpha, isDigit, isHex, sameIgnoringCase } from '../text/chars.ts';
import { SyntaxFault } from '../text/faults.ts';
import { parseIpv4, parseIpv6, printIpv6 } from './ip.ts';

/**
 * Reads a host from `start`: a name, an IPv4 address, or an IPv6 reference in brackets (RFC 3261 §25.1, RFC 5954); returns
 * the offset behind it.
 * @throws SyntaxFault
 */
export function scanHost(s: string, start: number): number {
  if (s.charCodeAt(start) === 91) return scanReference(s, start);
  let p = start;
  let numeric = false;
  for (;;) {
    const label = p;
    let kinds = 0;
    for (let kind = kindAt(s, p); kind !== 0; kind = kindAt(s, p)) {
      kinds |= kind;
      p += 1;
    }
    const dot = p < s.length && s.charCodeAt(p) === 46;
    if (p === label && (label === start || dot)) throw new SyntaxFault(label, 'a host');
    if (p === label) break; // the dot that ends an absolute name
    if (s.charCodeAt(label) === 45 || s.charCodeAt(p - 1) === 45 || p - label > LABEL_CHARS)
      throw new SyntaxFault(label, 'a host name of labels that begin and end with letters or digits');
    numeric = kinds === DIGIT;
    if (!dot) break;
    p += 1;
  }
  if (numeric && parseIpv4(s.slice(start, p)) === undefined)
    throw new SyntaxFault(start, 'a host name or an IPv4 address');
  if (p - start > HOST_CHARS) throw new SyntaxFault(start, `a host of at most ${HOST_CHARS} characters`);
  return p;
}

/** Reads a port from `start`; returns the offset behind it. @throws SyntaxFault unless it is a number from 1 to 65535 */
export function scanPort(s: string, start: number): number {
  let p = start;
  let port = 0;
  while (p < s.length && p - start < 6 && isDigit(s.charCodeAt(p))) {
    port = port * 10 + s.charCodeAt(p) - 48;
    p += 1;
  }
  if (port < 1 || port > 65_535) throw new SyntaxFault(start, 'a port from 1 to 65535');
  return p;
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
export function isHost(text: string): boolean {
  try {
    return scanHost(text, 0) === text.length;
  } catch {
    return false;
  }
}

/** RFC 1035 §2.3.4, with room for the brackets and dots of the written form. */
export const HOST_CHARS = 255;
const LABEL_CHARS = 63;

function scanReference(s: string, start: number): number {
  let p = start + 1;
  while (isHex(s.charCodeAt(p)) || s.charCodeAt(p) === 58 || s.charCodeAt(p) === 46) p += 1;
  if (s.charCodeAt(p) !== 93 || p - start > 48 || parseIpv6(s.slice(start + 1, p)) === undefined)
    throw new SyntaxFault(start, 'an IPv6 address in brackets');
  return p + 1;
}

/** 0 for what no label holds, and for the end: reading behind it would make every number here a float. */
function kindAt(s: string, p: number): number {
  if (p >= s.length) return 0;
  const c = s.charCodeAt(p);
  return c < 128 ? (LABEL_KINDS[c] ?? 0) : 0;
}

const DIGIT = 1;
const LETTER = 2;
/**
 * LENIENT: underscores, which DNS host names may not have but office networks do; and, in `scanHost`, last labels that begin
 * with a digit, as the names of containers do.
 */
const LABEL_KINDS = Uint8Array.from({ length: 128 }, (_, c) =>
  isDigit(c) ? DIGIT : isAlpha(c) || c === 45 || c === 95 ? LETTER : 0,
);
