import type { SipUri } from '../uri/sip.ts';
import { defaultPort, isAddress, type Protocol } from '../uri/transport.ts';
import { addressOf, protocolOf } from './goal.ts';

/** Where a request goes, as far as the URI says it: the start of RFC 3263 §4. */
export interface NextHop {
  readonly protocol: Protocol;
  /** A name or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** True when `host` is an address, so that nobody has to be asked. */
  readonly literal: boolean;
}

/**
 * The next hop that a URI names: maddr over host (RFC 3261 §16.6 step 7), the transport it asks for, else UDP, or TLS for
 * sips: (RFC 3263 §4.1); `undefined` for a transport that nobody knows.
 */
export function nextHopOf(uri: SipUri): NextHop | undefined {
  const asked = uri.params.get('transport')?.toLowerCase();
  const protocol = asked === undefined || asked === '' ? (uri.secure ? 'tls' : 'udp') : protocolOf(asked, uri.secure);
  if (protocol === undefined) return undefined;
  const host = addressOf(uri.params.get('maddr') ?? uri.host);
  return { protocol, host, port: uri.port ?? defaultPort(protocol), literal: isAddress(host) };
}
