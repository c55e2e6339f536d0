import { cseq } from '../message/headers/index.ts';
import type { Message, Request, Response } from '../message/message.ts';
import { need } from '../message/read.ts';
import { type Dialog, targetOf } from './dialog.ts';

/** What a request of the peer means for the dialog it is in. */
export type Arrival =
  /** The dialog after it: `accepted` when we answer it with a 2xx, `refused` after any other final response of ours. */
  | { readonly type: 'inOrder'; readonly accepted: Dialog; readonly refused: Dialog }
  /** It is older than one that came before it; it is answered with this and changes nothing. */
  | { readonly type: 'outOfOrder'; readonly status: 500; readonly reason: string };

/**
 * A request of the peer in its dialog (RFC 3261 §12.2.2): checks the order of CSeq numbers, gaps allowed, and moves the remote
 * target where the method does that. A number that came before is out of order too: a copy of that request never gets here.
 * ACK and CANCEL bear the numbers of other requests and change nothing.
 * @throws RemoteFault 400 when CSeq or Contact is malformed
 */
export function acceptRequest(dialog: Dialog, request: Request): Arrival {
  if (request.method === 'ACK' || request.method === 'CANCEL')
    return { type: 'inOrder', accepted: dialog, refused: dialog };
  const { seq } = need(request, cseq);
  if (dialog.remoteSeq !== undefined && seq <= dialog.remoteSeq)
    return { type: 'outOfOrder', status: 500, reason: 'Server Internal Error' };
  const refused = { ...dialog, remoteSeq: seq };
  return { type: 'inOrder', accepted: refreshed(refused, request.method, request), refused };
}

/**
 * The dialog after a response to our request of this method in it: a 2xx to a target refresh request moves the remote target
 * (RFC 3261 §12.2.1.2). The first 2xx to the request that made the dialog is for `confirmDialogBy`.
 * @throws RemoteFault 400 when Contact is malformed
 */
export const acceptResponse = (dialog: Dialog, method: string, response: Response): Dialog =>
  response.status >= 200 && response.status < 300 ? refreshed(dialog, method, response) : dialog;

/** True for a status that ends a dialog when it answers a request in it; no answer at all counts as 408 (RFC 3261 §12.2.1.2). */
export const endsDialog = (status: number): boolean => status === 481 || status === 408;

/** True for methods whose Contact moves the remote target (RFC 5057 §5.4). */
export const isTargetRefresh = (method: string): boolean => TARGET_REFRESH.has(method);

function refreshed(dialog: Dialog, method: string, message: Message): Dialog {
  const remoteTarget = isTargetRefresh(method) ? targetOf(message) : undefined;
  return remoteTarget === undefined ? dialog : { ...dialog, remoteTarget };
}

const TARGET_REFRESH: ReadonlySet<string> = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);
