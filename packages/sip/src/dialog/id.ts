import { callId, from, to } from '../message/headers/index.ts';
import type { Message } from '../message/message.ts';
import { need } from '../message/read.ts';

/** What a dialog is known by at one of its ends (RFC 3261 §12). At the other end the two tags are the other way round. */
export interface DialogId {
  readonly callId: string;
  /** `undefined` is the null tag: a peer of RFC 2543, which gave none (RFC 3261 §12.1.1, §12.1.2). */
  readonly localTag: string | undefined;
  readonly remoteTag: string | undefined;
}

/** Which part a user agent has in a transaction: it asks, or it answers. */
export type Side = 'uac' | 'uas';

/**
 * The dialog that a message belongs to, at the user agent that has this part in the message's transaction; the same for the
 * request and its responses (RFC 3261 §12).
 * @throws RemoteFault 400 when From, To or Call-ID is missing or malformed
 */
export function dialogIdOf(message: Message, side: Side): DialogId {
  const fromTag = need(message, from).tag;
  const toTag = need(message, to).tag;
  return side === 'uac'
    ? { callId: need(message, callId), localTag: fromTag, remoteTag: toTag }
    : { callId: need(message, callId), localTag: toTag, remoteTag: fromTag };
}

/** One text for a dialog, to find it by. Tags are compared without regard to case, Call-IDs with it (RFC 3261 §7.3.1, §20.8). */
export const dialogKey = ({ callId, localTag = '', remoteTag = '' }: DialogId): string =>
  `${`${localTag} ${remoteTag}`.toLowerCase()} ${callId}`;
