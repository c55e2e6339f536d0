import { parseIp4 } from '../config/address.ts';
import type { Network } from '../config/index.ts';

/**
 * Whom the guard holds responsible for a message: an IPv4 address, or the /64 of an IPv6 address, of which one subscriber
 * has all (RFC 6177 §2). Two 32-bit numbers; `high` is `IP4` for IPv4. Written in place, so that reading one costs no memory.
 */
export class Source {
  high = 0;
  low = 0;

  /** Takes an address as transports tell it, with or without a zone. False, and nobody's source, for other texts. */
  read(host: string): boolean {
    const isIp4 = host.indexOf(':') < 0;
    const number = isIp4 ? parseIp4(host, 0) : -1;
    if (isIp4) this.#set(IP4, number | 0);
    return isIp4 ? number >= 0 : this.#readIp6(host);
  }

  /** The first four groups, and nothing of what stands behind them; an IPv4-mapped address is the IPv4 address inside it. */
  #readIp6(host: string): boolean {
    const mapped = host.charCodeAt(0) === COLON && host.startsWith('::ffff:') ? parseIp4(host, 7) : -1;
    if (mapped >= 0) {
      this.#set(IP4, mapped | 0);
      return true;
    }
    this.#set(0, 0);
    let at = 0;
    let group = -1;
    for (let i = 0; i < host.length; i += 1) {
      const code = host.charCodeAt(i);
      if (code !== COLON) {
        const digit = hexOf(code);
        if (digit < 0 || group > 0xfff) return false;
        group = group < 0 ? digit : group * 16 + digit;
        continue;
      }
      if (group >= 0) at = this.#add(at, group);
      if (at === 4) return true;
      group = -1;
      if (host.charCodeAt(i + 1) !== COLON) continue;
      for (let missing = 8 - at - groupsFrom(host, i + 2); missing > 0 && at < 4; missing -= 1) at = this.#add(at, 0);
      if (at === 4) return true;
      i += 1;
    }
    return false;
  }

  #add(at: number, group: number): number {
    if (at < 2) this.high = (this.high << 16) | group;
    else this.low = (this.low << 16) | group;
    return at + 1;
  }

  /** True when the source lies in the network; of an IPv6 network longer than a /64 the /64 counts. */
  isIn(network: Network): boolean {
    const [first = 0, second = 0] = network.base;
    const [firstMask = 0, secondMask = 0] = network.mask;
    if (network.family === 4) return this.high === IP4 && (this.low & firstMask) >>> 0 === first;
    return this.high !== IP4 && (this.high & firstMask) >>> 0 === first && (this.low & secondMask) >>> 0 === second;
  }

  #set(high: number, low: number): void {
    this.high = high;
    this.low = low;
  }
}

/** How many groups the rest of the text of an IPv6 address writes. */
function groupsFrom(host: string, start: number): number {
  let groups = 0;
  for (let i = start; i < host.length && host.charCodeAt(i) !== PERCENT; i += 1) {
    if (host.charCodeAt(i) === DOT) return groups + 1; // the end of the address is an IPv4 address
    if (host.charCodeAt(i) !== COLON && (i === start || host.charCodeAt(i - 1) === COLON)) groups += 1;
  }
  return groups;
}

function hexOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** No source is ffff:ffff::/32, which is multicast (RFC 4291 §2.7). */
export const IP4 = -1;
const COLON = 58;
const DOT = 46;
const PERCENT = 37;
