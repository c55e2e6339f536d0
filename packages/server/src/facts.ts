import { from, type NameAddr, need, type Request, read, to } from '@strowger/sip/message';
import { preprocess } from '@strowger/sip/roles/proxy';
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
  /** True when the topmost Route was our Record-Route of this very call. */
  readonly inDialog: boolean;
  readonly trusted: boolean;
}

export interface FactPorts {
  readonly identity: Identity;
  readonly isToken: (token: string, callId: string, fromTag: string, toTag: string) => boolean;
  readonly isTrusted: (host: string) => boolean;
}

/** @throws RemoteFault 400 or 416 for a Request-URI, From or Route that cannot be read */
export function factsOf(ctx: Context, ports: FactPorts): Facts {
  const { identity } = ports;
  const isOurs = (uri: SipUri): boolean => identity.isOurs(uri);
  const { request, token } = preprocess(ctx.request, { isOurs, isToken: ports.isToken });
  const uri = requestUri(request);
  const sender = uriOf(need(request, from), 'From');
  return {
    request,
    method: request.method,
    uri,
    uriDomain: uri.type === 'sip' ? identity.domainOf(uri) : undefined,
    from: sender,
    fromDomain: sender.type === 'sip' ? identity.domainOf(sender) : undefined,
    inDialog: token === 'ours' && read(request, to)?.tag !== undefined,
    trusted: ports.isTrusted(ctx.flow.host),
  };
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
