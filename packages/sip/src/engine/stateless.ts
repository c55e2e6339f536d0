import { edit } from '../message/edit.ts';
import { callId, cseq, from, type Via, via } from '../message/headers/index.ts';
import type { Request, Response } from '../message/message.ts';
import { has, need, readAll } from '../message/read.ts';
import type { ForwardOptions, Target } from '../routing/index.ts';
import { RemoteFault } from '../text/faults.ts';
import { isPromiseLike } from '../text/promise-like.ts';
import { replyTo } from '../transaction/reply.ts';
import type { Flow } from '../uri/transport.ts';
import { defaultPort, isAddress, isProtocol, unbracketed } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { addressed, copyFor } from './forward.ts';
import type { Transport } from './ports.ts';
import { withRouteForCaller } from './record-route.ts';
import { responseRouteOf, withReceived } from './response-route.ts';

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
): boolean {
  try {
    if (!has(request, via)) return false;
    const top = topOf(request, flow);
    const route = top === undefined ? { transport, ...flow } : responseRouteOf(top, transport, flow);
    const fixed = top === undefined ? request : edit(request).replaceTop(via, top).request(request.method, request.uri);
    const response = replyTo(fixed, status, reason, {
      toTag: core.tokens.statelessTag(top?.branch ?? ''),
    });
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
  cameIn: Transport,
): void {
  const { copy, hop } = copyFor(request, target, undefined);
  const send = (addresses: readonly string[]): void => {
    const address = addresses[0];
    const transport = address === undefined ? undefined : core.transports.toward(hop.protocol, address, cameIn);
    if (address === undefined || transport === undefined) return;
    const destination = { transport, host: address, port: hop.port, connection: target.flow?.connection ?? 0 };
    const recordRouteFrom = options.recordRoute === 'yes' && request.method !== 'ACK' ? cameIn : undefined;
    const out = addressed(
      core,
      copy,
      destination,
      core.tokens.statelessBranch(sameness(request), senderOf(need(request, via))),
      recordRouteFrom,
    );
    transport.send(core.print(out, destination), address, hop.port, destination.connection, 0);
  };
  if (hop.literal) return send([hop.host]);
  const found = core.resolver.addresses(hop.host);
  if (!isPromiseLike(found)) return send(found);
  found.then(
    (addresses) => core.resume(() => send(addresses)),
    () => undefined,
  );
}

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
  const popped = withRouteForCaller(
    core,
    core.passing(edit(response).dropTop(via).response(response.status, response.reason)),
  );
  transport.send(core.print(popped, { transport, host, port, connection: 0 }), host, port, 0, 0);
  return true;
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
