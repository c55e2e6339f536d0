/** The transports that SIP runs over here, as URIs and configurations name them. */
export type Protocol = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export const isProtocol = (text: string): text is Protocol =>
  text === 'udp' || text === 'tcp' || text === 'tls' || text === 'ws' || text === 'wss';

/** Streams deliver or break; datagrams may be lost and are sent again (RFC 3261 §17). */
export const isReliable = (protocol: Protocol): boolean => protocol !== 'udp';

/** True where each message travels by itself, so that no length has to say where it ends (RFC 7118 §5); a stream is cut anywhere. */
export const keepsMessages = (protocol: Protocol): boolean =>
  protocol === 'ws' || protocol === 'wss' || protocol === 'udp';

/** True where the peer proves by a certificate who it is. */
export const isEncrypted = (protocol: Protocol): boolean => protocol === 'tls' || protocol === 'wss';

/** RFC 3261 §19.1.2 and, for WebSocket, RFC 7118 §5.4: 5060, over TLS 5061. */
export const defaultPort = (protocol: Protocol): number =>
  protocol === 'tls' ? 5061 : protocol === 'ws' ? 80 : protocol === 'wss' ? 443 : 5060;

/** An address as it stands in URIs and Via: IPv6 in brackets. */
export const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
/** A host of a URI or Via as an address: IPv6 without brackets. */
export const unbracketed = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host);

/** True for an IPv4 or IPv6 address, brackets or not. */
export const isAddress = (host: string): boolean => host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);

/** An address that a socket is bound to: an IP literal without brackets, and a port. */
export interface Endpoint {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/** Where a message came in and the way back to its sender (RFC 5626 §3). `connection` is 0 for datagrams. */
export interface Flow {
  readonly local: Endpoint;
  readonly host: string;
  readonly port: number;
  readonly connection: number;
}
