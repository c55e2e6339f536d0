import { hexOf, type SipKey, siphashHex } from '../auth/siphash.ts';
import { MAGIC_COOKIE } from '../transaction/keys.ts';
import { canonicalHost } from '../uri/host.ts';
import { tryParseUri } from '../uri/uri.ts';
import { FlowTokens } from './flow-token.ts';
import type { Random } from './ports.ts';

/**
 * The identifiers that the engine makes. Each has room for the number of the worker that made it, so that with several
 * workers any of them can tell whose message it holds: `z9hG4bK` worker `.` counter `.` random `.` loop hash for branches, worker `.` random
 * for tags, worker `.` hash for tokens of Record-Route.
 */
export class Tokens {
  readonly random: Random;
  readonly #key: SipKey;
  readonly #worker: string;
  readonly #prefix: string;
  /** For Path and Record-Route: the flow that leads to a phone. */
  readonly flows: FlowTokens;
  #counter = 0;
  /** One message asks for the hash of its call several times. */
  #lastCall = '';
  #lastCallHash = '';

  constructor(random: Random, key: SipKey, worker = 0) {
    this.random = random;
    this.#key = key;
    this.#worker = worker.toString(36);
    const life = random.uint32();
    this.#prefix = `${MAGIC_COOKIE}${this.#worker}.${life.toString(36)}.`;
    this.flows = new FlowTokens(key, life, worker);
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
    return `${this.#worker}.${hexOf(this.random.uint32())}${hexOf(this.random.uint32())}`;
  }

  /**
   * What a Record-Route of ours carries: nobody else can make it; it fits one call from one caller, and one place that the
   * requests of that call may go to next.
   */
  routeToken(callId: string, callerTag: string, destination: string): string {
    return `${this.#worker}.${this.#callHash(callId, callerTag)}${this.#wayHash(callId, callerTag, destination)}`;
  }

  /** What a token is worth to a request: a way to where it goes, or no more than that it belongs to a call of ours. */
  judgeRouteToken(
    token: string,
    callId: string,
    fromTag: string,
    toTag: string,
    destination: string,
  ): 'way' | 'call' | 'none' {
    const tag = this.isOfCall(token, callId, fromTag)
      ? fromTag
      : this.isOfCall(token, callId, toTag)
        ? toTag
        : undefined;
    if (tag === undefined) return 'none';
    // What has no host leads nowhere: a token of one who gave no Contact must not fit it.
    return destination !== '' && token.endsWith(this.#wayHash(callId, tag, destination)) ? 'way' : 'call';
  }

  /** True when the token was made for this call and this caller, wherever it leads. */
  isOfCall(token: string, callId: string, callerTag: string): boolean {
    const hash = token.indexOf('.') + 1;
    return (
      hash > 0 && token.length === hash + 2 * HASH_DIGITS && token.startsWith(this.#callHash(callId, callerTag), hash)
    );
  }

  #callHash(callId: string, callerTag: string): string {
    const text = `call\n${callId}\n${callerTag}`;
    if (text !== this.#lastCall) {
      this.#lastCall = text;
      this.#lastCallHash = siphashHex(this.#key, text);
    }
    return this.#lastCallHash;
  }

  #wayHash(callId: string, callerTag: string, destination: string): string {
    return siphashHex(this.#key, `way\n${callId}\n${callerTag}\n${destination}`);
  }

  /** Keyed so that nobody outside can make two requests look like one. */
  loopHash(text: string): string {
    return siphashHex(this.#key, `loop\n${text}`).slice(0, 8);
  }

  /** The branch of a request forwarded without state: the same for each retransmission (RFC 3261 §16.11). */
  statelessBranch(text: string, sender: string, loopHash: string): string {
    return `${MAGIC_COOKIE}${this.#worker}.s.${loopHash}.${siphashHex(this.#key, `stateless\n${text}`)}.${this.#senderHash(sender)}`;
  }

  /** True for a branch that `statelessBranch` made for a request of this sender, here or in another worker of ours. */
  isStateless(branch: string, sender: string): boolean {
    const mark = branch.indexOf('.');
    return branch.startsWith('.s.', mark) && branch.endsWith(`.${this.#senderHash(sender)}`);
  }

  #senderHash(sender: string): string {
    return siphashHex(this.#key, `sender\n${sender}`);
  }

  /** Marks the To tag of a stateless answer: the same for each retransmission (RFC 3261 §8.2.7). */
  statelessTag(text: string): string {
    return `${this.#worker}.${siphashHex(this.#key, `tag\n${text}`)}`;
  }

  /** True for the tag that `statelessTag` makes of this text. */
  isStatelessTag(tag: string | undefined, text: string): boolean {
    const isLikely = tag?.length === this.#worker.length + 1 + HASH_DIGITS && tag.startsWith(this.#worker);
    return isLikely && tag === this.statelessTag(text);
  }
}

/** The host and port that a URI leads to, as tokens hold it; '' for none. Two texts of one place may differ: then a token fits one. */
export function destinationOf(uriText: string | undefined): string {
  const uri = uriText === undefined ? undefined : tryParseUri(uriText);
  if (uri?.type !== 'sip') return '';
  return `${canonicalHost(uri.params.get('maddr') ?? uri.host)}:${uri.port ?? ''}`;
}

/** What a token is made for: where it leads, and whom its sender claims to be, where that is one of us; '' where it leads nowhere. */
export function wayOf(nextHop: string | undefined, claim: string): string {
  const destination = destinationOf(nextHop);
  return destination === '' || claim === '' ? destination : `${destination}\n${claim}`;
}

/** The loop hash of a branch of ours, made with state or without. */
export function loopHashOf(branch: string): string {
  const mark = branch.indexOf('.');
  return branch.startsWith('.s.', mark)
    ? branch.slice(mark + 3, branch.indexOf('.', mark + 3))
    : branch.slice(branch.lastIndexOf('.') + 1);
}

const HASH_DIGITS = 16;
