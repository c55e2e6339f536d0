import type { Line, Request } from '../message/message.ts';
import type { OverloadFeedback } from '../overload/feedback.ts';
import type { Instant } from '../text/time.ts';

/** Asked before anything is spent on what strangers send. Answers at once; counts what it refuses. */
export interface Gate {
  /** Whether one message may come in: a datagram, or what a framer cut out of a stream. False: it is dropped unread. */
  admits(host: string, bytes: Uint8Array, now: Instant): boolean;
  /** Whether a source may have a connection. False: it is closed. */
  admitsConnection(host: string, now: Instant): boolean;
}

/** Asked before a request becomes work, and told about by those who send it. */
export interface Relief {
  /** What the request is refused with (503, without keeping anything); `undefined`: it is taken. */
  refusal(request: Request, now: Instant): Refusal | undefined;
  /** What a client that asked to be told is told about our load (RFC 7339 §5.1). */
  feedbackAt(now: Instant): OverloadFeedback;
}

export interface Refusal {
  readonly headers: readonly Line[];
}
