import { type Edit, newRequest } from '../message/edit.ts';
import { callId, cseq, from, maxForwards, route, to } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { NameAddr } from '../message/name-addr.ts';
import { UsageFault } from '../text/faults.ts';
import { NO_PARAMS } from '../text/params.ts';
import { withHeaders, withoutParam } from '../uri/sip-edit.ts';
import { tryParseUri } from '../uri/uri.ts';
import type { Dialog, Party } from './dialog.ts';

/** A request in a dialog, ready but for its Via, and where to send it. */
export interface DialogRequest {
  /** The dialog after the request; to be kept whether the request is answered or not. */
  readonly dialog: Dialog;
  readonly request: Request;
  /** The URI that names the next hop (RFC 3261 §8.1.2): not the top Route where that hop is a strict router. */
  readonly nextHop: string;
}

export interface DialogRequestOptions {
  /** The CSeq number of our first request in the dialog, 0 to 2**31-1; 1 where it is not given (RFC 3261 §8.1.1.5). */
  readonly firstSeq?: number;
  /** Adds what else the request says: Contact, which a target refresh request should have, a body. */
  readonly edit?: (request: Edit) => void;
}

/**
 * A new request in a dialog (RFC 3261 §12.2.1.1), of any method but ACK and CANCEL, whose numbers are those of other requests.
 * @throws UsageFault for these two and when the CSeq numbers are used up
 */
export function requestIn(dialog: Dialog, method: string, options: DialogRequestOptions = {}): DialogRequest {
  if (method === 'ACK' || method === 'CANCEL') throw new UsageFault(`${method} begins no transaction of its own`);
  const seq = dialog.localSeq === undefined ? (options.firstSeq ?? 1) : dialog.localSeq + 1;
  if (!(seq >= 0 && seq < 2 ** 31)) throw new UsageFault(`${seq} is no CSeq number (RFC 3261 §8.1.1.5)`);
  return { ...built(dialog, method, seq, options), dialog: { ...dialog, localSeq: seq } };
}

/**
 * The ACK to a 2xx: a request in its dialog with the CSeq number of the INVITE; the caller adds the credentials of the INVITE
 * and, where the 2xx brought an offer, the answer (RFC 3261 §13.2.2.4).
 */
export const ackIn = (
  dialog: Dialog,
  inviteSeq: number,
  options: Pick<DialogRequestOptions, 'edit'> = {},
): DialogRequest => ({ ...built(dialog, 'ACK', inviteSeq, options), dialog });

function built(
  dialog: Dialog,
  method: string,
  seq: number,
  { edit: change }: DialogRequestOptions,
): Omit<DialogRequest, 'dialog'> {
  const { uri, routes, nextHop } = wayOf(dialog);
  const edit = newRequest()
    .append(maxForwards, DEFAULT_MAX_FORWARDS)
    .append(from, addressOf(dialog.local, dialog.id.localTag))
    .append(to, addressOf(dialog.remote, dialog.id.remoteTag))
    .append(callId, dialog.id.callId)
    .append(cseq, { seq, method });
  for (const next of routes) edit.append(route, new NameAddr('', next, NO_PARAMS));
  change?.(edit);
  return { request: edit.request(method, uri), nextHop };
}

interface Way {
  readonly uri: string;
  readonly routes: readonly string[];
  readonly nextHop: string;
}

/**
 * RFC 3261 §12.2.1.1: the route set goes into Route. Where its first hop is a strict router, that one's URI is the Request-URI,
 * and the remote target takes the last place in Route.
 */
function wayOf({ routeSet, remoteTarget }: Dialog): Way {
  const [first, ...others] = routeSet;
  if (first === undefined) return { uri: requestUri(remoteTarget), routes: [], nextHop: remoteTarget };
  if (isLoose(first)) return { uri: requestUri(remoteTarget), routes: routeSet, nextHop: first };
  return { uri: requestUri(first), routes: [...others, remoteTarget], nextHop: first };
}

function isLoose(text: string): boolean {
  const uri = tryParseUri(text);
  return uri?.type === 'sip' && uri.params.has('lr');
}

/** Without what a Request-URI must not have: headers, and the parameter `method` (RFC 3261 §19.1.1 Table 1). */
function requestUri(text: string): string {
  const uri = tryParseUri(text);
  if (uri?.type !== 'sip' || (uri.headers === '' && !uri.params.has('method'))) return text;
  return withoutParam(withHeaders(uri, []), 'method').text;
}

/** A null tag is left out (RFC 3261 §12.2.1.1). */
const addressOf = ({ display, uri }: Party, tag: string | undefined): NameAddr =>
  new NameAddr(display, uri, tag === undefined ? NO_PARAMS : NO_PARAMS.set('tag', tag));

/** RFC 3261 §8.1.1.6. */
const DEFAULT_MAX_FORWARDS = 70;
