import type { Via } from '../message/headers/index.ts';
import { canonicalHost } from '../uri/host.ts';
import type { SipUri } from '../uri/sip.ts';
import { isProtocol, type Protocol, unbracketed } from '../uri/transport.ts';

/** What a search is for: TARGET of RFC 3263 §4 and what is said beside it. */
export interface Goal {
  /** A name without the dot of the root, or an address without brackets; in lower case. */
  readonly host: string;
  readonly port: number | undefined;
  /** The protocol that is demanded; `undefined` leaves it to the zone. */
  readonly protocol: Protocol | undefined;
  /** sips: nothing but TLS will do (RFC 5630 §3.1.3). */
  readonly security: 'required' | 'open';
  /** For certificates (RFC 5922 §7.3). */
  readonly identity: string;
}

/** The goal of a request to a URI; a sentence where its transport cannot be had. */
export function goalOf(uri: SipUri): Goal | string {
  const asked = uri.params.get('transport')?.toLowerCase() ?? '';
  const protocol = asked === '' ? undefined : protocolOf(asked, uri.secure);
  if (protocol === undefined && asked !== '')
    return isProtocol(asked) ? `sips: is not spoken over ${asked}` : `nobody knows the transport ${asked}`;
  return {
    host: addressOf(uri.params.get('maddr') ?? uri.host),
    port: uri.port,
    protocol,
    security: uri.secure ? 'required' : 'open',
    identity: addressOf(uri.host),
  };
}

/**
 * The goal of a response whose way back is gone: what the topmost Via says (RFC 3263 §5); `undefined` for a transport that
 * nobody knows.
 */
export function goalOfVia({ transport, host, port }: Pick<Via, 'transport' | 'host' | 'port'>): Goal | undefined {
  const protocol = transport.toLowerCase();
  if (!isProtocol(protocol)) return undefined;
  const name = addressOf(host);
  return { host: name, port, protocol, security: isSecure(protocol) ? 'required' : 'open', identity: name };
}

/** RFC 3261 §26.2.2, RFC 5630 §3.1.3: sips: with transport=tcp means TLS over TCP, with ws WebSocket over TLS (RFC 7118 §5.2). */
export function protocolOf(asked: string, secure: boolean): Protocol | undefined {
  if (!isProtocol(asked)) return undefined;
  if (!secure) return asked;
  return asked === 'tcp' || asked === 'tls' ? 'tls' : asked === 'ws' || asked === 'wss' ? 'wss' : undefined;
}

/**
 * A name as it stands; an IPv6 address as sockets take it, whatever its text (RFC 5118 §4.10), and one that stands for an
 * IPv4 address as that (RFC 4291 §2.5.5.2).
 */
export function addressOf(host: string): string {
  const text = unbracketed(canonicalHost(host));
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice('::ffff:'.length) : text;
}

export const isSecure = (protocol: Protocol): boolean => protocol === 'tls' || protocol === 'wss';
