import { isIP, SocketAddress } from 'node:net';
import type { About, Endpoint, Flow, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';
import { isEncrypted } from '@strowger/sip/uri';
import { FailureReports } from './failure-reports.ts';
import { addressText, transportFaultOf } from './faults.ts';
import { PeerTable } from './peer-table.ts';
import { type ConnectionLimits, type ConnectionOwner, type Origin, StreamConnection } from './stream-connection.ts';
import type { Wire } from './wire.ts';

export interface StreamLimits extends ConnectionLimits {
  /** Connections of both directions together; those that come in beyond it are reset, those to be made fail. */
  readonly maxConnections: number;
  /** Connections that one address may have made; those beyond it are reset. */
  readonly maxConnectionsPerPeer: number;
}

/** How connections are made and the address given back: what TCP, TLS and WebSocket do differently. */
export interface StreamDoor {
  /** A new connection to an address; where there are certificates, the peer's must prove `identity`. May throw. */
  dial(host: string, port: number, identity: string): Wire;
  /** Stops listening and breaks off the handshakes that are going on; resolves when the address is free. */
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
  readonly #peers: PeerTable;
  /** How many there are with each address: connections, and handshakes of those to come. */
  readonly #countByHost = new Map<string, number>();
  #handshakes = 0;
  readonly #touched = new Set<StreamConnection>();
  #closing: Promise<void> | undefined;
  #lastGone: (() => void) | undefined;

  constructor(local: Endpoint, listener: TransportListener, door: StreamDoor, limits: StreamLimits) {
    this.local = local;
    this.#listener = listener;
    this.#door = door;
    this.#limits = limits;
    this.#peers = new PeerTable(isEncrypted(local.protocol) ? 'proved' : 'believed');
    this.#failures = new FailureReports((about, fault) => listener.onFailed(this, about, fault));
    this.#owner = {
      opened: (connection) => listener.onConnected(this, connection.flow),
      received: (connection, bytes) => listener.onData(this, connection.flow, bytes),
      retired: (connection) => this.#retire(connection),
      failed: (about, fault) => listener.onFailed(this, about, fault),
      closed: (connection, wasOpen, fault) => this.#closed(connection, wasOpen, fault),
    };
  }

  /** Whether a connection may come in: true takes a place for it, which `accept` fills or `refuse` gives back. */
  admit(host: string, port: number): boolean {
    if (this.#closing) return false;
    const fault = this.#objection(host);
    if (fault !== undefined) {
      this.#listener.onRefused?.(this, host, port, fault);
      return false;
    }
    this.#count(host, 1);
    this.#handshakes += 1;
    return true;
  }

  /** Takes a connection that was admitted, its handshakes done. */
  accept(wire: Wire, host: string, port: number): void {
    this.#handshakes -= 1;
    this.#count(host, -1);
    if (this.#closing) return wire.destroy();
    this.#listener.onConnected(this, this.#add(wire, host, port, ACCEPTED).flow);
  }

  /** Gives back the place of a connection whose handshake failed. */
  refuse(host: string, port: number, fault: TransportFault): void {
    this.#handshakes -= 1;
    this.#count(host, -1);
    if (!this.#closing) this.#listener.onRefused?.(this, host, port, fault);
  }

  send(bytes: Uint8Array, host: string, port: number, connection: number, about: About, identity?: string): void {
    const found = connection === 0 ? this.#reach(host, port, identity) : (this.#byNumber.get(connection) ?? GONE);
    if (!(found instanceof StreamConnection)) return this.#failures.add(about, found);
    const { maxQueuedBytes } = this.#limits;
    if (bytes.length > maxQueuedBytes) {
      const text = `a message of ${bytes.length} bytes is larger than the queue`;
      return this.#failures.add(about, { code: 'tooLarge', text });
    }
    if (found.queuedBytes + bytes.length > maxQueuedBytes) {
      const text = `${addressText(found.flow.host, found.flow.port)} does not read fast enough`;
      const fault: TransportFault = { code: 'queueFull', text };
      this.#failures.add(about, fault);
      return found.cut(fault);
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

  alias(connection: number, port: number): void {
    const found = this.#byNumber.get(connection);
    if (found?.isProved === true) this.#peers.add(found, found.flow.host, port);
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

  #objection(host: string): TransportFault | undefined {
    if (this.#all.size + this.#handshakes >= this.#limits.maxConnections) return TOO_MANY;
    if ((this.#countByHost.get(host) ?? 0) >= this.#limits.maxConnectionsPerPeer)
      return { code: 'queueFull', text: `${host} has too many connections already` };
    return this.#listener.admits?.(this, host) === false ? NOT_WELCOME : undefined;
  }

  /** A live connection to that peer or a new one; a fault where there can be none. */
  #reach(host: string, port: number, identity: string | undefined): StreamConnection | TransportFault {
    const known = this.#peers.find(host, port, identity);
    if (known) return known;
    if (this.#closing) return CLOSED;
    const family = isIP(host);
    if (family === 0) return { code: 'unreachable', text: `${host} is not an IP address` };
    const canonical = family === 6 ? new SocketAddress({ address: host, family: 'ipv6' }).address : host;
    if (canonical !== host) return this.#reach(canonical, port, identity);
    if (this.#all.size + this.#handshakes >= this.#limits.maxConnections) return TOO_MANY;
    const wanted = identity ?? host;
    try {
      return this.#add(this.#door.dial(host, port, wanted), host, port, { type: 'dialled', identity: wanted });
    } catch (error) {
      return transportFaultOf(error, addressText(host, port));
    }
  }

  #add(wire: Wire, host: string, port: number, origin: Origin): StreamConnection {
    const flow: Flow = { local: this.local, host, port, connection: nextConnection };
    nextConnection += 1;
    const connection = new StreamConnection(wire, flow, origin, this.#owner, this.#limits);
    this.#all.add(connection);
    this.#count(host, 1);
    this.#byNumber.set(flow.connection, connection);
    this.#peers.add(connection, host, port);
    return connection;
  }

  #retire(connection: StreamConnection): void {
    this.#byNumber.delete(connection.flow.connection);
    this.#peers.remove(connection);
  }

  #closed(connection: StreamConnection, wasOpen: boolean, fault: TransportFault | undefined): void {
    this.#all.delete(connection);
    this.#count(connection.flow.host, -1);
    if (wasOpen) this.#listener.onClosed(this, connection.flow, fault);
    if (this.#all.size === 0) this.#lastGone?.();
  }

  #count(host: string, change: number): void {
    const count = (this.#countByHost.get(host) ?? 0) + change;
    if (count > 0) this.#countByHost.set(host, count);
    else this.#countByHost.delete(host);
  }
}

/** Counted for the whole process: no number ever means two connections, whatever is opened again in the meantime. */
let nextConnection = 1;

const ACCEPTED: Origin = { type: 'accepted' };
const GONE: TransportFault = { code: 'closed', text: 'the connection is gone' };
const CLOSED: TransportFault = { code: 'closed', text: 'the transport is closed' };
const TOO_MANY: TransportFault = { code: 'queueFull', text: 'there are too many connections already' };
const NOT_WELCOME: TransportFault = { code: 'refused', text: 'the source is not let in' };
