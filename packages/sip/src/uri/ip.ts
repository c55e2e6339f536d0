import { isDigit } from '../text/chars.ts';

/** Addresses of the Internet as text (RFC 3986 §3.2.2, RFC 5954 §4.1, RFC 5952). */

/** The four octets as one number from 0 to 2**32-1; `undefined` for what is no dotted quad without leading zeros. */
export function parseIpv4(text: string): number | undefined {
  let address = 0;
  let octets = 0;
  let p = 0;
  for (;;) {
    const start = p;
    let octet = 0;
    while (p < text.length && p - start < 3 && isDigit(text.charCodeAt(p))) {
      octet = octet * 10 + text.charCodeAt(p) - 48;
      p += 1;
    }
    if (p === start || octet > 255 || (text.charCodeAt(start) === 48 && p - start > 1)) return undefined;
    address = address * 256 + octet;
    octets += 1;
    if (octets === 4) return p === text.length ? address : undefined;
    if (p === text.length || text.charCodeAt(p) !== 46) return undefined;
    p += 1;
  }
}

/** The eight groups of an address without brackets; `undefined` for what is none. */
export function parseIpv6(text: string): readonly number[] | undefined {
  // LENIENT: the grammar of RFC 3261 itself, which allowed a third colon before an IPv4 tail (RFC 5118 §4.10)
  const halves = text.replace(/:::(?=\d+\.)/, '::').split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const front = groupsOf(head, tail === undefined ? 'may end in IPv4' : 'hexadecimal only');
  const back = tail === undefined ? [] : groupsOf(tail, 'may end in IPv4');
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...front, ...new Array<number>(missing).fill(0), ...back];
}

/** The one canonical text of eight groups (RFC 5952 §4, §5): lower case, the longest run of zeros shortened. */
export function printIpv6(groups: readonly number[]): string {
  const mapped = groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff;
  if (mapped) return `::ffff:${printIpv4((groups[6] ?? 0) * 65_536 + (groups[7] ?? 0))}`;
  const [from, length] = longestZeroRun(groups);
  const hex = groups.map((g) => g.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

export const printIpv4 = (address: number): string =>
  [address / 2 ** 24, address / 65_536, address / 256, address].map((n) => Math.floor(n) % 256).join('.');

function groupsOf(text: string, ending: 'may end in IPv4' | 'hexadecimal only'): readonly number[] | undefined {
  if (text === '') return [];
  const pieces = text.split(':');
  const groups: number[] = [];
  for (const [i, piece] of pieces.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(piece)) {
      groups.push(Number.parseInt(piece, 16));
      continue;
    }
    const last = i === pieces.length - 1 && ending === 'may end in IPv4';
    const address = last ? parseIpv4(piece) : undefined;
    if (address === undefined) return undefined;
    groups.push(Math.floor(address / 65_536), address % 65_536);
  }
  return groups.length > 8 ? undefined : groups;
}

function longestZeroRun(groups: readonly number[]): readonly [from: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let i = 0; i < groups.length; i += 1) {
    let end = i;
    while (groups[end] === 0) end += 1;
    if (end - i > best[1]) best = [i, end - i];
    i = Math.max(i, end - 1);
  }
  return best;
}
