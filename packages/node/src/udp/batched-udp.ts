import { isIPv6 } from 'node:net';
import type { About, Endpoint, Transport, TransportFault, TransportListener } from '@strowger/sip/engine';
import { FailureReports } from '../failure-reports.ts';
import { addressText, listenFaultOf, transportFaultOf } from '../faults.ts';
import { askForBuffer } from '../socket-buffer.ts';
import { Inbox } from './inbox.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import { ADDRESS_BYTES, AddressBook, type Family } from './socket-address.ts';
import {
  AF_INET,
  AF_INET6,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  SO_RCVBUF,
  SO_SNDBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  type SystemCalls,
  type Watch,
} from './system-calls.ts';
import { BUFFER_BYTES, FULL, MAX_QUEUED_BYTES, type UdpOptions } from './udp-options.ts';

/**
 * Opens one UDP address over `recvmmsg` and `sendmmsg`: one system call, and one call of ours, for up to 64 datagrams.
 * @throws ListenFault
 */
export function openBatchedUdp(calls: SystemCalls, options: UdpOptions): Transport {
  const family: Family = isIPv6(options.host) ? 'ipv6' : 'ipv4';
  const book = new AddressBook(calls, family);
  const socket = bind(calls, book, options);
  askForBuffer(
    (bytes) => setOption(calls, socket, SOL_SOCKET, SO_RCVBUF, bytes),
    options.recvBufferBytes ?? BUFFER_BYTES,
  );
  askForBuffer(
    (bytes) => setOption(calls, socket, SOL_SOCKET, SO_SNDBUF, bytes),
    options.sendBufferBytes ?? BUFFER_BYTES,
  );
  return new BatchedUdp(calls, book, socket, options);
}

class BatchedUdp implements Transport {
  readonly local: Endpoint;
  /** What comes is copied out of the memory that the system writes to. */
  readonly reusesBuffers = false;
  readonly #calls: SystemCalls;
  readonly #socket: number;
  readonly #listener: TransportListener;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #failures: FailureReports;
  readonly #maxQueuedBytes: number;
  readonly #watch: Watch;
  /** What the system had no room for, in order. */
  #waiting: Outgoing[] = [];
  #waitingBytes = 0;
  #closing: Promise<void> | undefined;

  constructor(calls: SystemCalls, book: AddressBook, socket: number, options: UdpOptions) {
    const { listener } = options;
    this.local = localOf(calls, book, socket);
    this.#calls = calls;
    this.#socket = socket;
    this.#listener = listener;
    this.#maxQueuedBytes = options.maxQueuedBytes ?? MAX_QUEUED_BYTES;
    this.#failures = new FailureReports((about, fault) => listener.onFailed(this, about, fault));
    this.#inbox = inboxFor(calls, book);
    this.#outbox = new Outbox({ calls, book, socket, onFailed: (message, code) => this.#failed(message, code) });
    this.#watch = calls.watch(socket, READING, this.#onReady);
  }

  send(bytes: Uint8Array, host: string, port: number, _connection: number, about: About): void {
    const message = { bytes, host, port, about };
    if (this.#closing !== undefined) return this.#fail(message, CLOSED(this.local));
    if (port < 1 || port > 65_535) return this.#failed(message, 'ERR_SOCKET_BAD_PORT');
    if (this.#waiting.length > 0 || this.#maxQueuedBytes < 0) return this.#wait(message);
    if (this.#outbox.add(message)) return;
    this.#transmit();
    if (this.#waiting.length > 0) this.#wait(message);
    else this.#outbox.add(message);
  }

  flush(): void {
    if (!this.#outbox.isEmpty) this.#transmit();
  }

  disconnect(_connection: number): void {}

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.flush();
      this.#watch.end();
      this.#calls.close(this.#socket);
      this.#closing = new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    return this.#closing;
  }

  /** Called by the event loop from native code, where what is thrown would be lost. */
  readonly #onReady = (ready: { readonly readable: boolean; readonly writable: boolean }): void => {
    try {
      if (ready.writable) this.#goOn();
      if (ready.readable) this.#receive();
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  };

  /** One batch: while more waits the event loop calls again, after what else it has to do. */
  #receive(): void {
    const count = this.#closing === undefined ? this.#inbox.receive(this.#socket) : 0;
    if (count > 0) this.#listener.onDatagrams(this, this.#inbox.items, count);
  }

  #transmit(): void {
    const left = this.#outbox.empty();
    if (left.length === 0) return;
    if (this.#waiting.length === 0) this.#watch.change(READING_AND_WRITING);
    for (const message of left) this.#wait(message);
  }

  #wait(message: Outgoing): void {
    if (this.#waitingBytes + message.bytes.length > this.#maxQueuedBytes) return this.#fail(message, FULL);
    this.#waitingBytes += message.bytes.length;
    this.#waiting.push(message);
  }

  /** The system takes datagrams again. */
  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#watch.change(READING);
    for (const { bytes, host, port, about } of waiting) this.send(bytes, host, port, 0, about);
    this.flush();
  }

  #failed(message: Outgoing, code: string): void {
    this.#fail(message, transportFaultOf({ code }, addressText(message.host, message.port)));
  }

  #fail({ about }: Outgoing, fault: TransportFault): void {
    this.#failures.add(about, fault);
  }
}

/** Nothing stays in an inbox between two calls, so the sockets of a family share one. */
const inboxes = new WeakMap<SystemCalls, Partial<Record<Family, Inbox>>>();

function inboxFor(calls: SystemCalls, book: AddressBook): Inbox {
  const known = inboxes.get(calls) ?? {};
  const inbox = known[book.family] ?? new Inbox(calls, book);
  inboxes.set(calls, { ...known, [book.family]: inbox });
  return inbox;
}

function bind(calls: SystemCalls, book: AddressBook, { host, port }: UdpOptions): number {
  const family = book.family === 'ipv4' ? AF_INET : AF_INET6;
  const refuse = (socket: number, code: string): never => {
    if (socket >= 0) calls.close(socket);
    throw listenFaultOf(Object.assign(new Error(`the system says ${code}`), { code }), 'udp', host, port);
  };
  const socket = calls.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return refuse(socket, calls.errorName());
  if (book.family === 'ipv6') setOption(calls, socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  const address = new Uint8Array(ADDRESS_BYTES.ipv6);
  if (!book.write(host, port, address, new Int32Array(address.buffer), 0)) return refuse(socket, 'EADDRNOTAVAIL');
  if (calls.bind(socket, address, ADDRESS_BYTES[book.family]) < 0) return refuse(socket, calls.errorName());
  return socket;
}

function localOf(calls: SystemCalls, book: AddressBook, socket: number): Endpoint {
  const address = new Uint8Array(ADDRESS_BYTES.ipv6);
  calls.getsockname(socket, address, Int32Array.of(address.length));
  const port = ((address[2] as number) << 8) | (address[3] as number);
  return { protocol: 'udp', host: book.host(address, new Int32Array(address.buffer), 0), port };
}

function setOption(calls: SystemCalls, socket: number, level: number, option: number, value: number): void {
  if (calls.setsockopt(socket, level, option, Int32Array.of(value), 4) < 0) throw new Error(calls.errorName());
}

const READING = { readable: true, writable: false };
const READING_AND_WRITING = { readable: true, writable: true };
const CLOSED = ({ host, port }: Endpoint): TransportFault => ({
  code: 'closed',
  text: `udp:${addressText(host, port)} is closed`,
});
