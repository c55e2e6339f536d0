import { callId, from, maxBreadth, route, via } from '../message/headers/index.ts';
import type { Request } from '../message/message.ts';
import { need, read, readAll } from '../message/read.ts';
import { unbracketed } from '../uri/transport.ts';
import type { Core } from './core.ts';
import { loopHashOf } from './tokens.ts';

/**
 * What decides the way of a request here (RFC 5393 §4.2.1): the Request-URI and the Routes that it came with; the Call-ID
 * and the caller's tag make the value differ between calls.
 */
export function loopText(request: Request): string {
  const way = readAll(request, route)
    .map((r) => r.uriText)
    .join(',');
  return `${request.uri}\n${way}\n${need(request, callId)}\n${need(request, from).tag ?? ''}`;
}

/** True when the request was here before and nothing that decides its way has changed since (RFC 5393 §4.2.2). */
export function isLooped(core: Core, request: Request, loopHash: string): boolean {
  const path = readAll(request, via);
  for (let i = 1; i < path.length; i += 1) {
    const hop = path[i];
    if (hop?.branch === undefined || loopHashOf(hop.branch) !== loopHash) continue;
    const host = unbracketed(hop.host);
    const ours = core.transports.all.some((t) => {
      const address = core.advertise(t.local);
      return address.host === host && address.port === (hop.port ?? 5060);
    });
    if (ours) return true;
  }
  return false;
}

export const breadthOf = (request: Request): number | undefined => read(request, maxBreadth);
