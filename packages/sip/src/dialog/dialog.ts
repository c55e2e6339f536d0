import { contact, cseq, from, recordRoute, to } from '../message/headers/index.ts';
import type { Message, Request, Response } from '../message/message.ts';
import type { NameAddr } from '../message/name-addr.ts';
import { need, read, readAll } from '../message/read.ts';
import { RemoteFault, UsageFault } from '../text/faults.ts';
import type { Protocol } from '../uri/transport.ts';
import { tryParseUri } from '../uri/uri.ts';
import { type DialogId, dialogIdOf } from './id.ts';

/** One end of a dialog as From and To name it. */
export interface Party {
  /** '' where there is none. */
  readonly display: string;
  readonly uri: string;
}

/** The state of a dialog at one of its ends: data that can be kept anywhere, changed by making another (RFC 3261 §12). */
export interface Dialog {
  readonly id: DialogId;
  /** `early` until a 2xx. */
  readonly state: 'early' | 'confirmed';
  /** The CSeq number of our last request in it; `undefined` before the first. */
  readonly localSeq: number | undefined;
  /** The highest CSeq number of the peer's requests in it; `undefined` before the first. */
  readonly remoteSeq: number | undefined;
  readonly local: Party;
  readonly remote: Party;
  /** The URI where the peer is. */
  readonly remoteTarget: string;
  /** The URIs of the proxies between, nearest first. */
  readonly routeSet: readonly string[];
  /** Begun over TLS with a sips: URI. */
  readonly secure: boolean;
}

/**
 * True for a response that makes a dialog of the request that it answers: a 2xx, or a provisional response above 100 with a To
 * tag (RFC 3261 §12.1). Whether the request can make one, its method says.
 * @throws RemoteFault 400
 */
export const isDialogForming = (response: Response): boolean =>
  (response.status >= 200 && response.status < 300) ||
  (response.status > 100 && response.status < 200 && need(response, to).tag !== undefined);

/**
 * The dialog that a response makes at the user agent that asked (RFC 3261 §12.1.2). `protocol` is what the request was sent
 * over.
 * @throws RemoteFault 400 when a header that is needed is missing or malformed
 * @throws UsageFault for a response that makes no dialog
 */
export function createUacDialog(request: Request, response: Response, protocol: Protocol): Dialog {
  if (!isDialogForming(response)) throw new UsageFault(`a ${response.status} without a To tag makes no dialog`);
  // LENIENT: servers whose provisional responses bear no Contact; their 2xx does.
  const remoteTarget = targetOf(response) ?? request.uri;
  return {
    id: { ...dialogIdOf(response, 'uac'), localTag: need(request, from).tag },
    state: response.status < 200 ? 'early' : 'confirmed',
    localSeq: need(request, cseq).seq,
    remoteSeq: undefined,
    local: partyOf(need(request, from)),
    remote: partyOf(need(request, to)),
    remoteTarget,
    routeSet: routeSetOf(response).reverse(),
    secure: isSecure(request, protocol),
  };
}

/**
 * The dialog that our response makes at the user agent that was asked: `localTag` is the To tag of the response, `early` its
 * state when it is provisional (RFC 3261 §12.1.1). `protocol` is what the request came over.
 * @throws RemoteFault 400 when a header that is needed is missing or malformed, such as Contact
 */
export function createUasDialog(
  request: Request,
  localTag: string,
  state: Dialog['state'],
  protocol: Protocol,
): Dialog {
  const remoteTarget = targetOf(request);
  if (remoteTarget === undefined) throw new RemoteFault(400, 'Missing Contact Header');
  return {
    id: { ...dialogIdOf(request, 'uas'), localTag },
    state,
    localSeq: undefined,
    remoteSeq: need(request, cseq).seq,
    local: partyOf(need(request, to)),
    remote: partyOf(need(request, from)),
    remoteTarget,
    routeSet: routeSetOf(request),
    secure: isSecure(request, protocol),
  };
}

/** The dialog after a 2xx of ours to the request that made it (RFC 3261 §12). */
export const confirmDialog = (dialog: Dialog): Dialog =>
  dialog.state === 'confirmed' ? dialog : { ...dialog, state: 'confirmed' };

/**
 * The dialog after the peer's 2xx to the request that made it: its route set is the one of the 2xx, because servers of RFC 2543
 * give none before (RFC 3261 §13.2.2.4); its target is the Contact of the 2xx (§12.2.1.2).
 * @throws RemoteFault 400
 */
export function confirmDialogBy(dialog: Dialog, response: Response): Dialog {
  const remoteTarget = targetOf(response) ?? dialog.remoteTarget;
  return { ...dialog, state: 'confirmed', remoteTarget, routeSet: routeSetOf(response).reverse() };
}

/**
 * The URI of a Contact, where requests in a dialog are sent; `undefined` without Contact.
 * @throws RemoteFault 400 when it is no sip: or sips: URI (RFC 3261 §12.1.1, §12.1.2)
 */
export function targetOf(message: Message): string | undefined {
  const value = read(message, contact);
  if (value === undefined) return undefined;
  if (value === '*' || !isSip(value)) throw new RemoteFault(400, 'Bad Contact Header');
  return value.uriText;
}

/** The URIs of Record-Route, top first. @throws RemoteFault 400 */
function routeSetOf(message: Message): string[] {
  return readAll(message, recordRoute).map((value) => {
    if (!isSip(value)) throw new RemoteFault(400, 'Bad Record-Route Header');
    return value.uriText;
  });
}

const isSip = (value: NameAddr): boolean => tryParseUri(value.uriText)?.type === 'sip';

const partyOf = (value: NameAddr): Party => ({ display: value.display, uri: value.uriText });

/** RFC 3261 §12.1.1, §12.1.2. */
const isSecure = (request: Request, protocol: Protocol): boolean =>
  (protocol === 'tls' || protocol === 'wss') && /^sips:/i.test(request.uri);
