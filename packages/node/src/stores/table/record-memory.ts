/**
 * Memory for records outside of V8's heap, so that a million of them are nothing to the garbage collector. A record is known by its
 * address, a number from 1 on. Its place is used again by records of its size; what was once taken from the system is kept.
 */
export class RecordMemory {
  /** The first has no place for anything, so that 0 is nobody's address. */
  readonly #pieces: Piece[] = [createPiece(0)];
  /** Addresses that are free, by how many units are free there. */
  readonly #free = new Map<number, number[]>();
  /** Of the newest common piece: which one it is, and what of it is in use. */
  #newest = 0;
  #used = PIECE_UNITS;

  allocate(bytes: number): number {
    const units = unitsOf(bytes);
    const free = this.#free.get(units)?.pop();
    if (free !== undefined) return free;
    if (units > PIECE_UNITS) return this.#addPiece(units * UNIT) * PIECE_UNITS;
    if (this.#used + units > PIECE_UNITS) {
      this.#newest = this.#addPiece(PIECE_UNITS * UNIT);
      this.#used = 0;
    }
    const address = this.#newest * PIECE_UNITS + this.#used;
    this.#used += units;
    return address;
  }

  free(address: number, bytes: number): void {
    const units = unitsOf(bytes);
    const free = this.#free.get(units);
    if (free === undefined) this.#free.set(units, [address]);
    else free.push(address);
  }

  /** The memory that an address lies in, at `offsetOf`. */
  pieceOf(address: number): Piece {
    const piece = this.#pieces[Math.floor(address / PIECE_UNITS)];
    if (piece === undefined) throw new RangeError(`there is no record ${address}`);
    return piece;
  }

  #addPiece(size: number): number {
    this.#pieces.push(createPiece(size));
    return this.#pieces.length - 1;
  }
}

/** Three views of the same memory. */
export interface Piece {
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  readonly numbers: Float64Array;
}

function createPiece(size: number): Piece {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, words: new Uint32Array(bytes.buffer), numbers: new Float64Array(bytes.buffer) };
}

/** In bytes, from the beginning of its piece; divisible by 32. */
export const offsetOf = (address: number): number => (address % PIECE_UNITS) * UNIT;

/** True where one record can take the place of the other. */
export const fitsPlaceOf = (bytes: number, other: number): boolean => unitsOf(bytes) === unitsOf(other);

const unitsOf = (bytes: number): number => Math.ceil(bytes / UNIT);

const UNIT = 32;
const PIECE_UNITS = 32_768;
