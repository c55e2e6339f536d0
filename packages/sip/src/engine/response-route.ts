import { edit } from '../message/edit.ts';
import { type Via, via } from '../message/headers/index.ts';
import { mentionsParam } from '../message/mentions.ts';
import type { Response } from '../message/message.ts';
import { readAll } from '../message/read.ts';
import type { Flow } from '../uri/transport.ts';
import { defaultPort, isReliable, unbracketed } from '../uri/transport.ts';
import type { Transport } from './ports.ts';

/** Where the responses to a request go (RFC 3261 §18.2.2, RFC 3581 §4). */
export interface ResponseRoute {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** The connection that the request came on; 0 for datagrams. */
  readonly connection: number;
  /** Where to connect when that connection is gone. */
  readonly viaHost: string;
  readonly viaPort: number;
}

/**
 * The top Via of a request with what only its receiver knows: `received` where the sent-by host is not the address that it
 * came from, or where the sender asked (RFC 3261 §18.2.1), and the port for `rport` (RFC 3581 §4).
 */
export function withReceived(top: Via, host: string, port: number): Via {
  const { params } = top;
  const isAsked = params.has('rport');
  const isTold = params.has('received');
  if (!isAsked && !isTold && unbracketed(top.host) === host) return top;
  if (!isAsked) return top.withParams(params.set('received', host));
  if (isTold) return top.withParams(params.set('rport', String(port)).set('received', host));
  return top.withParams(params.put('rport', `;rport=${port};received=${host}`));
}

/** The way back of a request that came over `transport` from `flow`, by its top Via (already with `received` and `rport`). */
export function responseRouteOf(top: Via, transport: Transport, flow: Flow): ResponseRoute {
  const sentByPort = top.port ?? defaultPort(transport.local.protocol);
  const maddr = top.params.get('maddr');
  const connection = flow.connection;
  if (isReliable(transport.local.protocol))
    return { transport, host: flow.host, port: flow.port, connection, viaHost: flow.host, viaPort: sentByPort };
  // DEVIATION(RFC 3261 §18.2.2): a maddr that is no multicast group is not followed: it would send our answers to whom a stranger names.
  if (maddr !== undefined && isMulticast(maddr))
    return {
      transport,
      host: unbracketed(maddr),
      port: sentByPort,
      connection,
      viaHost: unbracketed(maddr),
      viaPort: sentByPort,
    };
  const port = top.params.has('rport') ? flow.port : sentByPort;
  return { transport, host: flow.host, port, connection, viaHost: flow.host, viaPort: port };
}

/**
 * A response on its way back with our answer to `keep` in its top Via: the seconds, 0 for no wish, `undefined` for no (RFC 6223
 * §4.4). What those below say is between others, and a value that stood here before came from somebody who cannot know (§10).
 */
export function withKeep(response: Response, seconds: number | undefined): Response {
  if (!mentionsParam(response, via, 'keep')) return response;
  let isTop = true;
  const vias = readAll(response, via).map((one) => {
    const answer = isTop && seconds !== undefined ? String(seconds) : '';
    isTop = false;
    return one.params.has('keep') ? one.withParams(one.params.set('keep', answer)) : one;
  });
  return edit(response)
    .set(via, ...vias)
    .response(response.status, response.reason);
}

/** 224.0.0.0/4 and ff00::/8. */
const isMulticast = (host: string): boolean =>
  /^(?:22[4-9]|23\d)\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^\[?ff[0-9a-f]{2}:/i.test(host);
