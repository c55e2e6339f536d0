import { from, has, type NameAddr, need, type Request, read, route, to } from '@strowger/sip/message';
import { preprocess, type RoutePorts, type TokenWorth } from '@strowger/sip/roles/proxy';
import type { Context } from '@strowger/sip/routing';
import { RemoteFault } from '@strowger/sip/text';
import { canonicalHost, type Flow, type SipUri, tryParseUri, type Uri, userOf } from '@strowger/sip/uri';
import type { Edge } from './edge.ts';
import type { Identity } from './identity.ts';

/** What decides who may pass and where a request goes, looked up once. */
export interface Facts {
  /** Without the Routes that named us (RFC 3261 §16.4). */
  readonly request: Request;
  readonly method: string;
  readonly uri: Uri;
  /** The domain of ours that the Request-URI names; `undefined` for somebody else's. */
  readonly uriDomain: string | undefined;
  /** The address in From, and the domain of ours that it claims. */
  readonly from: Uri;
  readonly fromDomain: string | undefined;
  /** True when From says on purpose nothing of who sends it (RFC 3323 §4.1.1). */
  readonly isAnonymous: boolean;
  /**
   * True when our own Record-Route of this very call stood in Route: one that leads to where the request goes and is for who
   * sends it; or, for a request of somebody else's users to one of ours, any.
   */
  readonly inDialog: boolean;
  readonly trusted: boolean;
  /** `flow`: our own Path URI stood topmost in Route and leads over `flow`; `forged`: the token in it is none of ours (RFC 5626 §5.3.1). */
  readonly path: 'flow' | 'forged' | undefined;
  /** True when the next hop is the registrar of a domain that we are an edge proxy of. */
  readonly toEdgeDomain: boolean;
  /** The flow to the next hop of a request within a dialog or by our Path, where nothing else leads there (RFC 5626 §5.3). */
  readonly flow: Flow | undefined;
}

export interface FactPorts {
  readonly identity: Identity;
  readonly judge: RoutePorts['judge'];
  readonly judgeFlow: RoutePorts['flowOf'];
  readonly isTrusted: (host: string) => boolean;
  readonly edge: Edge;
}

/** What is asked about the Routes of each request. */
export const routePortsOf = ({ identity, judge, judgeFlow, edge }: FactPorts): RoutePorts => ({
  isOurs: (uri) => identity.isOurs(uri),
  judge,
  flowOf: judgeFlow,
  judgePath: (token, cameOver) => edge.judge(token, cameOver),
});

/** @throws RemoteFault 400 or 416 for a Request-URI, From or Route that cannot be read */
export function factsOf(ctx: Context, ports: FactPorts, routes: RoutePorts): Facts {
  const { identity, edge } = ports;
  const { request, token, flow, path } = preprocess(ctx.request, ctx.flow, routes);
  const uri = requestUri(request);
  const sender = uriOf(need(request, from), 'From');
  // RFC 3261 §16.5: a maddr that is left here is not ours, and where it points is the only target
  const isPlain = uri.type === 'sip' && !uri.params.has('maddr');
  // What a flow leads to is no user of ours, whatever the phone behind it calls itself.
  const uriDomain = isPlain && path !== 'flow' ? identity.domainOf(uri) : undefined;
  const fromDomain = sender.type === 'sip' ? identity.domainOfSender(sender) : undefined;
  return {
    request,
    method: request.method,
    uri,
    uriDomain,
    from: sender,
    fromDomain,
    isAnonymous: sender.type === 'sip' && isAnonymous(sender, fromDomain),
    inDialog: isInDialog(request, token, uriDomain, fromDomain),
    trusted: ports.isTrusted(ctx.flow.host),
    path,
    toEdgeDomain: uriDomain === undefined && path === undefined && edge.isNextFor(request),
    flow,
  };
}

/** RFC 3323 §4.1.1.3 names the host; phones that keep the domain of their user write `anonymous` before it. */
function isAnonymous(sender: SipUri, fromDomain: string | undefined): boolean {
  return fromDomain === undefined
    ? canonicalHost(sender.host) === 'anonymous.invalid'
    : userOf(sender)?.toLowerCase() === 'anonymous';
}

/** A REGISTER belongs to no dialog whatever it brings: it always proves whose address it changes. */
function isInDialog(
  request: Request,
  token: TokenWorth,
  uriDomain: string | undefined,
  fromDomain: string | undefined,
): boolean {
  if (token === 'none' || request.method === 'REGISTER' || read(request, to)?.tag === undefined) return false;
  if (token === 'way') return true;
  // Who says that he is one of us has to prove it where the token does not speak for him.
  return uriDomain !== undefined && fromDomain === undefined && !has(request, route);
}

/** RFC 3261 §8.2.2.1, §16.3 step 2: 416 for a scheme that cannot be routed. */
function requestUri(request: Request): Uri {
  const uri = tryParseUri(request.uri);
  if (uri === undefined) throw new RemoteFault(400, 'Bad Request-URI');
  if (uri.type === 'other') throw new RemoteFault(416, 'Unsupported URI Scheme');
  return uri;
}

function uriOf(value: NameAddr, name: string): Uri {
  const uri = tryParseUri(value.uriText);
  if (uri === undefined) throw new RemoteFault(400, `Bad ${name} Header`);
  return uri;
}
