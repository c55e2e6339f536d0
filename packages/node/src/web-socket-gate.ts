import { createServer, type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export interface WebSocketGateOptions {
  /** The largest message that is taken; a peer that sends a larger one is cut (RFC 6455 §7.4.1, 1009). */
  readonly maxMessageBytes: number;
  /**
   * The pages that may connect, as browsers name them in Origin: `https://phone.example.com`. Empty: every page, and every
   * program that is none. Nothing that a browser adds by itself proves a user here, so a strange page gains nothing.
   */
  readonly origins: readonly string[];
}

export interface WebSocketGateEvents {
  opened(webSocket: WebSocket, socket: Socket): void;
  /** The peer gets an HTTP response that says why; the socket closes by itself. */
  refused(socket: Socket, why: string): void;
}

/** The server's side of the WebSocket handshake, for sockets that are handed in. */
export interface WebSocketGate {
  take(socket: Socket): void;
}

/** SIP over WebSocket, and a short answer for whatever else speaks HTTP. */
export function createWebSocketGate(options: WebSocketGateOptions, events: WebSocketGateEvents): WebSocketGate {
  const http = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    events.refused(request.socket, `asked for ${request.method} over HTTP`);
    response.writeHead(426, { ...PLAIN, upgrade: 'websocket', 'content-length': NO_PAGE.length }).end(NO_PAGE);
    request.resume();
  });
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes,
    handleProtocols: () => SUBPROTOCOL,
  });
  http.on('upgrade', (request, duplex, head) => {
    if (!(duplex instanceof Socket)) return void duplex.destroy();
    duplex.on('error', () => {}); // Until somebody else listens.
    const objection = objectionTo(request.headers, options.origins);
    if (objection !== undefined) {
      events.refused(duplex, objection.why);
      return decline(duplex, objection);
    }
    webSockets.handleUpgrade(request, duplex, head, (webSocket) => events.opened(webSocket, duplex));
  });
  // What the package itself objects to: the method, the version, the key.
  webSockets.on('wsClientError', (error, duplex) => {
    if (duplex instanceof Socket) events.refused(duplex, error.message);
    decline(duplex, { status: 400, why: error.message });
  });
  http.on('clientError', (error, duplex) => {
    if (duplex instanceof Socket) events.refused(duplex, error.message);
    decline(duplex, { status: 400, why: 'This is not HTTP.' });
  });
  return { take: (socket) => void http.emit('connection', socket) };
}

export interface Objection {
  readonly status: number;
  /** A sentence in one line of ASCII, whatever the peer sent. */
  readonly why: string;
}

/** What stands against a handshake: a subprotocol other than SIP's (RFC 7118 §4.1), or a page from elsewhere. */
export function objectionTo(headers: IncomingHttpHeaders, origins: readonly string[]): Objection | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
  if (!offered.includes(SUBPROTOCOL))
    return { status: 400, why: 'The WebSocket must offer the subprotocol sip (RFC 7118).' };
  const { origin } = headers;
  if (origins.length === 0 || (origin !== undefined && origins.includes(origin.toLowerCase()))) return undefined;
  return {
    status: 403,
    why: `The origin ${origin === undefined ? 'is missing and' : printable(origin)} is not allowed here.`,
  };
}

function decline(socket: Duplex, { status, why }: Objection): void {
  if (!socket.writable) return void socket.destroy();
  const upgrade = status === 400 ? 'Sec-WebSocket-Version: 13\r\n' : '';
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${PLAIN['content-type']}\r\n` +
      `${upgrade}Content-Length: ${Buffer.byteLength(why) + 1}\r\n\r\n${why}\n`,
  );
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);

const SUBPROTOCOL = 'sip';
const NO_PAGE = 'There is no page here: this port speaks SIP over WebSocket (RFC 7118, subprotocol sip).\n';
const PLAIN = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' } as const;
const MAX_HEADER_BYTES = 8_192;
