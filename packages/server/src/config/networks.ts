import { type Ip6Words, isMappedIp4, parseIp, parseIp4, parseIp6 } from './address.ts';
import { type Reading, refuse } from './reading.ts';

/**
 * A block of addresses: a CIDR prefix (RFC 4632 §3.1, RFC 4291 §2.3), its numbers computed once.
 * An IPv4-mapped IPv6 address is the IPv4 address inside it, in a network as in a source; so `::/0` is every IPv6 address
 * and no IPv4 address.
 */
export interface Network {
  /** As it was written. */
  readonly text: string;
  readonly family: 4 | 6;
  /** Leading bits that count, after an IPv4-mapped network has become an IPv4 one. */
  readonly prefix: number;
  /** One 32-bit word for IPv4, four for IPv6. */
  readonly base: readonly number[];
  readonly mask: readonly number[];
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or one plain address. Bits set after the prefix are refused: they are slips. */
export function parseNetwork(text: string): Reading<Network> {
  const slash = text.indexOf('/');
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return refuse(EXPECTED, hintFor(text));
  const bits = ip.family === 4 ? 32 : 128;
  const prefix = slash < 0 ? bits : parsePrefix(text.slice(slash + 1), bits);
  if (prefix === undefined) return refuse(`a prefix length from 0 to ${bits} after the slash`);
  const words = ip.family === 4 ? [ip.number] : ip.words;
  const mask = words.map((_, index) => maskOf(prefix - 32 * index));
  const base = words.map((word, index) => (word & (mask[index] ?? 0)) >>> 0);
  if (base.some((word, index) => word !== words[index])) {
    return refuse('a network whose bits after the prefix are all zero', `did you mean ${printBase(base)}/${prefix}?`);
  }
  if (ip.family === 6 && isMappedIp4(ip.words) && prefix >= 96) {
    return { value: { text, family: 4, prefix: prefix - 96, base: base.slice(3), mask: mask.slice(3) } };
  }
  return { value: { text, family: ip.family, prefix, base, mask } };
}

/** True when the source address (IPv4 or IPv6 text, with or without a zone) lies in the network. False for other texts. */
export function contains(network: Network, address: string): boolean {
  const words = sourceWords(address);
  return typeof words === 'number' ? containsIp4(network, words) : containsIp6(network, words);
}

/** `contains` for a list, reading the address once. */
export function anyContains(networks: readonly Network[], address: string): boolean {
  if (networks.length === 0) return false;
  const words = sourceWords(address);
  for (const network of networks) {
    if (typeof words === 'number' ? containsIp4(network, words) : containsIp6(network, words)) return true;
  }
  return false;
}

/** IPv4 as its number (-1: no address at all), IPv6 as its words. */
function sourceWords(address: string): number | Ip6Words {
  if (address.indexOf(':') < 0) return parseIp4(address, 0);
  const zone = address.indexOf('%');
  const words = parseIp6(zone < 0 ? address : address.slice(0, zone));
  if (words === undefined) return -1;
  return isMappedIp4(words) ? words[3] : words;
}

function containsIp4(network: Network, number: number): boolean {
  return network.family === 4 && number >= 0 && (number & (network.mask[0] ?? 0)) >>> 0 === network.base[0];
}

function containsIp6(network: Network, words: Ip6Words): boolean {
  if (network.family !== 6) return false;
  for (let i = 0; i < 4; i++) {
    if (((words[i] ?? 0) & (network.mask[i] ?? 0)) >>> 0 !== network.base[i]) return false;
  }
  return true;
}

function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
}

function parsePrefix(text: string, bits: number): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(text)) return undefined;
  const prefix = Number(text);
  return prefix <= bits ? prefix : undefined;
}

function printBase(base: readonly number[]): string {
  const [word = 0] = base;
  if (base.length === 1) return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.');
  const groups = base.flatMap((part) => [part >>> 16, part & 0xffff]);
  while (groups.at(-1) === 0) groups.pop();
  const text = groups.map((group) => group.toString(16)).join(':');
  return groups.length === 8 ? text : `${text}::`;
}

function hintFor(text: string): string | undefined {
  if (text.toLowerCase() === 'localhost') return 'write 127.0.0.0/8, and ::1 for IPv6';
  if (text.startsWith('[')) return 'leave the brackets out';
  return undefined;
}

const EXPECTED = 'a network such as 192.168.0.0/16 or 2001:db8::/32, or one IP address';
