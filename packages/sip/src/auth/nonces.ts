import { toBinary } from '../text/binary.ts';
import { UsageFault } from '../text/faults.ts';
import type { UnixMs } from '../text/time.ts';
import { sameDigest } from './digest.ts';
import type { Hash } from './hash.ts';
import { createMac } from './hmac.ts';

/** `forged`: not made with this secret for this realm. `stale`: made by us, but its time is over. */
export type NonceState = 'fresh' | 'stale' | 'forged';

/** Makes and checks the nonces of one realm; holds nothing but its secret, so every process that shares it agrees. */
export interface Nonces {
  /** A new nonce. `random` is a whole number below 2**32, another one for each nonce. */
  issue(now: UnixMs, random: number): string;
  /** Two calls of the hash for a text that has the form of a nonce, none for another. */
  check(nonce: string, now: UnixMs): NonceState;
  /** `check` for a nonce that is known to be genuine: looks at its time alone. */
  age(nonce: string, now: UnixMs): NonceState;
  /** When the nonce says that it was made, genuine or not; `undefined` for a text that has not the form of a nonce. */
  timeOf(nonce: string): UnixMs | undefined;
}

/** What nonces are made with. */
export interface NonceOptions {
  /** At least 16 bytes that nobody can guess; the same in all processes that serve the realm. */
  readonly secret: Uint8Array;
  readonly realm: string;
  readonly lifetimeSeconds: number;
  /** How far the clocks of the processes that share the secret may be apart: nonces from that near a future are fresh. */
  readonly skewSeconds: number;
  readonly hash: Hash;
}

/**
 * Signed nonces (RFC 7616 §3.3, §5.4): twelve hexadecimal digits of milliseconds, eight of random, and 32 of an HMAC over
 * both and the realm. The server stores nothing for a challenge, so a flood of requests without credentials costs no memory.
 * @throws UsageFault for a secret that is too short
 */
export function createNonces(options: NonceOptions): Nonces {
  if (options.secret.length < MIN_SECRET) throw new UsageFault(`a nonce secret needs at least ${MIN_SECRET} bytes`);
  const mac = createMac(options.secret, options.hash);
  const realm = toBinary(options.realm);
  const sign = (head: string): string => mac(bytesOf(head + realm)).slice(0, MAC_DIGITS);
  const age = (nonce: string, now: UnixMs): NonceState => {
    const made = timeOf(nonce);
    if (made === undefined) return 'forged';
    const isTimely = now - made <= options.lifetimeSeconds * 1000 && made - now <= options.skewSeconds * 1000;
    return isTimely ? 'fresh' : 'stale';
  };
  return {
    issue: (now, random) => {
      const head = hex(now, TIME_DIGITS) + hex(random, RANDOM_DIGITS);
      return head + sign(head);
    },
    check: (nonce, now) => {
      const state = age(nonce, now);
      if (state === 'forged') return 'forged';
      return sameDigest(sign(nonce.slice(0, HEAD_DIGITS)), nonce.slice(HEAD_DIGITS)) ? state : 'forged';
    },
    age,
    timeOf,
  };
}

function timeOf(nonce: string): UnixMs | undefined {
  if (nonce.length !== HEAD_DIGITS + MAC_DIGITS) return undefined;
  for (let i = 0; i < nonce.length; i += 1) {
    const c = nonce.charCodeAt(i);
    if (!(c >= 48 && c <= 57) && !(c >= 97 && c <= 102)) return undefined;
  }
  return Number.parseInt(nonce.slice(0, TIME_DIGITS), 16);
}

function hex(value: number, digits: number): string {
  if (!(value >= 0 && value < 16 ** digits)) throw new UsageFault('a nonce needs a UnixMs and a number below 2**32');
  return Math.trunc(value).toString(16).padStart(digits, '0');
}

function bytesOf(binary: string): Uint8Array {
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i += 1) out[i] = binary.charCodeAt(i);
  return out;
}

const TIME_DIGITS = 12;
const RANDOM_DIGITS = 8;
const HEAD_DIGITS = TIME_DIGITS + RANDOM_DIGITS;
/** Half of an HMAC-SHA-256, as RFC 2104 §5 allows: 128 bits. */
const MAC_DIGITS = 32;
const MIN_SECRET = 16;
