/** Tells whether what is at an address has this name. */
export interface Names {
  isOf(address: number, name: string): boolean;
}

/** A hash table of addresses in typed arrays, with linear probing. It knows hashes; the names stand at the addresses. */
export class HashShard {
  /** Pairs of hash and address; an address of 0 is a free place. */
  #slots = new Uint32Array(2 * SMALLEST);
  #mask = SMALLEST - 1;
  #size = 0;

  /** The address of what has this name and hash, or 0. */
  find(hash: number, name: string, names: Names): number {
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const address = this.#slots[2 * place + 1] ?? 0;
      if (address === 0 || (this.#slots[2 * place] === hash && names.isOf(address, name))) return address;
    }
  }

  /** Adds an address that is not there. */
  add(hash: number, address: number): void {
    if (4 * this.#size >= 3 * (this.#mask + 1)) this.#resize(2 * (this.#mask + 1));
    this.#put(hash, address);
    this.#size += 1;
  }

  move(hash: number, from: number, to: number): void {
    this.#slots[2 * this.#placeOf(hash, from) + 1] = to;
  }

  remove(hash: number, address: number): void {
    this.#close(this.#placeOf(hash, address));
    this.#size -= 1;
    if (this.#mask >= SMALLEST && 8 * this.#size < this.#mask) this.#resize((this.#mask + 1) / 2);
  }

  *addresses(): Iterable<number> {
    for (let i = 1; i < this.#slots.length; i += 2) {
      const address = this.#slots[i] ?? 0;
      if (address !== 0) yield address;
    }
  }

  #placeOf(hash: number, address: number): number {
    let place = hash & this.#mask;
    while (this.#slots[2 * place + 1] !== address) place = (place + 1) & this.#mask;
    return place;
  }

  #put(hash: number, address: number): void {
    let place = hash & this.#mask;
    while (this.#slots[2 * place + 1] !== 0) place = (place + 1) & this.#mask;
    this.#slots[2 * place] = hash;
    this.#slots[2 * place + 1] = address;
  }

  /** Frees a place and brings those forward that only stand behind it because it was taken (Knuth, volume 3, algorithm 6.4 R). */
  #close(gap: number): void {
    let free = gap;
    for (let place = (gap + 1) & this.#mask; this.#slots[2 * place + 1] !== 0; place = (place + 1) & this.#mask) {
      const home = (this.#slots[2 * place] ?? 0) & this.#mask;
      if (((place - home) & this.#mask) < ((place - free) & this.#mask)) continue;
      this.#slots[2 * free] = this.#slots[2 * place] ?? 0;
      this.#slots[2 * free + 1] = this.#slots[2 * place + 1] ?? 0;
      free = place;
    }
    this.#slots[2 * free + 1] = 0;
  }

  #resize(places: number): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * places);
    this.#mask = places - 1;
    for (let i = 0; i < old.length; i += 2) {
      const address = old[i + 1] ?? 0;
      if (address !== 0) this.#put(old[i] ?? 0, address);
    }
  }
}

/** A power of two, as are all sizes. */
const SMALLEST = 8;
