import { from, has, type NameAddr, need, type Request, read, route, to } from '@strowger/sip/message';
import { preprocess, type RoutePorts, type TokenWorth } from '@strowger/sip/roles/proxy';
import type { Context } from '@strowger/sip/routing';
import { RemoteFault } from '@strowger/sip/text';
import { type SipUri, tryParseUri, type Uri } from '@strowger/sip/uri';
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
  /**
   * True when our own Record-Route of this very call stood in Route: one that leads to where the request goes, or, for a
   * request to one of our users, any.
   */
  readonly inDialog: boolean;
  readonly trusted: boolean;
}

export interface FactPorts {
  readonly identity: Identity;
  readonly judge: RoutePorts['judge'];
  readonly isTrusted: (host: string) => boolean;
}

/** @throws RemoteFault 400 or 416 for a Request-URI, From or Route that cannot be read */
export function factsOf(ctx: Context, ports: FactPorts): Facts {
  const { identity } = ports;
  const isOurs = (uri: SipUri): boolean => identity.isOurs(uri);
  const { request, token } = preprocess(ctx.request, { isOurs, judge: ports.judge });
  const uri = requestUri(request);
  const sender = uriOf(need(request, from), 'From');
  // RFC 3261 §16.5: a maddr that is left here is not ours, and where it points is the only target
  const uriDomain = uri.type === 'sip' && !uri.params.has('maddr') ? identity.domainOf(uri) : undefined;
  return {
    request,
    method: request.method,
    uri,
    uriDomain,
    from: sender,
    fromDomain: sender.type === 'sip' ? identity.domainOfSender(sender) : undefined,
    inDialog: isInDialog(request, token, uriDomain),
    trusted: ports.isTrusted(ctx.flow.host),
  };
}

/** A REGISTER belongs to no dialog whatever it brings: it always proves whose address it changes. */
function isInDialog(request: Request, token: TokenWorth, uriDomain: string | undefined): boolean {
  if (token === 'none' || request.method === 'REGISTER' || read(request, to)?.tag === undefined) return false;
  return token === 'way' || (uriDomain !== undefined && !has(request, route));
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
