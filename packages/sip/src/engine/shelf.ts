/**
 * Memory for messages that are kept for half a minute. Each goes into a slab with those kept about the same time: thousands of small
 * buffers would each be one more thing for the garbage collector to look after, and a part of the memory that it was printed
 * into would keep all of that.
 */
export class Shelf {
  #slab = new Uint8Array(0);
  #used = 0;

  /** The same bytes, in a place where they may stay. */
  keep(bytes: Uint8Array): Uint8Array {
    if (bytes.length > SLAB_BYTES / 8) return new Uint8Array(bytes);
    if (this.#used + bytes.length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes.length;
    this.#slab.set(bytes, start);
    return this.#slab.subarray(start, this.#used);
  }
}

/** As much as a busy server keeps in a tenth of a second. */
const SLAB_BYTES = 0x10000;
