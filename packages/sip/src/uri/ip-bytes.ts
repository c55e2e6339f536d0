import { isDigit, isHex } from '../text/chars.ts';

/** Whether bytes spell an address: what `parseIpv4` and `parseIpv6` say of a text, without making one. */

/** The offset behind the IPv4 address at `start`; -1 where there is none. */
export function endOfIpv4(b: Uint8Array, start: number, end: number): number {
  let p = start;
  for (let octets = 1; ; octets += 1) {
    const first = p;
    let octet = 0;
    for (; p < end && isDigit(b[p] as number); p += 1) octet = octet * 10 + (b[p] as number) - 48;
    const size = p - first;
    if (size < 1 || size > 3 || octet > 255 || (size > 1 && b[first] === 48)) return -1;
    if (octets === 4) return p;
    if (p === end || b[p] !== 46) return -1;
    p += 1;
  }
}

export function isIpv6In(b: Uint8Array, start: number, end: number): boolean {
  let p = start;
  let groups = 0;
  let isShort = false;
  while (p < end || groups === 0) {
    if (isGap(b, p, end)) {
      if (isShort) return false;
      isShort = true;
      p += 2;
      // LENIENT: the grammar of RFC 3261 itself, which allowed a third colon before an IPv4 tail (RFC 5118 §4.10)
      if (p < end && b[p] === 58) return groups < 6 && endOfIpv4(b, p + 1, end) === end;
      if (p === end) break;
    } else if (groups > 0) {
      if (b[p] !== 58) return false;
      p += 1;
    }
    const first = p;
    while (p < end && isHex(b[p] as number)) p += 1;
    if (p < end && b[p] === 46) return (isShort ? groups < 6 : groups === 6) && endOfIpv4(b, first, end) === end;
    if (p === first || p - first > 4) return false;
    groups += 1;
  }
  return isShort ? groups < 8 : groups === 8;
}

const isGap = (b: Uint8Array, p: number, end: number): boolean => p + 1 < end && b[p] === 58 && b[p + 1] === 58;
