import { ADDRESS_BYTES, type AddressBook, type Family } from './socket-address.ts';
import type { SystemCalls } from './system-calls.ts';

/**
 * An array of `struct mmsghdr` with its addresses and its `struct iovec`s, in one stretch of memory that the system reads and
 * writes: one message each, in one piece.
 */
export class MessageVector {
  /** More in one call saves nothing that could be measured. */
  static readonly LENGTH = 64;
  /** For the system: it begins with the headers. */
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(calls: SystemCalls, family: Family) {
    const memory = new ArrayBuffer(MessageVector.LENGTH * (HEADER + PIECE + ADDRESS));
    this.bytes = new Uint8Array(memory);
    this.#words = new Int32Array(memory);
    const base = calls.addressOf(this.bytes);
    for (let i = 0; i < MessageVector.LENGTH; i += 1) {
      const header = (i * HEADER) >>> 2;
      this.#point(header, base + ADDRESSES + i * ADDRESS); // msg_name
      this.#words[header + 2] = ADDRESS_BYTES[family]; // msg_namelen
      this.#point(header + 4, base + PIECES + i * PIECE); // msg_iov
      this.#words[header + 6] = 1; // msg_iovlen
    }
  }

  /** The bytes of a message lie here; so many there are, or there is room for. */
  place(i: number, address: number, length: number): void {
    const piece = (PIECES + i * PIECE) >>> 2;
    this.#point(piece, address);
    this.#words[piece + 2] = length;
  }

  /** Addresses a message; false for a host that is no address of this family. */
  address(i: number, host: string, port: number, book: AddressBook): boolean {
    return book.write(host, port, this.bytes, this.#words, (ADDRESSES + i * ADDRESS) >>> 2);
  }

  /** How many bytes of it came. */
  received(i: number): number {
    return this.#words[(i * HEADER + RECEIVED) >>> 2] as number;
  }

  host(i: number, book: AddressBook): string {
    return book.host(this.bytes, this.#words, (ADDRESSES + i * ADDRESS) >>> 2);
  }

  port(i: number): number {
    const first = ADDRESSES + i * ADDRESS;
    return ((this.bytes[first + 2] as number) << 8) | (this.bytes[first + 3] as number);
  }

  /** The headers from the nth on, for the system. */
  from(i: number): Uint8Array {
    return i === 0 ? this.bytes : this.bytes.subarray(i * HEADER);
  }

  /** Writes a pointer as two words, the low one first. */
  #point(word: number, address: number): void {
    this.#words[word] = address | 0;
    this.#words[word + 1] = Math.floor(address / 2 ** 32);
  }
}

const [HEADER, PIECE, ADDRESS] = [64, 16, 32];
const PIECES = MessageVector.LENGTH * HEADER;
const ADDRESSES = PIECES + MessageVector.LENGTH * PIECE;
/** Where a header says how many bytes came: msg_len. */
const RECEIVED = 56;
