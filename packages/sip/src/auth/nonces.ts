import { toBinary } from '../text/binary.ts';
import { UsageFault } from '../text/faults.ts';
import type { UnixMs } from '../text/time.ts';
import { sameDigest } from './digest.ts';
import type { Hash } from './hash.ts';
import { createMac } from './hmac.ts';
import { hexOf, type SipKey, siphash, siphashHex } from './siphash.ts';

/** `forged`: not made with this secret for this realm. `stale`: made by us, but its time is over. */
export type NonceState = 'fresh' | 'stale' | 'forged';

/** Makes and checks the nonces of one realm; holds nothing but its secret, so every process that shares it agrees. */
export interface Nonces {
  /**
   * A new nonce. `random` is a whole number below 2**32, another one for each nonce. `source` says in any words who gets it:
   * a client's address.
   */
  issue(now: UnixMs, random: number, source?: string): string;
  /** Whether the nonce is ours and its time is not over. */
  check(nonce: string, now: UnixMs): NonceState;
  /** `check` for a nonce that is known to be genuine: looks at its time alone. */
  age(nonce: string, now: UnixMs): NonceState;
  /** When the nonce says that it was made, genuine or not; `undefined` for a text that has not the form of a nonce. */
  timeOf(nonce: string): UnixMs | undefined;
  /**
   * Who got a genuine nonce: the same eight digits for every nonce of one source. Who uses it later may come from elsewhere,
   * as phones do on their way; but nobody has a nonce of a source at which he cannot receive.
   */
  sourceOf(nonce: string): string;
  /** True for a genuine nonce that was made for this source. */
  isFor(nonce: string, source: string): boolean;
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
 * Signed nonces (RFC 7616 §3.3, §5.4): twelve hexadecimal digits of milliseconds, eight of random, eight that stand for the
 * source, and 16 of a keyed hash of them. The key is made from the secret and the realm, so a nonce of one realm is worth
 * nothing in another. The server stores nothing for a challenge, so a flood of requests without credentials costs no memory.
 *
 * 64 bits of hash are enough: a forged nonce is good for nothing without a password, and each guess at one is a request.
 * @throws UsageFault for a secret that is too short
 */
export function createNonces(options: NonceOptions): Nonces {
  if (options.secret.length < MIN_SECRET) throw new UsageFault(`a nonce secret needs at least ${MIN_SECRET} bytes`);
  const key = keyOf(options);
  const sign = (head: string): string => siphashHex(key, head);
  const age = (nonce: string, now: UnixMs): NonceState => {
    const made = timeOf(nonce);
    if (made === undefined) return 'forged';
    const isTimely = now - made <= options.lifetimeSeconds * 1000 && made - now <= options.skewSeconds * 1000;
    return isTimely ? 'fresh' : 'stale';
  };
  const tagOf = (source: string): string => hexOf(siphash(key, `source ${toBinary(source)}`)[0]);
  const sourceOf = (nonce: string): string => nonce.slice(TIME_DIGITS + RANDOM_DIGITS, HEAD_DIGITS);
  return {
    issue: (now, random, source = '') => {
      const head = hexOfTime(now) + hexOfRandom(random) + tagOf(source);
      return head + sign(head);
    },
    check: (nonce, now) => {
      const state = age(nonce, now);
      if (state === 'forged') return 'forged';
      return sameDigest(sign(nonce.slice(0, HEAD_DIGITS)), nonce.slice(HEAD_DIGITS)) ? state : 'forged';
    },
    age,
    timeOf,
    sourceOf,
    isFor: (nonce, source) => sourceOf(nonce) === tagOf(source),
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

function hexOfTime(now: UnixMs): string {
  if (!(now >= 0 && now < 2 ** 48)) throw new UsageFault('a nonce needs a UnixMs');
  const high = Math.floor(now / 2 ** 32);
  return hexOf(high).slice(4) + hexOf(now % 2 ** 32);
}

function hexOfRandom(random: number): string {
  if (!(random >= 0 && random < 2 ** 32)) throw new UsageFault('a nonce needs a random number below 2**32');
  return hexOf(random);
}

/** One call of HMAC for each realm, when it is first needed. */
function keyOf({ secret, realm, hash }: NonceOptions): SipKey {
  const name = toBinary(realm);
  const digest = createMac(secret, hash)(Uint8Array.from(name, (c) => c.charCodeAt(0)));
  const word = (at: number): number => Number.parseInt(digest.slice(at * 8, at * 8 + 8), 16);
  return [word(0), word(1), word(2), word(3)];
}

const TIME_DIGITS = 12;
const RANDOM_DIGITS = 8;
const SOURCE_DIGITS = 8;
const HEAD_DIGITS = TIME_DIGITS + RANDOM_DIGITS + SOURCE_DIGITS;
const MAC_DIGITS = 16;
const MIN_SECRET = 16;
