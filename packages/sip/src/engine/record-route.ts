import { type Edit, edit } from '../message/edit.ts';
import { callId, contact, from, recordRoute } from '../message/headers/index.ts';
import type { Message, Request, Response } from '../message/message.ts';
import { NameAddr } from '../message/name-addr.ts';
import { need, read, readAll } from '../message/read.ts';
import { NO_PARAMS } from '../text/params.ts';
import { withParam } from '../uri/sip-edit.ts';
import { bracketed, type Protocol } from '../uri/transport.ts';
import { tryParseUri } from '../uri/uri.ts';
import type { Core } from './core.ts';
import type { Transport } from './ports.ts';
import { destinationOf } from './tokens.ts';

/**
 * RFC 3261 §16.6 step 4; RFC 5658 §3: where the request changes transport or address here, one Record-Route for each side,
 * the topmost for the side that it goes out on. The token says that requests of this call may go back to where this one came
 * from: to the proxy before us, or to the caller's Contact.
 */
export function addRecordRoutes(core: Core, copy: Edit, request: Request, cameIn: Transport, goesOut: Transport): void {
  const before = readAll(request, recordRoute)[0]?.uriText ?? contactOf(request);
  const token = tokenFor(core, request, before);
  copy.prepend(recordRoute, ourRoute(core, cameIn, token));
  if (cameIn !== goesOut) copy.prepend(recordRoute, ourRoute(core, goesOut, token));
}

/**
 * A response on its way back, our Record-Routes in it now with a token for the caller's side (RFC 3261 §16.7 step 8): requests
 * of this call may go on to the proxy behind us, or to the callee's Contact. So each side can reach the other through us,
 * and nobody a third. A failure begins no dialog and tells the caller none of it: the token in it would still be the callee's.
 */
export function withRouteForCaller(core: Core, response: Response): Response {
  if (response.status < 101) return response;
  const routes = readAll(response, recordRoute);
  if (routes.length === 0) return response;
  let changed = false;
  let behind = contactOf(response);
  const out = routes.flatMap((route) => {
    const ours = oursWithToken(core, route, response);
    if (ours === undefined) {
      behind = route.uriText;
      return [route];
    }
    changed = true;
    if (response.status > 299) return [];
    return [new NameAddr('', withParam(ours, 't', tokenFor(core, response, behind)).text, NO_PARAMS)];
  });
  return changed
    ? edit(response)
        .set(recordRoute, ...out)
        .response(response.status, response.reason)
    : response;
}

const tokenFor = (core: Core, message: Message, nextHop: string | undefined): string =>
  core.tokens.routeToken(need(message, callId), need(message, from).tag ?? '', destinationOf(nextHop));

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

function ourRoute(core: Core, transport: Transport, token: string): NameAddr {
  const { host, port } = core.advertise(transport.local);
  const uri = `sip:${bracketed(host)}:${port}${transportParam(transport.local.protocol)};lr;t=${token}`;
  return new NameAddr('', uri, NO_PARAMS);
}

const transportParam = (protocol: Protocol): string => (protocol === 'udp' ? '' : `;transport=${protocol}`);
