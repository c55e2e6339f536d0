import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { About, Datagram, Endpoint, Transport, TransportListener } from '@strowger/sip/engine';
import { FailureReports } from '../failure-reports.ts';
import { addressText, listenFaultOf, transportFaultOf } from '../faults.ts';
import { askForBuffer } from '../socket-buffer.ts';
import { BUFFER_BYTES, FULL, MAX_QUEUED_BYTES, type UdpOptions } from './udp-options.ts';

/**
 * Opens one UDP address over `node:dgram`: one system call a datagram, on every platform; one batch a turn of the event loop.
 * @throws ListenFault (rejects)
 */
export async function openSingleUdp(options: UdpOptions): Promise<Transport> {
  const { host, port } = options;
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, ipv6Only: type === 'udp6', lookup: literalLookup });
  await bind(socket, host, port);
  askForBuffer((bytes) => socket.setRecvBufferSize(bytes), options.recvBufferBytes ?? BUFFER_BYTES);
  askForBuffer((bytes) => socket.setSendBufferSize(bytes), options.sendBufferBytes ?? BUFFER_BYTES);
  const bound = socket.address(); // the shortest way to write an IPv6 address
  const local: Endpoint = { protocol: 'udp', host: bound.address, port: bound.port };
  return new UdpTransport(socket, local, options.listener, options.maxQueuedBytes ?? MAX_QUEUED_BYTES);
}

class UdpTransport implements Transport {
  readonly local: Endpoint;
  /** libuv gives every datagram memory of its own. */
  readonly reusesBuffers = false;
  readonly #socket: Socket;
  readonly #maxQueuedBytes: number;
  readonly #failures: FailureReports;
  #queue: Outgoing[] = [];
  #closing: Promise<void> | undefined;

  constructor(socket: Socket, local: Endpoint, listener: TransportListener, maxQueuedBytes: number) {
    this.local = local;
    this.#socket = socket;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.#failures = new FailureReports((about, fault) => listener.onFailed(this, about, fault));
    const inbox = new Inbox((items, count) => {
      if (this.#closing === undefined) listener.onDatagrams(this, items, count);
    });
    socket.on('message', (bytes: Uint8Array, from: RemoteInfo) => inbox.add(bytes, from.address, from.port));
    // ICMP errors reach only connected sockets; what is left (a failed read) concerns no message and the socket lives on.
    socket.on('error', () => {});
  }

  send(bytes: Uint8Array, host: string, port: number, _connection: number, about: About): void {
    if (this.#closing === undefined) this.#queue.push({ bytes, host, port, about });
    else
      this.#failures.add(about, {
        code: 'closed',
        text: `udp:${addressText(this.local.host, this.local.port)} is closed`,
      });
  }

  flush(): void {
    if (this.#queue.length === 0) return;
    const queue = this.#queue;
    this.#queue = [];
    const full = this.#socket.getSendQueueSize() > this.#maxQueuedBytes;
    for (const message of queue) {
      if (full) this.#failures.add(message.about, FULL);
      else this.#transmit(message);
    }
  }

  disconnect(_connection: number): void {}

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.flush();
      this.#closing = new Promise((resolve) => {
        this.#socket.close(resolve);
      });
    }
    return this.#closing;
  }

  /** Without offset and length: with them Node makes a view of what is already one. */
  #transmit(message: Outgoing): void {
    const { bytes, host, port, about } = message;
    try {
      if (host === '') throw Object.assign(new Error('no address'), { code: 'EINVAL' });
      if (about === 0) this.#socket.send(bytes, port, host);
      else
        this.#socket.send(bytes, port, host, (error) => {
          if (error !== null) this.#failed(message, error);
        });
    } catch (error) {
      this.#failed(message, error);
    }
  }

  #failed({ about, host, port }: Outgoing, error: unknown): void {
    this.#failures.add(about, transportFaultOf(error, addressText(host, port)));
  }
}

/**
 * Gathers what one turn of the event loop reads and hands it over in one batch: the system calls of a turn then come one
 * after the other, and so does the work, which costs measurably less than going back and forth for each datagram.
 */
class Inbox {
  readonly #items: Datagram[] = [];
  readonly #deliver: (items: readonly Datagram[], count: number) => void;
  #count = 0;

  constructor(deliver: (items: readonly Datagram[], count: number) => void) {
    this.#deliver = deliver;
  }

  add(bytes: Uint8Array, host: string, port: number): void {
    if (this.#count === 0) setImmediate(this.#empty);
    const item = this.#items[this.#count];
    if (item === undefined) this.#items.push({ bytes, host, port });
    else {
      item.bytes = bytes;
      item.host = host;
      item.port = port;
    }
    this.#count += 1;
  }

  readonly #empty = (): void => {
    const count = this.#count;
    this.#count = 0;
    this.#deliver(this.#items, count);
  };
}

interface Outgoing {
  readonly bytes: Uint8Array;
  readonly host: string;
  readonly port: number;
  readonly about: About;
}

function bind(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(listenFaultOf(error, 'udp', host, port));
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
}

/** Hosts are IP literals here; what is not fails in the system call, and no name look-up is ever started by a send. */
function literalLookup(
  host: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, host, 0);
}
