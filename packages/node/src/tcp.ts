import { connect, createServer, isIPv6, type Server } from 'node:net';
import type { Endpoint, Transport, TransportListener } from '@strowger/sip/engine';
import { requireOneAddress } from './addresses.ts';
import { listenFaultOf } from './faults.ts';
import { type StreamLimits, StreamTransport } from './stream-transport.ts';

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
  requireOneAddress('tcp', host, port);
  const server = createServer(SOCKET_OPTIONS);
  const local: Endpoint = { protocol: 'tcp', ...(await listen(server, host, port)) };
  const door = {
    opensWith: 'connect',
    dial: (peer: string, peerPort: number) =>
      connect({ ...SOCKET_OPTIONS, host: peer, port: peerPort, localAddress: host }),
    shut: () => new Promise<void>((resolve) => server.close(() => resolve())),
  } as const;
  const transport = new StreamTransport(local, listener, door, { ...STREAM_LIMITS, ...limits });
  server.on('connection', (socket) => transport.accept(socket));
  return transport;
}

function listen(server: Server, host: string, port: number): Promise<Pick<Endpoint, 'host' | 'port'>> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFaultOf(error, 'tcp', host, port)));
    server.listen({ host, port, backlog: BACKLOG, ipv6Only: isIPv6(host), exclusive: true }, () => {
      server.removeAllListeners('error');
      server.on('error', () => {}); // A connection that could not be accepted (no file descriptors left): others may be.
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? { host: bound.address, port: bound.port } : { host, port });
    });
  });
}

/**
 * Idle: a phone that registers every hour without keep-alives keeps its connection in between (RFC 5626 §3.5 would send
 * some every two minutes). Dead peers are found by the system's own probes after a minute of silence.
 */
export const STREAM_LIMITS: StreamLimits = {
  maxQueuedBytes: 1024 * 1024,
  maxConnections: 20_000,
  maxConnectionsPerPeer: 1_000,
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 30_000,
  idleTimeoutMs: 3_900_000,
  lingerMs: 5_000,
};

/** The end of the other side is answered by `StreamConnection`, after what is queued. */
const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const;
const BACKLOG = 1_024;
