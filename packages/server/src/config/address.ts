/**
 * IP addresses as numbers. Textual forms: RFC 4291 §2.2 for IPv6; four decimal numbers without leading zeros for IPv4
 * (a leading zero means octal to some readers and decimal to others, so it is refused).
 */

/** Four 32-bit words, most significant first. */
export type Ip6Words = readonly [number, number, number, number];

export type Ip = { readonly family: 4; readonly number: number } | { readonly family: 6; readonly words: Ip6Words };

/** An address of either family, without brackets and zone; undefined when the text is none. */
export function parseIp(text: string): Ip | undefined {
  if (!text.includes(':')) {
    const number = parseIp4(text, 0);
    return number < 0 ? undefined : { family: 4, number };
  }
  const words = parseIp6(text);
  return words === undefined ? undefined : { family: 6, words };
}

/** The 32-bit number of the dotted quad that runs from `from` to the end of the text, or -1. */
export function parseIp4(text: string, from: number): number {
  let address = 0;
  let part = -1;
  let parts = 0;
  for (let i = from; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT;
    if (code === DOT) {
      if (part < 0) return -1;
      address = address * 256 + part;
      part = -1;
      parts += 1;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9 || part === 0) return -1;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return -1;
    }
  }
  return parts === 4 ? address : -1;
}

/** The four words of an IPv6 address without brackets and zone, or undefined. */
export function parseIp6(text: string): Ip6Words | undefined {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const groups = parseGroups(text);
    return groups?.length === 8 ? wordsOf(groups) : undefined;
  }
  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap));
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2));
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined;
  if (text.slice(0, gap).includes('.')) return undefined;
  return wordsOf([...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]);
}

/** True for ::ffff:0:0/96: an IPv4 address as a socket that takes both families reports it (RFC 4291 §2.5.5.2). */
export function isMappedIp4(words: Ip6Words): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

/** One text per address, so that two ways to write it compare equal. */
export function canonicalIp(ip: Ip): string {
  return ip.family === 4 ? `4:${ip.number}` : `6:${ip.words.join(':')}`;
}

/** A host name by RFC 3261 §25.1 without the final dot: the last label starts with a letter. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && HOST_NAME.test(text);
}

function parseGroups(text: string): number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const number = index === parts.length - 1 ? parseIp4(part, 0) : -1;
      if (number < 0) return undefined;
      groups.push(number >>> 16, number & 0xffff);
    } else if (GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function wordsOf(groups: readonly number[]): Ip6Words {
  const word = (at: number): number => (((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0)) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

const DOT = 0x2e;
const ZERO = 0x30;
const GROUP = /^[0-9a-f]{1,4}$/i;
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
