import { edit } from '../message/edit.ts';
import { maxForwards, route, Via, via } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { NameAddr } from '../message/name-addr.ts';
import { read } from '../message/read.ts';
import { type NextHop, nextHopOf } from '../resolve/next-hop.ts';
import type { Target } from '../routing/plan.ts';
import { RemoteFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { withHeaders, withoutParam } from '../uri/sip-edit.ts';
import { bracketed, type Flow } from '../uri/transport.ts';
import { parseUri } from '../uri/uri.ts';
import type { Core } from './core.ts';
import type { Transport } from './ports.ts';
import { addRecordRoutes } from './record-route.ts';
import type { Destination } from './slot.ts';

/** The copy of a request for one branch, and where it goes. */
export interface BranchCopy {
  readonly copy: Request;
  readonly hop: NextHop;
  /** Where it goes when the flow of its target is gone; `undefined` where there is no flow, or no other way. */
  readonly elsewhere: NextHop | undefined;
}

/** All of RFC 3261 §16.6 that comes before Record-Route and Via. */
export function copyFor(request: Request, target: Target, breadth: number | undefined): BranchCopy {
  const edited = target.edit === undefined ? request : target.edit(request);
  const hops = read(edited, maxForwards);
  if (hops === 0) throw new RemoteFault(483, 'Too Many Hops'); // RFC 3261 §16.3 step 3, whatever decided to forward it
  const copy = edit(edited).set(maxForwards, hops === undefined ? DEFAULT_MAX_FORWARDS : hops - 1);
  if (breadth !== undefined) copy.line('Max-Breadth', String(breadth));
  const path = target.route ?? [];
  for (let i = path.length - 1; i >= 0; i -= 1) copy.prepend(route, new NameAddr('', path[i] ?? '', NO_PARAMS));
  const loose = copy.request(edited.method, requestUriOf(target.uri));
  const elsewhere = target.flow === undefined ? undefined : nextHopUnlessFault(loose);
  const hop = target.flow === undefined ? nextHopOfRequest(loose) : hopOfFlow(target.flow);
  return { copy: throughStrictRouter(loose), hop, elsewhere };
}

/** Without what a Request-URI may not have: headers and the method parameter (RFC 3261 §16.6 step 2, §19.1.1). */
function requestUriOf(text: string): string {
  if (!text.includes('?') && !text.includes('ethod=') && !text.includes('ETHOD=')) return text;
  const uri = uriOf(text, 'Request-URI');
  return uri.type === 'sip' ? withoutParam(withHeaders(uri, []), 'method').text : text;
}

/** RFC 5626 §5.3: the connection itself, whatever the URI says. */
const hopOfFlow = ({ local, host, port }: Flow): NextHop => ({ protocol: local.protocol, host, port, literal: true });

function nextHopUnlessFault(request: Request): NextHop | undefined {
  try {
    return nextHopOfRequest(request);
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}

/**
 * Where a copy goes: its first Route, else its Request-URI (RFC 3261 §16.6 steps 6 and 7). A strict router is its first
 * Route until the two are exchanged, so this is asked before that.
 */
function nextHopOfRequest(request: Request): NextHop {
  const first = read(request, route);
  const uri = first === undefined ? uriOf(request.uri, 'Request-URI') : uriOf(first.uriText, 'Route');
  if (uri.type !== 'sip') throw new RemoteFault(416, 'Unsupported URI Scheme');
  const hop = nextHopOf(uri);
  if (hop === undefined) throw new RemoteFault(503, 'Unknown Transport');
  return hop;
}

/** Adds Record-Route and Via for the way out over `destination`, and gives the branch its name. */
export function addressed(
  core: Core,
  request: Request,
  destination: Destination,
  branch: string,
  recordRouteFrom: Transport | undefined,
): Request {
  const copy = edit(request);
  if (recordRouteFrom !== undefined) addRecordRoutes(core, copy, request, recordRouteFrom, destination.transport);
  const { host, port } = core.advertise(destination.transport.local);
  const sentBy = new Via(
    destination.transport.local.protocol.toUpperCase(),
    bracketed(host),
    port,
    new Params(`;branch=${branch};rport`),
  );
  return copy.prepend(via, sentBy).request(request.method, request.uri);
}

/** RFC 3261 §16.6 step 6: the first Route is a strict router when it has no lr: it gets its own URI as Request-URI. */
function throughStrictRouter(request: Request): Request {
  const first = read(request, route);
  if (first === undefined) return request;
  const uri = uriOf(first.uriText, 'Route');
  if (uri.type !== 'sip' || uri.params.has('lr')) return request;
  const copy = edit(request)
    .dropTop(route)
    .append(route, new NameAddr('', request.uri, NO_PARAMS));
  return copy.request(request.method, first.uriText);
}

function uriOf(text: string, where: string): ReturnType<typeof parseUri> {
  try {
    return parseUri(text);
  } catch (fault) {
    throw new RemoteFault(400, `Bad ${where}`, fault);
  }
}

/** RFC 3261 §16.6 step 3. */
const DEFAULT_MAX_FORWARDS = 70;
