import { edit } from '../../message/edit.ts';
import { callId, from, NameAddr, route, to } from '../../message/index.ts';
import type { Request } from '../../message/message.ts';
import { has, need, read, readAll } from '../../message/read.ts';
import { RemoteFault } from '../../text/faults.ts';
import { NO_PARAMS } from '../../text/params.ts';
import { type Flow, parseUri, type SipUri, withHost, withoutParam } from '../../uri/index.ts';

export interface RoutePorts {
  /** True for a URI whose host and port are ours. */
  readonly isOurs: (uri: SipUri) => boolean;
  /** What a token in a Route of ours is worth to a request that goes on to `nextHop`, a URI, and whose From is `sender`, another one. */
  readonly judge: (
    token: string,
    callId: string,
    fromTag: string,
    toTag: string,
    nextHop: string,
    sender: string,
  ) => TokenWorth;
  /** The flow that such a Route names, when it was made for this call and caller and the request did not come over it (RFC 5626 §5.3). */
  readonly flowOf: (token: string, callId: string, callerTag: string, cameOver: Flow) => Flow | undefined;
  /** What a flow token in a Path URI of ours means to a request that came over this flow. */
  readonly judgePath: (token: string, cameOver: Flow) => PathVerdict;
}

/** As the flow tokens of the engine have it (RFC 5626 §5.3). */
export type PathVerdict =
  /** It goes out over the flow. */
  | { readonly type: 'incoming'; readonly flow: Flow }
  /** It came over this very flow, so the token says nothing about where it goes. */
  | { readonly type: 'outgoing' }
  /** Nobody here made the token, or not for this use. */
  | { readonly type: 'forged' };

/** `way`: our Record-Route of this very call, for where the request goes; `call`: for this call, but it goes elsewhere. */
export type TokenWorth = 'way' | 'call' | 'none';

export interface Preprocessed {
  /** The request without the Routes that named us. */
  readonly request: Request;
  readonly token: TokenWorth;
  /** The flow that leads to the next hop, where nothing else does (RFC 5626 §5.3). */
  readonly flow: Flow | undefined;
  /** Set where the topmost Route is our own Path URI: whether its `flow` is where the request goes, or the token is false. */
  readonly path?: 'flow' | 'forged';
}

/**
 * Route information preprocessing (RFC 3261 §16.4): undoes what a strict router did, and takes away the topmost Routes that
 * name this proxy (two of them where the dialog changes transport here, RFC 5658 §4.2).
 */
export function preprocess(received: Request, cameOver: Flow, ports: RoutePorts): Preprocessed {
  let request = afterStrictRouter(received, ports);
  let token: string | undefined;
  let flow: string | undefined;
  for (let popped = 0; popped < MOST_OF_OURS; popped += 1) {
    const first = read(request, route);
    const uri = first === undefined ? undefined : sipUriOf(first);
    if (uri === undefined || !ports.isOurs(uri)) break;
    const over = popped === 0 && uri.params.has('ob') ? overPath(request, uri, cameOver, ports) : undefined;
    if (over !== undefined) return over;
    token = uri.params.get('t') ?? token;
    flow = uri.params.get('f') ?? flow;
    request = edit(request).dropTop(route).request(request.method, request.uri);
  }
  request = atMaddr(request, ports);
  const worth = worthOf(token, request, ports);
  return { request, token: worth, flow: worth === 'way' ? flowOf(flow, request, cameOver, ports) : undefined };
}

/**
 * RFC 5626 §5.3.1: a request from whoever has the binding. It goes to the phone at the end of the flow and nowhere else, so what
 * else stands in Route is left to the phone. A REGISTER is for a registrar, and no phone is one.
 */
function overPath(request: Request, uri: SipUri, cameOver: Flow, ports: RoutePorts): Preprocessed | undefined {
  const token = uri.params.get('f');
  const verdict = token === undefined || request.method === 'REGISTER' ? undefined : ports.judgePath(token, cameOver);
  if (verdict === undefined || verdict.type === 'outgoing') return undefined;
  if (verdict.type === 'forged') return { request, token: 'none', flow: undefined, path: 'forged' };
  const popped = edit(request).dropTop(route).request(request.method, request.uri);
  return { request: popped, token: 'none', flow: verdict.flow, path: 'flow' };
}

/** A strict router put our Record-Route into the Request-URI and the Request-URI at the end of Route. */
function afterStrictRouter(request: Request, ports: RoutePorts): Request {
  if (!request.uri.includes(';lr')) return request;
  const uri = parsed(request.uri);
  const routes = readAll(request, route);
  const last = routes[routes.length - 1];
  if (uri?.type !== 'sip' || last === undefined || !uri.params.has('lr') || !ports.isOurs(uri)) return request;
  // The Record-Route value goes back to the top of Route, where its token is looked at like any other.
  const back = new NameAddr('', request.uri, NO_PARAMS);
  return edit(request).dropLast(route).prepend(route, back).request(request.method, last.uriText);
}

/** RFC 3261 §16.4: a maddr that is ours, at our port and transport, is taken away. */
function atMaddr(request: Request, ports: RoutePorts): Request {
  if (!request.uri.includes('maddr')) return request;
  const uri = parsed(request.uri);
  const maddr = uri?.type === 'sip' ? uri.params.get('maddr') : undefined;
  if (uri?.type !== 'sip' || maddr === undefined) return request;
  if (!ports.isOurs(withHost(uri, maddr, uri.port))) return request;
  return edit(request).request(request.method, withoutParam(uri, 'maddr').text);
}

function worthOf(token: string | undefined, request: Request, ports: RoutePorts): TokenWorth {
  const toTag = read(request, to)?.tag;
  const next = read(request, route);
  // No passage has so many Routes of ours: whoever wrote them wants the request to come back here from our own address.
  const comesBack = next !== undefined && isOurRoute(next, ports);
  if (token === undefined || toTag === undefined || comesBack) return 'none';
  const sender = need(request, from);
  const nextHop = next?.uriText ?? request.uri;
  return ports.judge(token, need(request, callId), sender.tag ?? '', toTag, nextHop, sender.uriText);
}

/** A flow ends at a phone, not at a proxy. */
function flowOf(token: string | undefined, request: Request, cameOver: Flow, ports: RoutePorts): Flow | undefined {
  if (token === undefined || has(request, route)) return undefined;
  const call = need(request, callId);
  const [fromTag, toTag] = [need(request, from).tag ?? '', read(request, to)?.tag ?? ''];
  return ports.flowOf(token, call, fromTag, cameOver) ?? ports.flowOf(token, call, toTag, cameOver);
}

function isOurRoute(value: NameAddr, ports: RoutePorts): boolean {
  const uri = sipUriOf(value);
  return uri !== undefined && ports.isOurs(uri);
}

function sipUriOf(value: NameAddr): SipUri | undefined {
  const uri = parsed(value.uriText);
  if (uri === undefined) throw new RemoteFault(400, 'Bad Route Header');
  return uri.type === 'sip' ? uri : undefined;
}

function parsed(text: string): ReturnType<typeof parseUri> | undefined {
  try {
    return parseUri(text);
  } catch {
    return undefined; // the caller says what a URI that cannot be read means at its place
  }
}

/** How many Routes in a row can be ours: two of one passage here (RFC 5658), twice for a call that spirals. */
const MOST_OF_OURS = 4;
