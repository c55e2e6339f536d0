import type { Binding } from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import type { Filing } from './expiry-calendar.ts';
import { bindingsFrom, earliestFrom, type HeldBindings, NUMBERS } from './held-bindings.ts';
import { fitsPlaceOf, offsetOf, RecordMemory } from './record-memory.ts';

/**
 * One record for each address-of-record that has bindings: version, name, and the bindings as `HeldBindings`, texts in UTF-8. It moves
 * when it becomes longer or shorter.
 */
export class Records implements Filing {
  readonly #memory = new RecordMemory();
  /** Where texts are put before it is known how long they are. */
  #draft = Buffer.allocUnsafeSlow(65_536);

  create(aor: string, version: number, held: HeldBindings): number {
    const [aorBytes, textBytes] = this.#writeDraft(aor, held.texts);
    const record = this.#memory.allocate(HEADER + 8 * held.numbers.length + aorBytes + textBytes);
    this.#fill(record, version, held.numbers, aorBytes, textBytes);
    this.setFiled(record, 0);
    return record;
  }

  /** Tells where it is then. */
  replace(record: number, aor: string, version: number, held: HeldBindings): number {
    const [aorBytes, textBytes] = this.#writeDraft(aor, held.texts);
    const bytes = HEADER + 8 * held.numbers.length + aorBytes + textBytes;
    if (fitsPlaceOf(bytes, this.#bytesOf(record))) {
      this.#fill(record, version, held.numbers, aorBytes, textBytes);
      return record;
    }
    this.free(record);
    const moved = this.#memory.allocate(bytes);
    this.#fill(moved, version, held.numbers, aorBytes, textBytes);
    this.setFiled(moved, 0);
    return moved;
  }

  free(record: number): void {
    this.setFiled(record, 0);
    this.#memory.free(record, this.#bytesOf(record));
  }

  versionOf(record: number): number {
    return this.#memory.pieceOf(record).numbers[offsetOf(record) / 8] ?? 0;
  }

  earliestOf(record: number): UnixMs {
    const { numbers } = this.#memory.pieceOf(record);
    return earliestFrom(numbers, (offsetOf(record) + HEADER) / 8, this.#word(record, COUNT));
  }

  bindingsOf(record: number): readonly Binding[] {
    const { numbers } = this.#memory.pieceOf(record);
    const at = (offsetOf(record) + HEADER) / 8;
    return bindingsFrom(numbers, at, this.#word(record, COUNT), this.#textsOf(record));
  }

  heldOf(record: number): HeldBindings {
    const { numbers } = this.#memory.pieceOf(record);
    const at = (offsetOf(record) + HEADER) / 8;
    return { numbers: numbers.slice(at, at + NUMBERS * this.#word(record, COUNT)), texts: this.#textsOf(record) };
  }

  aorOf(record: number): string {
    const from = this.#aorAt(record);
    return this.#memory.pieceOf(record).bytes.toString('utf8', from, from + this.#word(record, AOR_BYTES));
  }

  /** Without making a text for it where both are plain ASCII. */
  isOf(record: number, aor: string): boolean {
    const length = this.#word(record, AOR_BYTES);
    if (length < aor.length) return false;
    const { bytes } = this.#memory.pieceOf(record);
    const from = this.#aorAt(record);
    for (let i = 0; i < aor.length; i += 1) {
      const code = aor.charCodeAt(i);
      if (code > 0x7f) return this.aorOf(record) === aor;
      if (bytes[from + i] !== code) return false;
    }
    return length === aor.length;
  }

  filedOf(record: number): number {
    return this.#word(record, FILED);
  }

  setFiled(record: number, second: number): void {
    this.#memory.pieceOf(record).words[offsetOf(record) / 4 + FILED] = second;
  }

  #fill(record: number, version: number, values: ArrayLike<number>, aorBytes: number, textBytes: number): void {
    const { bytes, words, numbers } = this.#memory.pieceOf(record);
    const offset = offsetOf(record);
    numbers[offset / 8] = version;
    words[offset / 4 + COUNT] = values.length / NUMBERS;
    words[offset / 4 + AOR_BYTES] = aorBytes;
    words[offset / 4 + TEXT_BYTES] = textBytes;
    const at = (offset + HEADER) / 8;
    for (let i = 0; i < values.length; i += 1) numbers[at + i] = values[i] ?? Number.NaN;
    this.#draft.copy(bytes, this.#aorAt(record), 0, aorBytes + textBytes);
  }

  #aorAt(record: number): number {
    return offsetOf(record) + HEADER + 8 * NUMBERS * this.#word(record, COUNT);
  }

  #textsOf(record: number): string {
    const from = this.#aorAt(record) + this.#word(record, AOR_BYTES);
    return this.#memory.pieceOf(record).bytes.toString('utf8', from, from + this.#word(record, TEXT_BYTES));
  }

  #bytesOf(record: number): number {
    return this.#aorAt(record) - offsetOf(record) + this.#word(record, AOR_BYTES) + this.#word(record, TEXT_BYTES);
  }

  #word(record: number, place: number): number {
    return this.#memory.pieceOf(record).words[offsetOf(record) / 4 + place] ?? 0;
  }

  /** Writes both one behind the other, and tells how long they are. UTF-8 takes at most three bytes for a unit of a text. */
  #writeDraft(aor: string, texts: string): readonly [number, number] {
    const most = 3 * (aor.length + texts.length);
    if (most > this.#draft.length) this.#draft = Buffer.allocUnsafeSlow(2 * most);
    const aorBytes = this.#draft.write(aor, 0);
    return [aorBytes, this.#draft.write(texts, aorBytes)];
  }
}

/** A record: the version in 8 bytes, four words of 4 at these places, the numbers, the name, the texts. */
const FILED = 2;
const COUNT = 3;
const AOR_BYTES = 4;
const TEXT_BYTES = 5;
const HEADER = 24;
