import { Buffer } from 'node:buffer';
import type { Datagram } from '@strowger/sip/engine';
import { MessageVector } from './message-vector.ts';
import type { AddressBook } from './socket-address.ts';
import { MSG_DONTWAIT, type SystemCalls } from './system-calls.ts';

/** Receives up to 64 datagrams with one system call. All sockets of one family share one, since nothing is in it between calls. */
export class Inbox {
  /** The first ones are those of the last `receive`. Each has memory of its own, cut from a block that neighbours share. */
  readonly items: Datagram[] = [];
  readonly #calls: SystemCalls;
  readonly #vector: MessageVector;
  readonly #book: AddressBook;
  readonly #memory: Buffer;

  constructor(calls: SystemCalls, book: AddressBook) {
    this.#calls = calls;
    this.#book = book;
    this.#memory = Buffer.from(new ArrayBuffer(MessageVector.LENGTH * STRIDE));
    this.#vector = new MessageVector(calls, book.family);
    const base = calls.addressOf(this.#memory);
    for (let i = 0; i < MessageVector.LENGTH; i += 1) {
      this.#vector.place(i, base + i * STRIDE, LARGEST);
      this.items.push({ bytes: NO_BYTES, host: '', port: 0 });
    }
  }

  /** How many came; 0 when none waits, below 0 for an error. */
  receive(socket: number): number {
    const count = this.#calls.recvmmsg(socket, this.#vector.bytes, MessageVector.LENGTH, MSG_DONTWAIT, null);
    for (let i = 0; i < count; i += 1) this.#take(i, this.items[i] as Datagram);
    return count;
  }

  #take(i: number, item: Datagram): void {
    const length = this.#vector.received(i);
    const from = i * STRIDE;
    const bytes = Buffer.allocUnsafe(length);
    this.#memory.copy(bytes, 0, from, from + length);
    item.bytes = bytes;
    item.host = this.#vector.host(i, this.#book);
    item.port = this.#vector.port(i);
  }
}

/** No datagram is larger (RFC 768). */
const LARGEST = 65_536;
/** A little more, so that the beginnings of neighbours do not fight for the same lines of the processor's caches. */
const STRIDE = LARGEST + 11 * 64;
const NO_BYTES = new Uint8Array(0);
