import { networkInterfaces } from 'node:os';
import { AF_INET, AF_INET6, type SystemCalls } from './system-calls.ts';

/** How many addresses are remembered at most in each direction. */
const REMEMBERED = 8192;
/** `struct sockaddr_in` and `struct sockaddr_in6`. */
export const ADDRESS_BYTES = { ipv4: 16, ipv6: 28 } as const;

export type Family = 'ipv4' | 'ipv6';

/**
 * Socket addresses as the system wants them, from hosts as SIP has them and back. Both ways are remembered: a server talks to
 * the same peers again and again, and strings that are the same one compare quickly.
 */
export class AddressBook {
  readonly family: Family;
  readonly #calls: SystemCalls;
  /** What stands in a socket address after family and port; nothing for a host that is no address. */
  readonly #numbers = new Map<string, Int32Array>();
  readonly #hosts4 = new Map<number, string>();
  readonly #hosts6 = new Map<number, Known6[]>();

  constructor(calls: SystemCalls, family: Family) {
    this.#calls = calls;
    this.family = family;
  }

  /** How many addresses it holds, both ways. */
  get remembered(): number {
    return this.#numbers.size + this.#hosts4.size + this.#hosts6.size;
  }

  /** Writes family, port and address; false for a host that is no address of this family. */
  write(host: string, port: number, address: Uint8Array, words: Int32Array, at: number): boolean {
    const numbers = this.#numbers.get(host) ?? this.#learn(host);
    if (numbers.length === 0) return false;
    const first = at << 2;
    address[first] = this.family === 'ipv4' ? AF_INET : AF_INET6;
    address[first + 1] = 0;
    address[first + 2] = port >>> 8;
    address[first + 3] = port;
    if (numbers.length === 1) words[at + 1] = numbers[0] as number;
    else words.set(numbers, at + 1);
    return true;
  }

  /** The host of a socket address that begins at this word. */
  host(address: Uint8Array, words: Int32Array, at: number): string {
    return this.family === 'ipv4' ? this.#host4(address, words, at) : this.#host6(address, words, at);
  }

  #host4(address: Uint8Array, words: Int32Array, at: number): string {
    const number = words[at + 1] as number;
    const known = this.#hosts4.get(number);
    if (known !== undefined) return known;
    const first = (at + 1) << 2;
    const host = `${address[first]}.${address[first + 1]}.${address[first + 2]}.${address[first + 3]}`;
    if (this.#hosts4.size >= REMEMBERED) this.#hosts4.clear();
    this.#hosts4.set(number, host);
    return host;
  }

  #host6(address: Uint8Array, words: Int32Array, at: number): string {
    const key = Math.imul(words[at + 4] as number, 31) ^ (words[at + 5] as number);
    const known = this.#hosts6.get(key)?.find((one) => one.isAt(words, at));
    if (known !== undefined) return known.host;
    if (this.#hosts6.size >= REMEMBERED) this.#hosts6.clear();
    const made = new Known6(this.#print6(address, words, at), words.slice(at + 2, at + 7));
    this.#hosts6.set(key, [...(this.#hosts6.get(key) ?? []), made].slice(-SAME_KEY));
    return made.host;
  }

  #print6(address: Uint8Array, words: Int32Array, at: number): string {
    const first = (at + 2) << 2;
    const text = new Uint8Array(64);
    this.#calls.inet_ntop(AF_INET6, address.subarray(first, first + 16), text, text.length);
    const host = Buffer.from(text.subarray(0, text.indexOf(0))).toString('latin1');
    const scope = words[at + 6] as number;
    return scope === 0 ? host : `${host}%${scopeName(scope)}`;
  }

  #learn(host: string): Int32Array {
    const numbers = this.#parse(host);
    if (this.#numbers.size >= REMEMBERED) this.#numbers.clear();
    this.#numbers.set(host, numbers);
    return numbers;
  }

  #parse(host: string): Int32Array {
    if (this.family === 'ipv4') {
      const words = new Int32Array(1);
      const isOne = this.#calls.inet_pton(AF_INET, host, new Uint8Array(words.buffer)) === 1;
      return isOne ? words : NO_ADDRESS;
    }
    const percent = host.indexOf('%');
    const words = new Int32Array(6); // flow information, address, scope
    const plain = percent < 0 ? host : host.slice(0, percent);
    if (this.#calls.inet_pton(AF_INET6, plain, new Uint8Array(words.buffer, 4, 16)) !== 1) return NO_ADDRESS;
    if (percent >= 0) words[5] = scopeNumber(host.slice(percent + 1));
    return words;
  }
}

/** One IPv6 address with its scope. */
class Known6 {
  readonly host: string;
  readonly #words: Int32Array;

  constructor(host: string, words: Int32Array) {
    this.host = host;
    this.#words = words;
  }

  isAt(words: Int32Array, at: number): boolean {
    for (let i = 0; i < 5; i += 1) if (this.#words[i] !== words[at + 2 + i]) return false;
    return true;
  }
}

function scopeName(scope: number): string {
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    if (addresses?.some((one) => one.family === 'IPv6' && one.scopeid === scope)) return name;
  return String(scope);
}

function scopeNumber(name: string): number {
  const found = networkInterfaces()[name]?.find((one) => one.family === 'IPv6' && one.scopeid !== 0);
  if (found?.family === 'IPv6') return found.scopeid ?? 0;
  return /^\d+$/.test(name) ? Number(name) : 0;
}

const NO_ADDRESS = new Int32Array(0);
/** Of addresses that end alike, so many are remembered. */
const SAME_KEY = 4;
