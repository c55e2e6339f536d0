import { edit } from '../message/edit.ts';
import { callId, cseq, from, recordRoute, type Via, via } from '../message/headers/index.ts';
import type { Line, Request, Response } from '../message/message.ts';
import { has, need, readAll } from '../message/read.ts';
import type { ForwardOptions, Target } from '../routing/index.ts';
import { RemoteFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import { replyTo } from '../transaction/reply.ts';
import type { Flow } from '../uri/transport.ts';
import { defaultPort, isAddress, isProtocol, unbracketed } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { addressed, copyFor, isTooBig } from './forward.ts';
import { type Place, Places } from './places.ts';
import type { Transport } from './ports.ts';
import { type FlowIn, recordRoutesIn, routesForCaller } from './record-route.ts';
import { responseRouteOf, withKeep, withReceived } from './response-route.ts';

/**
 * Answers without a transaction: the same request gets the same answer (RFC 3261 §8.2.7). What the request lacks its answer
 * lacks too (RFC 4475 §3.3.1). False when the request has no Via, so that nothing in the answer would say whose it is.
 */
export function replyStateless(
  core: Core,
  request: Request,
  status: number,
  reason: string,
  transport: Transport,
  flow: Flow,
  headers: readonly Line[] = [],
): boolean {
  try {
    if (!has(request, via)) return false;
    const top = topOf(request, flow);
    const route = top === undefined ? { transport, ...flow } : responseRouteOf(top, transport, flow);
    const fixed = top === undefined ? request : edit(request).replaceTop(via, top).request(request.method, request.uri);
    const response = replyTo(fixed, status, reason, { toTag: core.tokens.statelessTag(top?.branch ?? ''), headers });
    transport.send(core.print(response, route), route.host, route.port, route.connection, 0);
    return true;
  } catch (fault) {
    if (fault instanceof RemoteFault) return false;
    throw fault;
  }
}

/** The top Via with what its receiver knows; `undefined` for one that cannot be read: then the answer goes to where it came from. */
function topOf(request: Request, flow: Flow): Via | undefined {
  try {
    return withReceived(need(request, via), flow.host, flow.port);
  } catch (fault) {
    if (fault instanceof RemoteFault) return undefined;
    throw fault;
  }
}

/** Sends a request on and forgets it (RFC 3261 §16.11): ACKs to 2xx, and everything in a stateless proxy. */
export function forwardStateless(
  core: Core,
  request: Request,
  target: Target,
  options: ForwardOptions,
  cameIn: FlowIn,
  branch: string,
): void {
  const { copy, goal, way } = copyFor(request, target, undefined);
  // RFC 3263 §4.4: without state there is no second try, and the same request must go to the same server each time.
  const places = new Places(core, way, goal, { isTooBig: () => isTooBig(copy), chance: undefined });
  const send = (place: Place | undefined): void => {
    if (place === undefined) return;
    const { protocol, host, port, connection, flow, identity } = place;
    const transport = core.transports.forFlow(flow) ?? core.transports.toward(protocol, host, cameIn.transport);
    if (transport === undefined) return;
    const destination = { transport, host, port, connection };
    const recordRouteFrom = options.recordRoute === 'yes' && request.method !== 'ACK' ? cameIn : undefined;
    const out = addressed(core, copy, destination, branch, recordRouteFrom);
    transport.send(core.print(withCarried(out, request), destination), host, port, connection, 0, identity);
  };
  const found = places.next();
  if (!isPromiseLike(found)) return send(found);
  found.then(
    (place) => core.resume(() => send(place)),
    () => undefined,
  );
}

/** The branch of a request in a stateless proxy: its retransmissions get the same, and the CANCEL and ACK of an INVITE too. */
export const statelessBranchOf = (core: Core, request: Request, loopHash: string): string =>
  core.tokens.statelessBranch(sameness(request), senderOf(need(request, via)), loopHash);

/** Sends a response that has no transaction here to the next Via, when the topmost one is ours (RFC 3261 §16.11). */
export function forwardResponse(core: Core, response: Response, cameIn: Transport): boolean {
  const path = readAll(response, via);
  const [ours, next] = path;
  if (ours?.branch === undefined || next === undefined || !core.tokens.isStateless(ours.branch, senderOf(next)))
    return false;
  const protocol = next.transport.toLowerCase();
  if (!isProtocol(protocol)) return false;
  const host = unbracketed(next.params.get('received') ?? next.host);
  const transport = isAddress(host) ? core.transports.toward(protocol, host, cameIn) : undefined;
  if (transport === undefined) return false;
  const port = Number(next.params.get('rport') || (next.port ?? defaultPort(protocol)));
  const routes = routesForCaller(core, response, undefined, Number(ours.params.get(CARRIED) ?? 0));
  const copy = edit(response).dropTop(via);
  if (routes !== undefined) copy.set(recordRoute, ...routes);
  const popped = withKeep(core.passing(copy.response(response.status, response.reason)), undefined);
  transport.send(core.print(popped, { transport, host, port, connection: 0 }), host, port, 0, 0);
  return true;
}

/** What the response must tell us, since nothing is kept: how many Record-Routes the request came with. */
function withCarried(out: Request, received: Request): Request {
  const count = recordRoutesIn(received);
  if (count === 0) return out;
  const top = need(out, via);
  const told = top.withParams(top.params.set(CARRIED, String(count)));
  return edit(out).replaceTop(via, told).request(out.method, out.uri);
}

/** Whose request it is, and where its response goes: what its Via and that of its response have in common. */
const senderOf = (top: Via): string =>
  [
    top.branch ?? '',
    top.transport,
    top.host,
    top.port ?? '',
    top.params.get('received') ?? '',
    top.params.get('rport') ?? '',
  ].join('\n');

/** What is equal in a request and its retransmission, and in an INVITE, its CANCEL and the ACK to its failure. */
function sameness(request: Request): string {
  const top = need(request, via);
  const fields = [
    top.branch ?? '',
    top.host,
    top.port ?? '',
    need(request, callId),
    need(request, from).tag ?? '',
    need(request, cseq).seq,
    request.uri,
  ];
  return fields.join('\n');
}

/** A parameter of our Via. */
const CARRIED = 'carried';
