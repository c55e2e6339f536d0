import { callId, cseq, need, type Request } from '@strowger/sip/message';
import type { UnixMs } from '@strowger/sip/text';

/**
 * The requests whose credentials were true a moment ago. A server without transactions sees a retransmission as one more
 * request; its nonce count is used, but it is the same request and has proved itself (RFC 3261 §16.11).
 */
export class ProvedRequests {
  /** In the order of their times. */
  readonly #proofs = new Map<string, { readonly username: string; readonly until: UnixMs }>();

  add(request: Request, response: string, username: string, now: UnixMs): void {
    for (const [key, { until }] of this.#proofs) {
      if (until > now && this.#proofs.size < CAPACITY) break;
      this.#proofs.delete(key);
    }
    this.#proofs.set(keyOf(request, response), { username, until: now + REPEATED_MS });
  }

  /** Who proved himself with it; `undefined` where nobody has. */
  userOf(request: Request, response: string, now: UnixMs): string | undefined {
    const proof = this.#proofs.get(keyOf(request, response));
    return proof !== undefined && proof.until > now ? proof.username : undefined;
  }
}

/**
 * The response of digest credentials holds their nonce, count and password; the rest makes it this request’s alone. By `join`, so
 * that a key keeps nothing of the message alive that its parts were cut from.
 */
const keyOf = (request: Request, response: string): string =>
  [response, need(request, cseq).seq, request.method, request.uri, need(request, callId)].join(' ');

/** As long as a client sends a request again: 64*T1. */
const REPEATED_MS = 32_000;
const CAPACITY = 100_000;
