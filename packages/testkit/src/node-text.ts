import { Buffer } from 'node:buffer';
import type { Text } from '@strowger/sip/text';

/** The `Text` port that virtual engines and phones use: quick enough for long simulations. */
export const nodeText: Text = {
  latin1: (bytes, start, end) => viewOf(bytes, start, end).toString('latin1'),
  utf8: (bytes, start, end) => viewOf(bytes, start, end).toString('utf8'),
  encode: (text) => new Uint8Array(Buffer.from(text, 'utf8')),
  join: (head, bytes, start, end) => {
    const out = new Uint8Array(head.length + end - start);
    viewOf(out, 0, head.length).write(head, 'latin1');
    out.set(bytes.subarray(start, end), head.length);
    return out;
  },
};

const viewOf = (bytes: Uint8Array, start: number, end: number): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
