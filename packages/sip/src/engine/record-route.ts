import type { Edit } from '../message/edit.ts';
import { callId, contact, from, recordRoute, route, to, via } from '../message/headers/index.ts';
import type { Message, Request, Response } from '../message/message.ts';
import { NameAddr } from '../message/name-addr.ts';
import { has, need, read, readAll } from '../message/read.ts';
import { NO_PARAMS } from '../text/params.ts';
import { canonicalHost } from '../uri/host.ts';
import { isSips, type Scheme } from '../uri/scheme.ts';
import { withoutParam, withParam } from '../uri/sip-edit.ts';
import { bracketed, type Flow, isAddress, isEncrypted, type Protocol } from '../uri/transport.ts';
import { tryParseUri } from '../uri/uri.ts';
import type { Core } from './core.ts';
import type { Transport } from './ports.ts';
import { wayOf } from './tokens.ts';

/**
 * RFC 3261 §16.6 step 4; RFC 5658 §3: where the request changes transport or address here, one Record-Route for each side,
 * the topmost for the side that it goes out on. The token says that requests of this call may go back to where this one came
 * from: to the proxy before us, or to the caller's Contact.
 */
export function addRecordRoutes(core: Core, copy: Edit, request: Request, cameIn: FlowIn, goesOut: Transport): void {
  const scheme = isSips(request.uri) || isSips(read(request, route)?.uriText ?? '') ? 'sips' : 'sip';
  const last = readAll(request, recordRoute)[0]?.uriText;
  const before = last ?? contactOf(request);
  const params = [`t=${tokenFor(core, request, before, need(request, to))}`];
  const flow = last === undefined ? flowToCaller(core, request, before, cameIn) : undefined;
  if (flow !== undefined) params.push(`f=${flow}`);
  const towardCaller = listenerFor(core, cameIn.transport, scheme);
  const towardCallee = listenerFor(core, goesOut, scheme);
  copy.prepend(recordRoute, ourRoute(core, towardCaller, scheme, params.join(';')));
  if (towardCaller !== towardCallee) copy.prepend(recordRoute, ourRoute(core, towardCallee, scheme, params.join(';')));
}

/** Where a request came in, and the way back. */
export interface FlowIn {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  readonly connection: number;
}

/**
 * RFC 5626 §5.3.2: the flow of a caller next to us to whom nothing else leads, because its Contact says `ob` or names another
 * address than it came from.
 */
function flowToCaller(core: Core, request: Request, uriText: string | undefined, cameIn: FlowIn): string | undefined {
  const { transport, host, port, connection } = cameIn;
  const uri = uriText === undefined ? undefined : tryParseUri(uriText);
  const [top, ...others] = readAll(request, via);
  if (uri?.type !== 'sip' || top === undefined || others.length > 0) return undefined;
  const isBehindNat = isAddress(uri.host) && ![uri.host, top.host].some((own) => isSame(own, host));
  const isOnlyWay = uri.params.has('ob') || isBehindNat || isWebSocket(transport.local.protocol);
  return isOnlyWay ? flowToken(core, request, { local: transport.local, host, port, connection }) : undefined;
}

const isSame = (host: string, source: string): boolean => canonicalHost(host) === canonicalHost(bracketed(source));
const isWebSocket = (protocol: Protocol): boolean => protocol === 'ws' || protocol === 'wss';

const flowToken = (core: Core, message: Message, flow: Flow): string | undefined =>
  core.tokens.flows.tokenOf(flow, {
    type: 'call',
    callId: need(message, callId),
    callerTag: need(message, from).tag ?? '',
  });

/**
 * The Record-Routes of a response on its way back, ours now with a token for the caller's side (RFC 3261 §16.7 step 8): requests
 * of this call may go on to the proxy behind us, or to the callee's Contact. `undefined` where they stay. So each side can reach the other through us,
 * and nobody a third. `flow` is the one that the request was sent on to a callee that nothing else leads to. A failure begins no dialog and tells the caller none of it: the token in it would still be the callee's.
 *
 * `carried` is how many Record-Routes the request came with, which stand at the end: whoever sent it wrote them. One of
 * ours among them is no work of this passage, and a token in it would lead to what its sender wrote above it.
 */
export function routesForCaller(
  core: Core,
  response: Response,
  flow: CalleeFlow | undefined,
  carried: number,
  memo?: RouteMemo,
): readonly NameAddr[] | undefined {
  if (response.status < 101 || !has(response, recordRoute)) return undefined;
  const key = memo === undefined || response.status > 299 ? '' : keyOf(response);
  if (key !== '' && key === memo?.key) return memo.routes;
  const routes = readAll(response, recordRoute);
  const toCaller = flowIn(routes[routes.length - carried - 1]);
  let changed = false;
  let behind = contactOf(response);
  const way = flow?.isOnlyWay === true ? flowToken(core, response, flow) : undefined;
  let isNext = true;
  const out: NameAddr[] = [];
  for (const [i, route] of routes.entries()) {
    const ours = i < routes.length - carried ? oursWithToken(core, route, response) : undefined;
    if (ours === undefined) {
      behind = route.uriText;
      isNext = false;
      out.push(route);
      continue;
    }
    changed = true;
    if (response.status > 299) continue;
    const routed = withoutParam(withParam(ours, 't', tokenFor(core, response, behind, need(response, from))), 'f');
    const known = flowIn(route);
    const over = (isNext ? way : undefined) ?? (known === toCaller ? undefined : known);
    out.push(new NameAddr('', (over === undefined ? routed : withParam(routed, 'f', over)).text, NO_PARAMS));
  }
  if (!changed) return undefined;
  if (memo !== undefined && key !== '') {
    memo.key = key;
    memo.routes = out;
  }
  return out;
}

/** What was made of the Record-Routes of one response, for the next one to the same request: it mostly has the same. */
export interface RouteMemo {
  key: string;
  routes: readonly NameAddr[];
}

/** All that decides what becomes of the Record-Routes of a response, but for what is the same in each to one request. */
function keyOf({ content }: Response): string {
  let key = '';
  for (const def of [recordRoute, contact, from])
    for (let i = content.find(def); i >= 0; i = content.find(def, i + 1)) key += `${content.valueAt(i)}\n`;
  return key;
}

/**
 * The token of a flow in a Record-Route of ours. The last one of a passage names the caller's flow; another flow is that of the
 * callee, from when the same call came here again (RFC 5393 §4.2).
 */
function flowIn(value: NameAddr | undefined): string | undefined {
  const uri = value?.uriText.includes(';f=') ? tryParseUri(value.uriText) : undefined;
  return uri?.type === 'sip' ? uri.params.get('f') : undefined;
}

/** How many Record-Routes a request has. */
export const recordRoutesIn = (request: Request): number => readAll(request, recordRoute).length;

/** The flow of a branch. */
type CalleeFlow = Flow & { readonly isOnlyWay: boolean };

/** `sender` is whose requests the token is for. */
const tokenFor = (core: Core, message: Message, nextHop: string | undefined, sender: NameAddr): string =>
  core.tokens.routeToken(
    need(message, callId),
    need(message, from).tag ?? '',
    wayOf(nextHop, core.claimOf(sender.uriText)),
  );

function oursWithToken(
  core: Core,
  route: NameAddr,
  response: Response,
): Extract<ReturnType<typeof tryParseUri>, { type: 'sip' }> | undefined {
  if (!route.uriText.includes(';t=')) return undefined;
  const uri = tryParseUri(route.uriText);
  const token = uri?.type === 'sip' ? uri.params.get('t') : undefined;
  if (uri?.type !== 'sip' || token === undefined) return undefined;
  return core.tokens.isOfCall(token, need(response, callId), need(response, from).tag ?? '') ? uri : undefined;
}

function contactOf(message: Message): string | undefined {
  const value = read(message, contact);
  return value === undefined || value === '*' ? undefined : value.uriText;
}

/** Requests of a sips: call come back over TLS, whatever a proxy before us sent the first one over (RFC 3261 §16.6 step 4). */
const listenerFor = (core: Core, side: Transport, scheme: Scheme): Transport =>
  scheme === 'sip' || isEncrypted(side.local.protocol)
    ? side
    : (core.transports.toward('tls', side.local.host, undefined) ?? side);

function ourRoute(core: Core, transport: Transport, wanted: Scheme, params: string): NameAddr {
  const { protocol } = transport.local;
  const { host, port } = core.advertise(transport.local);
  const scheme = isEncrypted(protocol) ? wanted : 'sip';
  const uri = `${scheme}:${bracketed(host)}:${port}${transportParam(protocol, scheme)};lr;${params}`;
  return new NameAddr('', uri, NO_PARAMS);
}

/**
 * RFC 7118 §5.2 has no `wss`: with it or without TLS, the port says which listener it is.
 * DEVIATION(RFC 5630 §5.3): transport=tls stands in sip: URIs, as other proxies write it: a phone that does not find it sends the
 * requests of its call to the TLS port by UDP, and sips: would demand TLS of the other side of the call too.
 */
function transportParam(protocol: Protocol, scheme: Scheme): string {
  if (protocol === 'udp' || (protocol === 'tls' && scheme === 'sips')) return '';
  return `;transport=${isWebSocket(protocol) ? 'ws' : protocol}`;
}
