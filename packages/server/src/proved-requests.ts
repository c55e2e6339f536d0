import { callId, cseq, need, type Request } from '@strowger/sip/message';
import type { UnixMs } from '@strowger/sip/text';

/**
 * The requests whose credentials were true a moment ago. A server without transactions sees a retransmission as one more
 * request; its nonce count is used, but it is the same request and has proved itself (RFC 3261 §16.11).
 */
export class ProvedRequests {
  /** In the order of their times. */
  readonly #until = new Map<string, UnixMs>();

  add(request: Request, response: string, now: UnixMs): void {
    for (const [key, until] of this.#until) {
      if (until > now && this.#until.size < CAPACITY) break;
      this.#until.delete(key);
    }
    this.#until.set(keyOf(request, response), now + REPEATED_MS);
  }

  has(request: Request, response: string, now: UnixMs): boolean {
    return (this.#until.get(keyOf(request, response)) ?? 0) > now;
  }
}

/** The response of digest credentials holds their nonce, count and password; the rest makes it this request’s alone. */
const keyOf = (request: Request, response: string): string =>
  `${response} ${need(request, cseq).seq} ${request.method} ${request.uri} ${need(request, callId)}`;

/** As long as a client sends a request again: 64*T1. */
const REPEATED_MS = 32_000;
const CAPACITY = 100_000;
