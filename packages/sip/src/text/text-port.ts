/** How bytes become text and back: `Buffer` in Node, `TextDecoder` on the web. Offsets are always bytes. */
export interface Text {
  /** One character a byte (ISO 8859-1), so that offsets in the text are offsets in the bytes. */
  latin1(bytes: Uint8Array, start: number, end: number): string;
  /** UTF-8, with replacement characters for what is not. */
  utf8(bytes: Uint8Array, start: number, end: number): string;
  /** The UTF-8 bytes of a text. */
  encode(text: string): Uint8Array;
  /** One new array: the characters of `head`, one byte each, then `bytes` from `start` to `end`. */
  join(head: string, bytes: Uint8Array, start: number, end: number): Uint8Array;
}
