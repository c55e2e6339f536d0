import { Buffer } from 'node:buffer';
import type { About } from '@strowger/sip/engine';
import { MessageVector } from './message-vector.ts';
import type { AddressBook } from './socket-address.ts';
import type { SystemCalls } from './system-calls.ts';

/** A message that waits for the system. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly host: string;
  readonly port: number;
  readonly about: About;
}

export interface OutboxOptions {
  readonly calls: SystemCalls;
  readonly book: AddressBook;
  readonly socket: number;
  /** What the system said of one message. */
  readonly onFailed: (message: Outgoing, code: string) => void;
}

/** Sends up to 64 datagrams with one system call. Messages are copied as they come, one behind the other. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #vector: MessageVector;
  readonly #memory = Buffer.from(new ArrayBuffer(ROOM));
  readonly #base: number;
  readonly #messages: Outgoing[] = [];
  #count = 0;
  #used = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#vector = new MessageVector(options.calls, options.book.family);
    this.#base = options.calls.addressOf(this.#memory);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Takes a message; false when there is no room for it until what is in here has left. */
  add(message: Outgoing): boolean {
    const { bytes, host, port } = message;
    if (this.#count === MessageVector.LENGTH) return false;
    if (this.#used + bytes.length > ROOM) {
      if (this.#count > 0) return false;
      this.#options.onFailed(message, 'EMSGSIZE');
      return true;
    }
    const i = this.#count;
    if (!this.#vector.address(i, host, port, this.#options.book)) {
      this.#options.onFailed(message, 'EINVAL');
      return true;
    }
    this.#memory.set(bytes, this.#used);
    this.#vector.place(i, this.#base + this.#used, bytes.length);
    this.#messages[i] = message;
    this.#used += bytes.length;
    this.#count = i + 1;
    return true;
  }

  /** Sends all that is in here; what the system has no room for now comes back, in order. */
  empty(): readonly Outgoing[] {
    const { calls, socket, onFailed } = this.#options;
    const count = this.#count;
    let sent = 0;
    while (sent < count) {
      const more = calls.sendmmsg(socket, this.#vector.from(sent), count - sent, 0);
      if (more > 0) {
        sent += more;
        continue;
      }
      const code = calls.errorName();
      if (code === 'EAGAIN') break;
      if (code === 'EINTR') continue;
      onFailed(this.#messages[sent] as Outgoing, code);
      sent += 1;
    }
    this.#count = 0;
    this.#used = 0;
    return sent === count ? NOTHING : this.#messages.slice(sent, count);
  }
}

/** Enough for two of the largest. */
const ROOM = 2 * 65_536;
const NOTHING: readonly Outgoing[] = [];
