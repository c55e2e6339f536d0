import type { Transport, TransportListener } from '@strowger/sip/engine';
import type { Credentials } from './certificates/credentials.ts';
import { HANDSHAKE_LIMITS, type HandshakeLimits, Handshakes } from './handshakes.ts';
import { openStreamServer, STREAM_LIMITS } from './stream-server.ts';
import { type StreamLimits, StreamTransport } from './stream-transport.ts';
import { type ClientCertificates, createTlsGate, dialTls, provedNames } from './tls-sockets.ts';
import { SocketWire } from './wire.ts';

export interface TlsOptions extends Partial<StreamLimits>, Partial<HandshakeLimits> {
  /** One local IP address. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  readonly listener: TransportListener;
  readonly credentials: Credentials;
  /** `none` when missing. */
  readonly clientCertificates?: ClientCertificates;
}

/**
 * Opens one TLS address: listens there and makes connections from it, whose peers must prove the identity that was asked for
 * (RFC 5922 §7).
 * @throws ListenFault (rejects)
 */
export async function openTls(options: TlsOptions): Promise<Transport> {
  const { host, port, listener, credentials, clientCertificates = 'none', ...limits } = options;
  const server = await openStreamServer('tls', host, port);
  const door = {
    dial: (peer: string, peerPort: number, identity: string) => {
      const socket = dialTls({ host: peer, port: peerPort, localAddress: host, identity, credentials });
      return new SocketWire(socket, 'secureConnect', provedNames(socket));
    },
    shut: () => {
      gate.close();
      handshakes.endAll();
      return server.shut();
    },
  };
  const transport = new StreamTransport(server.local, listener, door, { ...STREAM_LIMITS, ...limits });
  const handshakes = new Handshakes({ ...HANDSHAKE_LIMITS, ...limits }, transport);
  const gate = createTlsGate(credentials, clientCertificates, {
    secured: (socket, peer, peerPort) => {
      if (handshakes.finish(peer, peerPort))
        transport.accept(new SocketWire(socket, 'accepted', provedNames(socket)), peer, peerPort);
      else socket.destroy();
    },
    failed: (peer, peerPort, fault) => handshakes.fail(peer, peerPort, fault),
  });
  server.serve(transport, (socket, peer, peerPort) => {
    if (handshakes.begin(socket, peer, peerPort)) gate.take(socket);
  });
  return transport;
}
