import { type SipKey, siphashHex } from '../auth/siphash.ts';
import { MAGIC_COOKIE } from '../transaction/keys.ts';
import type { Random } from './ports.ts';

/**
 * The identifiers that the engine makes. Each has room for the number of the worker that made it, so that with several
 * workers any of them can tell whose message it holds: `z9hG4bK` worker `.` counter `.` random `.` loop hash for branches, worker `.` random
 * for tags, worker `.` hash for tokens of Record-Route.
 */
export class Tokens {
  readonly #random: Random;
  readonly #key: SipKey;
  readonly #worker: string;
  readonly #prefix: string;
  #counter = 0;

  constructor(random: Random, key: SipKey, worker = 0) {
    this.#random = random;
    this.#key = key;
    this.#worker = worker.toString(36);
    this.#prefix = `${MAGIC_COOKIE}${this.#worker}.${random.uint32().toString(36)}.`;
  }

  /**
   * A branch for one client transaction (RFC 3261 §8.1.1.7). Its second part, behind the last full stop, is the same for
   * the same request and tells loops from spirals (RFC 5393 §4.2.1).
   */
  branch(loopHash: string): string {
    this.#counter += 1;
    return `${this.#prefix}${this.#counter.toString(36)}.${loopHash}`;
  }

  /** A tag for To or From: at least 32 random bits (RFC 3261 §19.3). */
  tag(): string {
    return `${this.#worker}.${this.#random.uint32().toString(36)}${this.#random.uint32().toString(36)}`;
  }

  /** What a Record-Route of ours carries: nobody else can make it, and it fits one call from one caller. */
  routeToken(callId: string, callerTag: string): string {
    return `${this.#worker}.${siphashHex(this.#key, `route\n${callId}\n${callerTag}`)}`;
  }

  /** True when the token was made by `routeToken` for this call and either party's tag. */
  isRouteToken(token: string, callId: string, fromTag: string, toTag: string): boolean {
    return token === this.routeToken(callId, fromTag) || token === this.routeToken(callId, toTag);
  }

  /** Keyed so that nobody outside can make two requests look like one. */
  loopHash(text: string): string {
    return siphashHex(this.#key, `loop\n${text}`).slice(0, 8);
  }

  /** The branch of a request forwarded without state: the same for each retransmission (RFC 3261 §16.11). */
  statelessBranch(text: string): string {
    return `${MAGIC_COOKIE}${this.#worker}.s.${siphashHex(this.#key, `stateless\n${text}`)}`;
  }

  /** True for a branch that `statelessBranch` made here or in another worker of ours. */
  isStateless(branch: string): boolean {
    return branch.startsWith(MAGIC_COOKIE) && branch.slice(branch.indexOf('.'), branch.indexOf('.') + 3) === '.s.';
  }

  /** Marks the To tag of a stateless answer: the same for each retransmission (RFC 3261 §8.2.7). */
  statelessTag(text: string): string {
    return `${this.#worker}.${siphashHex(this.#key, `tag\n${text}`)}`;
  }
}

/** The loop hash of a branch of ours; '' for one without. */
export const loopHashOf = (branch: string): string => branch.slice(branch.lastIndexOf('.') + 1);
