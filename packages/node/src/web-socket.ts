import { connect, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Transport, TransportListener } from '@strowger/sip/engine';
import { LIMITS } from '@strowger/sip/message';
import { bracketed } from '@strowger/sip/uri';
import { WebSocket } from 'ws';
import type { Credentials } from './certificates/credentials.ts';
import { addressText } from './faults.ts';
import { HANDSHAKE_LIMITS, type HandshakeLimits, Handshakes } from './handshakes.ts';
import { openStreamServer, SOCKET_OPTIONS, STREAM_LIMITS } from './stream-server.ts';
import { type StreamLimits, StreamTransport } from './stream-transport.ts';
import { type ClientCertificates, createTlsGate, dialTls, provedNames, type TlsGate } from './tls-sockets.ts';
import { createWebSocketGate, type WebSocketGateOptions } from './web-socket-gate.ts';
import { WebSocketWire } from './web-socket-wire.ts';

export interface WebSocketOptions
  extends Partial<StreamLimits>,
    Partial<HandshakeLimits>,
    Partial<WebSocketGateOptions> {
  /** One local IP address. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  readonly listener: TransportListener;
  /** Missing: the protocol is ws, without encryption. */
  readonly tls?: { readonly credentials: Credentials; readonly clientCertificates?: ClientCertificates };
  /** How often each peer is asked whether it is still there; `PROBE_MS` when missing. */
  readonly probeMs?: number;
}

/**
 * Opens one address for SIP over WebSocket (RFC 7118), ws or wss: listens there and makes connections from it.
 * @throws ListenFault (rejects)
 */
export async function openWebSocket(options: WebSocketOptions): Promise<Transport> {
  const { host, port, listener, tls, probeMs = PROBE_MS, maxMessageBytes = MAX_MESSAGE_BYTES, ...rest } = options;
  const server = await openStreamServer(tls === undefined ? 'ws' : 'wss', host, port);
  const probes = new Probes(probeMs);
  const door = {
    dial: (peer: string, peerPort: number, identity: string) => {
      const socket =
        tls === undefined
          ? connect({ ...SOCKET_OPTIONS, host: peer, port: peerPort, localAddress: host })
          : dialTls({ host: peer, port: peerPort, localAddress: host, identity, credentials: tls.credentials });
      return probes.watch(wireOver(clientOver(socket, identity, peerPort, maxMessageBytes), socket));
    },
    shut: () => {
      probes.stop();
      gate.close();
      handshakes.endAll();
      return server.shut();
    },
  };
  const transport = new StreamTransport(server.local, listener, door, { ...STREAM_LIMITS, ...rest });
  const handshakes = new Handshakes({ ...HANDSHAKE_LIMITS, ...rest }, transport);
  const upgrades = createWebSocketGate(
    { maxMessageBytes, origins: rest.origins ?? [] },
    {
      opened: (webSocket, socket) => {
        const [peer, peerPort] = peerOf(socket);
        if (handshakes.finish(peer, peerPort))
          transport.accept(probes.watch(wireOver(webSocket, socket)), peer, peerPort);
        else webSocket.terminate();
      },
      refused: (socket, why) => {
        const [peer, peerPort] = peerOf(socket);
        handshakes.blame(peer, peerPort, { code: 'other', text: `${addressText(peer, peerPort)} was refused: ${why}` });
      },
    },
  );
  const gate: TlsGate =
    tls === undefined
      ? { take: (socket) => upgrades.take(socket), close: () => {} }
      : createTlsGate(tls.credentials, tls.clientCertificates ?? 'none', {
          secured: (socket) => upgrades.take(socket),
          failed: (peer, peerPort, fault) => handshakes.fail(peer, peerPort, fault),
        });
  server.serve(transport, (socket, peer, peerPort) => {
    if (handshakes.begin(socket, peer, peerPort)) gate.take(socket);
  });
  return transport;
}

/** What is encrypted is so below: for the package it is a plain WebSocket over the socket that it is given. */
function clientOver(socket: Socket, identity: string, port: number, maxPayload: number): WebSocket {
  const url = `ws://${bracketed(identity)}:${port}/`;
  return new WebSocket(url, 'sip', { createConnection: () => socket, perMessageDeflate: false, maxPayload });
}

const wireOver = (webSocket: WebSocket, socket: Socket): WebSocketWire =>
  new WebSocketWire(webSocket, socket, socket instanceof TLSSocket ? provedNames(socket) : undefined);

/** Asks all peers in turn, by one timer. */
class Probes {
  readonly #wires = new Set<WebSocketWire>();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#timer = setInterval(() => {
      for (const wire of this.#wires) wire.probe();
    }, ms);
    this.#timer.unref();
  }

  watch(wire: WebSocketWire): WebSocketWire {
    this.#wires.add(wire);
    wire.onGone(() => this.#wires.delete(wire));
    return wire;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const peerOf = ({ remoteAddress = '', remotePort = 0 }: Socket): readonly [string, number] => [
  remoteAddress,
  remotePort,
];

/** Routers and HTTP proxies forget a silent connection after a minute as a rule. */
const PROBE_MS = 25_000;
/** As much as a message may have on a stream. */
const MAX_MESSAGE_BYTES = LIMITS.headBytes + LIMITS.bodyBytes;
