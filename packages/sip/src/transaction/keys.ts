import { callId, cseq, from, to, type Via, via } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { need } from '../message/read.ts';
import { spells } from '../text/chars.ts';

/**
 * What transactions are found by. Branches, tags and host names are compared without regard to case (RFC 3261 §7.3.1: tokens
 * always are), methods and Call-IDs with it; so keys hold the former in lower case. Keys are kept for half a minute, and are put
 * together with `join`, which makes a text of its own: a template would keep the whole message alive that its parts were cut from.
 */

/**
 * The key of a client transaction, from the top Via and the CSeq of its responses (RFC 3261 §17.1.3): the branch, then the
 * method, which tells a CANCEL from what it cancels. Nothing stands between the two: branches of ours are unique.
 */
export const clientKey = (branch: string, method: string): string => withoutCookie(branch).toLowerCase() + method;

/**
 * The key of the server transaction that a request belongs to, by its topmost Via (RFC 3261 §17.2.3). An ACK has the key of
 * the INVITE that it ends.
 * @throws RemoteFault 400 where a header that is needed is missing or malformed
 */
export const serverKey = (request: Request): string =>
  keyFor(request, request.method === 'ACK' ? 'INVITE' : request.method);

/**
 * The key of the server transaction that a CANCEL is meant for: an INVITE, or another method that is asked for (RFC 3261 §9.2).
 * @throws RemoteFault 400
 */
export const cancelKey = (cancel: Request, method = 'INVITE'): string => keyFor(cancel, method);

/**
 * One key for all copies of a request that came by several ways (RFC 3261 §8.2.2.2): From tag, Call-ID and CSeq. `undefined`
 * for a request with a To tag: inside a dialog nothing is merged.
 * @throws RemoteFault 400
 */
export function mergedKey(request: Request): string | undefined {
  if (tagOf(request, to) !== '') return undefined;
  const { seq, method } = need(request, cseq);
  return [tagOf(request, from), seq, method, need(request, callId)].join(' ');
}

/**
 * True when an ACK that was found by its key answers the response with this To tag. For clients of RFC 2543 only, to whom a
 * proxy may have passed on several responses (RFC 3261 §17.2.3); all others have a branch of their own for each ACK to a 2xx.
 * @throws RemoteFault 400
 */
export const isAckFor = (ack: Request, toTag: string): boolean =>
  isUnique(need(ack, via).branch) || tagOf(ack, to) === toTag.toLowerCase();

/** True for a request whose branch tells nothing apart, as clients of RFC 2543 write it (RFC 3261 §17.2.3). @throws RemoteFault 400 */
export const isOfOldClient = (request: Request): boolean => !isUnique(need(request, via).branch);

/** Begins every branch that is unique (RFC 3261 §8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

function keyFor(request: Request, method: string): string {
  const top = need(request, via);
  const branch = top.branch;
  return isUnique(branch)
    ? [withoutCookie(branch).toLowerCase(), sentBy(top).toLowerCase(), method].join(' ')
    : oldKey(request, top, method);
}

/**
 * RFC 3261 §17.2.3 for clients of RFC 2543. Of the top Via the parameters that its receivers write are left out.
 * DEVIATION(RFC 3261 §17.2.3): the To tag is no part of an INVITE's key, because its ACK has another one; Request-URI, From
 * tag, Call-ID and CSeq number leave nothing for it to tell apart.
 */
function oldKey(request: Request, top: Via, method: string): string {
  const toTag = method === 'INVITE' ? '' : tagOf(request, to);
  const way = `${top.branch ?? ''} ${sentBy(top)} ${top.transport} ${tagOf(request, from)} ${toTag}`.toLowerCase();
  return [way, need(request, cseq).seq, method, need(request, callId), request.uri].join(' ');
}

/** A branch of the magic cookie alone tells nothing apart and does not count. */
const isUnique = (branch: string | undefined): branch is string =>
  branch !== undefined && branch.length > MAGIC_COOKIE.length && spells(branch, 0, 'z9hg4bk');

/** The cookie is the same for all, and the only part that most write with a capital: without it nothing has to be copied. */
const withoutCookie = (branch: string): string =>
  spells(branch, 0, 'z9hg4bk') ? branch.slice(MAGIC_COOKIE.length) : branch;

const sentBy = (top: Via): string => (top.port === undefined ? top.host : `${top.host}:${top.port}`);

/** In lower case; '' for none, which clients of RFC 2543 may send (RFC 3261 §12.1.1). */
const tagOf = (request: Request, def: typeof from): string => need(request, def).tag?.toLowerCase() ?? '';
