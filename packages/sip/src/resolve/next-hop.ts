import { canonicalHost } from '../uri/host.ts';
import type { SipUri } from '../uri/sip.ts';
import { defaultPort, isAddress, isProtocol, type Protocol, unbracketed } from '../uri/transport.ts';

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
  const protocol = asked === undefined || asked === '' ? (uri.secure ? 'tls' : 'udp') : secured(asked, uri.secure);
  if (protocol === undefined) return undefined;
  const host = addressOf(uri.params.get('maddr') ?? uri.host);
  return { protocol, host, port: uri.port ?? defaultPort(protocol), literal: isAddress(host) };
}

/**
 * A name as it stands; an IPv6 address as sockets take it, whatever its text (RFC 5118 §4.10), and one that stands for an
 * IPv4 address as that (RFC 4291 §2.5.5.2).
 */
function addressOf(host: string): string {
  if (!host.startsWith('[')) return host;
  const address = unbracketed(canonicalHost(host));
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

/** RFC 3261 §26.2.2, RFC 5630 §3.1.3: sips: with transport=tcp means TLS over TCP. */
function secured(asked: string, secure: boolean): Protocol | undefined {
  if (!isProtocol(asked)) return undefined;
  if (!secure) return asked;
  return asked === 'tcp' || asked === 'tls' ? 'tls' : asked === 'ws' || asked === 'wss' ? 'wss' : undefined;
}
