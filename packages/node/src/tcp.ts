import { connect } from 'node:net';
import type { Transport, TransportListener } from '@strowger/sip/engine';
import { openStreamServer, SOCKET_OPTIONS, STREAM_LIMITS } from './stream-server.ts';
import { type StreamLimits, StreamTransport } from './stream-transport.ts';
import { SocketWire } from './wire.ts';

export interface TcpOptions extends Partial<StreamLimits> {
  /** One local IP address; a wildcard is expanded by the caller (`expandWildcard`). */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  readonly listener: TransportListener;
}

/**
 * Opens one TCP address: listens there and makes connections from it. `flow.local` is the listening address for both
 * directions, since that is what a message may name.
 * @throws ListenFault (rejects)
 */
export async function openTcp(options: TcpOptions): Promise<Transport> {
  const { host, port, listener, ...limits } = options;
  const server = await openStreamServer('tcp', host, port);
  const door = {
    dial: (peer: string, peerPort: number) =>
      new SocketWire(connect({ ...SOCKET_OPTIONS, host: peer, port: peerPort, localAddress: host }), 'connect'),
    shut: () => server.shut(),
  };
  const transport = new StreamTransport(server.local, listener, door, { ...STREAM_LIMITS, ...limits });
  server.serve(transport, (socket, peer, peerPort) =>
    transport.accept(new SocketWire(socket, 'accepted'), peer, peerPort),
  );
  return transport;
}
