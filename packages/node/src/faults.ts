import type { Protocol, TransportFault } from '@strowger/sip/engine';

/** Why an address could not be opened. Codes are stable; the reference page is printed from this table. */
export const LISTEN_FAULTS = {
  NODE_E_TAKEN: 'Another socket already listens on this address and port.',
  NODE_E_NOT_LOCAL: 'The address does not belong to this machine.',
  NODE_E_PRIVILEGED: 'The operating system does not let this user open the port (usually one below 1024).',
  NODE_E_WILDCARD: 'A wildcard address was given where one local address is needed; `expandWildcard` lists them.',
  NODE_E_LISTEN: 'The operating system refused to open the address for another reason, told in `cause`.',
} as const;

export type ListenFaultCode = keyof typeof LISTEN_FAULTS;

/** An address that could not be opened: rejected by `openUdp` and `openTcp`. The message says the cause and the cure. */
export class ListenFault extends Error {
  readonly code: ListenFaultCode;
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  constructor(code: ListenFaultCode, protocol: Protocol, host: string, port: number, cause?: unknown) {
    super(sentenceOf(code, protocol, host, port, cause), cause === undefined ? undefined : { cause });
    this.name = 'ListenFault';
    this.code = code;
    this.protocol = protocol;
    this.host = host;
    this.port = port;
  }
}

/** What the operating system said while an address was opened, as a fault with a cure. */
export function listenFaultOf(error: unknown, protocol: Protocol, host: string, port: number): ListenFault {
  return new ListenFault(LISTEN_CODES.get(errnoOf(error)) ?? 'NODE_E_LISTEN', protocol, host, port, error);
}

/** What the operating system said about one peer, in the words of the engine. `peer` is printed as it is. */
export function transportFaultOf(error: unknown, peer: string): TransportFault {
  const errno = errnoOf(error);
  if (error instanceof IdentityFault) return { code: 'untrusted', text: `${peer} is not trusted: ${error.message}` };
  if (UNTRUSTED.has(errno) && error instanceof Error)
    return { code: 'untrusted', text: `${peer} is not trusted: ${error.message}` };
  if (errno.startsWith('ERR_SSL_') && error instanceof Error)
    return { code: 'other', text: `${peer} failed in TLS: ${reasonOf(error)}` };
  const [code, text] = TRANSPORT_CODES.get(errno) ?? ['other', `failed (${errno === '' ? String(error) : errno})`];
  return { code, text: `${peer} ${text}` };
}

/** A peer whose certificate is good and somebody else's. */
export class IdentityFault extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'IdentityFault';
  }
}

/** `host:port` as people write it, IPv6 in brackets. */
export function addressText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function sentenceOf(code: ListenFaultCode, protocol: Protocol, host: string, port: number, cause: unknown): string {
  const where = `${protocol}:${addressText(host, port)}`;
  if (code === 'NODE_E_TAKEN')
    return `${where} is taken: another program listens there. Stop it or choose another port.`;
  if (code === 'NODE_E_NOT_LOCAL') return `${host} is not an address of this machine, so ${where} cannot be opened.`;
  if (code === 'NODE_E_PRIVILEGED')
    return `This user may not open ${where}. Choose a port from 1024 up or grant the right.`;
  if (code === 'NODE_E_WILDCARD')
    return `${where} names every address of this machine; open one socket for each of them.`;
  return `${where} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/** OpenSSL says much and the short reason in `reason`. */
const reasonOf = (error: Error): string => ('reason' in error ? String(error.reason) : error.message);

function errnoOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

const LISTEN_CODES: ReadonlyMap<string, ListenFaultCode> = new Map([
  ['EADDRINUSE', 'NODE_E_TAKEN'],
  ['EADDRNOTAVAIL', 'NODE_E_NOT_LOCAL'],
  ['EACCES', 'NODE_E_PRIVILEGED'],
  ['EPERM', 'NODE_E_PRIVILEGED'],
]);

const TRANSPORT_CODES: ReadonlyMap<string, readonly [TransportFault['code'], string]> = new Map([
  ['ECONNREFUSED', ['refused', 'refused the connection']],
  ['EHOSTUNREACH', ['unreachable', 'cannot be reached: no route to that host']],
  ['ENETUNREACH', ['unreachable', 'cannot be reached: no route to that network']],
  ['EHOSTDOWN', ['unreachable', 'cannot be reached: the host is down']],
  ['EADDRNOTAVAIL', ['unreachable', 'cannot be reached from this address']],
  ['EAFNOSUPPORT', ['unreachable', 'cannot be reached: the address is of another family']],
  ['EINVAL', ['unreachable', 'cannot be reached from this address']],
  ['EACCES', ['unreachable', 'cannot be reached: the system forbids it']],
  ['EPERM', ['unreachable', 'cannot be reached: a local firewall rule forbids it']],
  ['ERR_SOCKET_BAD_PORT', ['unreachable', 'cannot be reached: the port must be from 1 to 65535']],
  ['ECONNRESET', ['reset', 'reset the connection']],
  ['EPIPE', ['reset', 'closed the connection while something was being sent']],
  ['ECONNABORTED', ['reset', 'aborted the connection']],
  ['ETIMEDOUT', ['timeout', 'did not answer in time']],
  ['EMSGSIZE', ['tooLarge', 'cannot be sent a datagram of this size']],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', ['tooLarge', 'sent a message larger than may be']],
  ['ENOBUFS', ['queueFull', 'could not be sent to: the system has no buffers left']],
  ['ENOMEM', ['queueFull', 'could not be sent to: the system has no memory left']],
  ['EAGAIN', ['queueFull', 'could not be sent to: the queue of the system is full']],
  ['ECANCELED', ['closed', 'was not sent to: the transport is closed']],
  ['ERR_SOCKET_DGRAM_NOT_RUNNING', ['closed', 'was not sent to: the transport is closed']],
]);

/** What Node says of a certificate that leads to no authority that is believed, or is out of its time. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
