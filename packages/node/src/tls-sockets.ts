import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, createServer, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { TransportFault } from '@strowger/sip/engine';
import { type CertificateNames, isAddress, provedFault } from '@strowger/sip/uri';
import type { Credentials } from './certificates/credentials.ts';
import { namesOf } from './certificates/peer-names.ts';
import { addressText, IdentityFault, transportFaultOf } from './faults.ts';
import { SOCKET_OPTIONS } from './stream-server.ts';

/** Whether a listener asks its clients for certificates, and whether they may come without a good one. */
export type ClientCertificates = 'none' | 'ask' | 'require';

export interface TlsGateEvents {
  secured(socket: TLSSocket, host: string, port: number): void;
  failed(host: string, port: number, fault: TransportFault): void;
}

/** The server's side of handshakes, for sockets that are handed in. */
export interface TlsGate {
  take(socket: Socket): void;
  close(): void;
}

export function createTlsGate(
  credentials: Credentials,
  clientCertificates: ClientCertificates,
  events: TlsGateEvents,
): TlsGate {
  const server = createServer({
    ...credentials.server,
    // Judged below, so that a refusal says why.
    rejectUnauthorized: false,
    requestCert: clientCertificates !== 'none',
    SNICallback: (name, done) => done(null, credentials.contextFor(name)),
  });
  const stop = credentials.onReload(() => server.setSecureContext(credentials.server));
  server.on('secureConnection', (socket) => {
    const { remoteAddress: host = '', remotePort: port = 0 } = socket;
    socket.on('error', () => {}); // Until somebody else listens.
    socket.allowHalfOpen = true;
    if (clientCertificates !== 'require' || socket.authorized) return events.secured(socket, host, port);
    events.failed(host, port, noGoodCertificate(socket, addressText(host, port)));
  });
  server.on('tlsClientError', (error, { remoteAddress, remotePort }) => {
    if (remoteAddress === undefined || remotePort === undefined) return;
    events.failed(remoteAddress, remotePort, transportFaultOf(error, addressText(remoteAddress, remotePort)));
  });
  const take = (socket: Socket): void => {
    // Half a connection is no use to a handshake: a peer that leaves in the middle of one is gone at once.
    socket.allowHalfOpen = false;
    server.emit('connection', socket);
  };
  return { take, close: stop };
}

export interface TlsDialling {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string;
  /** What the peer's certificate must be for. */
  readonly identity: string;
  readonly credentials: Credentials;
}

/** A connection of ours, which fails unless the peer proves its identity (RFC 5922 §7.3). */
export function dialTls({ host, port, localAddress, identity, credentials }: TlsDialling): TLSSocket {
  return connect({
    socket: connectTcp({ ...SOCKET_OPTIONS, host, port, localAddress }),
    secureContext: credentials.client,
    // An address is no name to ask for (RFC 6066 §3).
    ...(isAddress(identity) ? {} : { servername: identity }),
    checkServerIdentity: (_host, certificate) => identityFaultOf(certificate, identity),
  });
}

/** The names that a secured socket's peer has proved; asked for when somebody wants to know. */
export function provedNames(socket: TLSSocket): () => CertificateNames | undefined {
  let names: CertificateNames | undefined;
  return () => {
    if (names === undefined && socket.authorized) {
      const certificate = socket.getPeerX509Certificate();
      names = certificate === undefined ? undefined : namesOf(certificate);
    }
    return names;
  };
}

function identityFaultOf(certificate: PeerCertificate, identity: string): Error | undefined {
  const fault = provedFault(namesOf(new X509Certificate(certificate.raw)), identity);
  return fault === undefined ? undefined : new IdentityFault(fault);
}

function noGoodCertificate(socket: TLSSocket, peer: string): TransportFault {
  const certificate = socket.getPeerX509Certificate();
  const why =
    certificate === undefined
      ? 'showed no certificate'
      : `showed a certificate that is not trusted (${String(socket.authorizationError)})`;
  return { code: 'untrusted', text: `${peer} ${why}` };
}
