import type { Line } from '../message/message.ts';

/** An answer given here. */
export interface Reply {
  readonly type: 'reply';
  readonly status: number;
  /** The registered phrase where it is missing. */
  readonly reason?: string;
  readonly headers: readonly Line[];
  readonly body?: Uint8Array;
  /** Set where we answer as the one who was asked, not as a proxy: copies of the request that came another way get 482 (RFC 3261 §8.2.2.2). */
  readonly role?: 'server';
  /** Set to keep nothing of the request: for who has proved nothing yet (RFC 3261 §26.3.2.4). The answer is not sent again. */
  readonly state?: 'none';
}

/** `headers` are lines made with `line(name, value)`. */
export const reply = (status: number, reason?: string, headers: readonly Line[] = [], body?: Uint8Array): Reply => ({
  type: 'reply',
  status,
  headers,
  ...(reason === undefined ? {} : { reason }),
  ...(body === undefined ? {} : { body }),
});
/** The same answer, after which nothing of the request is kept. */
export const withoutState = (answer: Reply): Reply => ({ ...answer, state: 'none' });

/** The same answer, given as the user agent server that the request was for. */
export const asServer = <D extends { readonly type: string }>(decision: D | Reply): D | Reply =>
  isReply(decision) ? { ...decision, role: 'server' } : decision;

const isReply = (decision: { readonly type: string }): decision is Reply => decision.type === 'reply';
