import { Buffer } from 'node:buffer';
import type { Text } from '@strowger/sip/text';

/** The native functions that `toString` and `write` end in. They take any byte array, but the published types hide them. */
interface NativeText {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  latin1Write(this: Uint8Array, text: string, offset: number, length: number): number;
}

const { latin1Slice, utf8Slice, latin1Write } = Buffer.prototype as Buffer & NativeText;

/** Bytes to text and back by `Buffer`. The arrays it makes are `Buffer`s, small ones cut from a block they share. */
export const bufferText: Text = {
  latin1: (bytes, start, end) => latin1Slice.call(bytes, start, end),
  utf8: (bytes, start, end) => utf8Slice.call(bytes, start, end),
  encode: (text) => Buffer.from(text, 'utf8'),
  join: (head, bytes, start, end) => {
    const joined = Buffer.allocUnsafe(head.length + end - start);
    latin1Write.call(joined, head, 0, head.length);
    if (end > start) joined.set(bytes.subarray(start, end), head.length);
    return joined;
  },
};
