import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Endpoint, Protocol } from '@strowger/sip/engine';
import { requireOneAddress } from './addresses.ts';
import { listenFaultOf } from './faults.ts';
import type { StreamLimits, StreamTransport } from './stream-transport.ts';

/** A TCP address that is listened on. */
export interface StreamServer {
  readonly local: Endpoint;
  /** Hands over each connection that the transport admits, with its peer; the others are reset. */
  serve(transport: StreamTransport, greet: (socket: Socket, host: string, port: number) => void): void;
  /** Stops listening; resolves when the address is free. */
  shut(): Promise<void>;
}

/** Opens one address for a protocol over TCP. @throws ListenFault (rejects) */
export async function openStreamServer(protocol: Protocol, host: string, port: number): Promise<StreamServer> {
  requireOneAddress(protocol, host, port);
  const server = createServer(SOCKET_OPTIONS);
  const local: Endpoint = { protocol, ...(await listen(server, protocol, host, port)) };
  return {
    local,
    serve: (transport, greet) => {
      server.on('connection', (socket) => {
        const { remoteAddress, remotePort } = socket;
        if (remoteAddress && remotePort && transport.admit(remoteAddress, remotePort))
          return greet(socket, remoteAddress, remotePort);
        socket.on('error', () => {}); // The peer may be gone already.
        socket.resetAndDestroy();
      });
    },
    shut: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(
  server: Server,
  protocol: Protocol,
  host: string,
  port: number,
): Promise<Pick<Endpoint, 'host' | 'port'>> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFaultOf(error, protocol, host, port)));
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
export const SOCKET_OPTIONS = {
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
} as const;

const BACKLOG = 1_024;
