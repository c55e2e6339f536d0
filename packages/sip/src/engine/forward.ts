import { edit } from '../message/edit.ts';
import { maxForwards, route, Via, via } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { NameAddr } from '../message/name-addr.ts';
import { headOf } from '../message/print.ts';
import { read } from '../message/read.ts';
import { type Goal, goalOf } from '../resolve/goal.ts';
import type { Target } from '../routing/plan.ts';
import { RemoteFault } from '../text/faults.ts';
import { NO_PARAMS, Params } from '../text/params.ts';
import { isSips, type Scheme } from '../uri/scheme.ts';
import { parseSipUri } from '../uri/sip.ts';
import { withHeaders, withoutParam } from '../uri/sip-edit.ts';
import { bracketed, isEncrypted } from '../uri/transport.ts';
import { parseUri } from '../uri/uri.ts';
import type { Core } from './core.ts';
import { addRecordRoutes, type FlowIn } from './record-route.ts';
import type { Destination } from './slot.ts';

/** The copy of a request for one branch, and where it goes. */
export interface BranchCopy {
  readonly copy: Request;
  /** Where it goes without a flow, or when that is gone; `undefined` where there is no other way. */
  readonly goal: Goal | undefined;
  /** The target, without a flow that is not good enough for a request that needs TLS. */
  readonly way: Target;
}

/**
 * All of RFC 3261 §16.6 that comes before Record-Route and Via.
 * @throws RemoteFault 480 where the request needs TLS and nothing but a flow without it leads there (RFC 5630 §5.3), and others
 */
export function copyFor(request: Request, target: Target, breadth: number | undefined): BranchCopy {
  const edited = target.edit === undefined ? request : target.edit(request);
  const hops = read(edited, maxForwards);
  if (hops === 0) throw new RemoteFault(483, 'Too Many Hops'); // RFC 3261 §16.3 step 3, whatever decided to forward it
  const copy = edit(edited).set(maxForwards, hops === undefined ? DEFAULT_MAX_FORWARDS : hops - 1);
  if (breadth !== undefined) copy.line('Max-Breadth', String(breadth));
  const path = target.route ?? [];
  for (let i = path.length - 1; i >= 0; i -= 1) copy.prepend(route, new NameAddr('', path[i] ?? '', NO_PARAMS));
  const loose = copy.request(edited.method, requestUriOf(target.uri));
  const scheme = target.security === 'required' || isSips(loose.uri) ? 'sips' : 'sip';
  const way = scheme === 'sips' ? withoutOpenFlow(target) : target;
  const goal =
    way.flow === undefined
      ? goalOfRequest(loose, scheme)
      : way.elsewhere === 'nowhere'
        ? undefined
        : goalUnlessFault(loose, scheme);
  return { copy: throughStrictRouter(loose), goal, way };
}

function withoutOpenFlow(target: Target): Target {
  const { flow, ...rest } = target;
  if (flow === undefined || isEncrypted(flow.local.protocol)) return target;
  if (target.elsewhere === 'nowhere') throw new RemoteFault(480, 'Temporarily Unavailable');
  return rest;
}

/** Without what a Request-URI may not have: headers and the method parameter (RFC 3261 §16.6 step 2, §19.1.1). */
function requestUriOf(text: string): string {
  if (!text.includes('?') && !text.includes('ethod=') && !text.includes('ETHOD=')) return text;
  const uri = uriOf(text, 'Request-URI');
  return uri.type === 'sip' ? withoutParam(withHeaders(uri, []), 'method').text : text;
}

function goalUnlessFault(request: Request, scheme: Scheme): Goal | undefined {
  try {
    return goalOfRequest(request, scheme);
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}

/**
 * Where a copy goes: its first Route, else its Request-URI (RFC 3261 §16.6 steps 6 and 7). A strict router is its first
 * Route until the two are exchanged, so this is asked before that. For a sips: resource the Route counts as sips: too (step 7).
 */
function goalOfRequest(request: Request, scheme: Scheme): Goal {
  const first = read(request, route);
  const uri = first === undefined ? uriOf(request.uri, 'Request-URI') : uriOf(first.uriText, 'Route');
  if (uri.type !== 'sip') throw new RemoteFault(416, 'Unsupported URI Scheme');
  const goal = goalOf(scheme === 'sip' || uri.secure ? uri : parseSipUri(uri.text, uri.text.indexOf(':') + 1, true));
  if (typeof goal === 'string') throw new RemoteFault(503, 'Unknown Transport', goal);
  return goal;
}

/**
 * Adds Record-Route, for the dialog of a request that came over a flow, and Via for the way out; names the branch.
 *
 * DEVIATION(RFC 7339 §4.1, §4.2): `offer` (`OFFER` or nothing) stands only in requests that would be held back if the server asked
 * for that and may do so: not in those that are forwarded without a transaction, nor in those to a phone over its flow.
 */
export function addressed(
  core: Core,
  request: Request,
  destination: Destination,
  branch: string,
  recordRouteFrom: FlowIn | undefined,
  offer = '',
): Request {
  const copy = edit(request);
  if (recordRouteFrom !== undefined) addRecordRoutes(core, copy, request, recordRouteFrom, destination.transport);
  const { host, port } = core.advertise(destination.transport.local);
  const sentBy = new Via(
    destination.transport.local.protocol.toUpperCase(),
    bracketed(host),
    port,
    new Params(`;branch=${branch};rport${mayAlias(destination) ? ';alias' : ''}${offer}`),
  );
  return copy.prepend(via, sentBy).request(request.method, request.uri);
}

/**
 * RFC 5923 §8.1: requests for us may come back on a connection of ours, for which we show our certificate; those that phones
 * made to us are theirs.
 */
const mayAlias = ({ transport, connection }: Destination): boolean =>
  transport.local.protocol === 'tls' && connection === 0;

/** RFC 3261 §18.1.1, for a path whose MTU nobody knows. What is added for the way out is taken for 250 bytes. */
export function isTooBig(request: Request): boolean {
  const { head, bodyStart, bodyEnd } = request.content;
  if (head.text.length + bodyEnd - bodyStart < LARGEST_DATAGRAM - 600) return false;
  return headOf(request).length + bodyEnd - bodyStart + ADDED_BYTES > LARGEST_DATAGRAM;
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

const LARGEST_DATAGRAM = 1_300;
/** Our Via, and Record-Route with its token. */
const ADDED_BYTES = 250;
/** RFC 3261 §16.6 step 3. */
const DEFAULT_MAX_FORWARDS = 70;
