import type { Via } from '../message/headers/index.ts';
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
  const asked = top.params.get('rport');
  if (asked === undefined && unbracketed(top.host) === host && !top.params.has('received')) return top;
  const params = asked === undefined ? top.params : top.params.set('rport', String(port));
  return top.withParams(params.set('received', host));
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

/** 224.0.0.0/4 and ff00::/8. */
const isMulticast = (host: string): boolean =>
  /^(?:22[4-9]|23\d)\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^\[?ff[0-9a-f]{2}:/i.test(host);
