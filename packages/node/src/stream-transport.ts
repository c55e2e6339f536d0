import { isIP, type Socket, SocketAddress } from 'node:net';
import type { Endpoint, Flow, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';
import { FailureReports } from './failure-reports.ts';
import { addressText, transportFaultOf } from './faults.ts';
import {
  type ConnectionLimits,
  type ConnectionOwner,
  type OpeningEvent,
  StreamConnection,
} from './stream-connection.ts';

export interface StreamLimits extends ConnectionLimits {
  /** Connections of both directions together; those that come in beyond it are reset, those to be made fail. */
  readonly maxConnections: number;
  /** Connections that one address may have made; those beyond it are reset. */
  readonly maxConnectionsPerPeer: number;
}

/** How connections are made and the address given back: what TCP and TLS do differently. */
export interface StreamDoor {
  readonly opensWith: OpeningEvent;
  dial(host: string, port: number): Socket;
  /** Stops listening; resolves when the address is free. */
  shut(): Promise<void>;
}

/** The connections of one listening address, made and accepted, by number and by peer. */
export class StreamTransport implements Transport {
  readonly local: Endpoint;
  /** Node gives every read memory of its own. */
  readonly reusesBuffers = false;
  readonly #listener: TransportListener;
  readonly #door: StreamDoor;
  readonly #limits: StreamLimits;
  readonly #failures: FailureReports;
  readonly #owner: ConnectionOwner;
  /** Every connection that is not closed yet. */
  readonly #all = new Set<StreamConnection>();
  /** Those that messages may be sent on. */
  readonly #byNumber = new Map<number, StreamConnection>();
  readonly #byPeer = new Map<string, StreamConnection>();
  /** How many of all there are with each address. */
  readonly #countByHost = new Map<string, number>();
  readonly #touched = new Set<StreamConnection>();
  #closing: Promise<void> | undefined;
  #lastGone: (() => void) | undefined;

  constructor(local: Endpoint, listener: TransportListener, door: StreamDoor, limits: StreamLimits) {
    this.local = local;
    this.#listener = listener;
    this.#door = door;
    this.#limits = limits;
    this.#failures = new FailureReports((about, fault) => listener.onFailed(this, about, fault));
    this.#owner = {
      opened: (connection) => listener.onConnected(this, connection.flow),
      received: (connection, bytes) => listener.onData(this, connection.flow, bytes),
      retired: (connection) => this.#retire(connection),
      failed: (about, fault) => listener.onFailed(this, about, fault),
      closed: (connection, wasOpen, fault) => this.#closed(connection, wasOpen, fault),
    };
  }

  /** Takes a connection that came in, handshakes done. */
  accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (!remoteAddress || !remotePort || !this.#hasRoomFor(remoteAddress)) {
      socket.on('error', () => {}); // The peer may be gone already.
      socket.resetAndDestroy();
      return;
    }
    this.#listener.onConnected(this, this.#add(socket, remoteAddress, remotePort, 'accepted').flow);
  }

  send(bytes: Uint8Array, host: string, port: number, connection: number, about: number): void {
    const found = connection === 0 ? this.#reach(host, port) : (this.#byNumber.get(connection) ?? GONE);
    if (!(found instanceof StreamConnection)) {
      this.#failures.add(about, found);
      return;
    }
    if (bytes.length > this.#limits.maxQueuedBytes) {
      this.#failures.add(about, {
        code: 'tooLarge',
        text: `a message of ${bytes.length} bytes is larger than the queue`,
      });
      return;
    }
    if (found.queuedBytes + bytes.length > this.#limits.maxQueuedBytes) {
      const fault: TransportFault = {
        code: 'queueFull',
        text: `${addressText(found.flow.host, found.flow.port)} does not read fast enough`,
      };
      this.#failures.add(about, fault);
      found.cut(fault);
      return;
    }
    found.enqueue(bytes, about);
    this.#touched.add(found);
  }

  flush(): void {
    for (const connection of this.#touched) connection.flush();
    this.#touched.clear();
  }

  disconnect(connection: number): void {
    this.#byNumber.get(connection)?.end();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const shut = this.#door.shut();
    for (const connection of [...this.#all]) {
      if (connection.isConnecting) connection.cut(CLOSED);
      else connection.end();
    }
    if (this.#all.size > 0) {
      await new Promise<void>((resolve) => {
        this.#lastGone = resolve;
      });
    }
    await shut;
  }

  #hasRoomFor(host: string): boolean {
    if (this.#closing || this.#all.size >= this.#limits.maxConnections) return false;
    return (this.#countByHost.get(host) ?? 0) < this.#limits.maxConnectionsPerPeer;
  }

  /** A live connection to that peer or a new one; a fault where there can be none. */
  #reach(host: string, port: number): StreamConnection | TransportFault {
    const known = this.#byPeer.get(peerKey(host, port));
    if (known) return known;
    if (this.#closing) return CLOSED;
    const family = isIP(host);
    if (family === 0) return { code: 'unreachable', text: `${host} is not an IP address` };
    const canonical = family === 6 ? new SocketAddress({ address: host, family: 'ipv6' }).address : host;
    if (canonical !== host) return this.#reach(canonical, port);
    if (this.#all.size >= this.#limits.maxConnections)
      return { code: 'queueFull', text: 'there are too many connections already' };
    try {
      return this.#add(this.#door.dial(host, port), host, port, this.#door.opensWith);
    } catch (error) {
      return transportFaultOf(error, addressText(host, port));
    }
  }

  #add(socket: Socket, host: string, port: number, opensWith: OpeningEvent): StreamConnection {
    const flow: Flow = { local: this.local, host, port, connection: nextConnection };
    nextConnection += 1;
    const connection = new StreamConnection(socket, flow, opensWith, this.#owner, this.#limits);
    this.#all.add(connection);
    this.#countByHost.set(host, (this.#countByHost.get(host) ?? 0) + 1);
    this.#byNumber.set(flow.connection, connection);
    const key = peerKey(host, port);
    if (!this.#byPeer.has(key)) this.#byPeer.set(key, connection);
    return connection;
  }

  #retire(connection: StreamConnection): void {
    const { flow } = connection;
    this.#byNumber.delete(flow.connection);
    const key = peerKey(flow.host, flow.port);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
  }

  #closed(connection: StreamConnection, wasOpen: boolean, fault: TransportFault | undefined): void {
    this.#all.delete(connection);
    const { host } = connection.flow;
    const left = (this.#countByHost.get(host) ?? 1) - 1;
    if (left > 0) this.#countByHost.set(host, left);
    else this.#countByHost.delete(host);
    if (wasOpen) this.#listener.onClosed(this, connection.flow, fault);
    if (this.#all.size === 0) this.#lastGone?.();
  }
}

const peerKey = (host: string, port: number): string => `${host} ${port}`;

/** Counted for the whole process: no number ever means two connections, whatever is opened again in the meantime. */
let nextConnection = 1;

const GONE: TransportFault = { code: 'closed', text: 'the connection is gone' };
const CLOSED: TransportFault = { code: 'closed', text: 'the transport is closed' };
