import { toBinary } from '../text/binary.ts';
import { UsageFault } from '../text/faults.ts';
import type { Text } from '../text/text-port.ts';
import { contentDisposition, contentId, contentType, type Disposition, type MediaType } from './headers/content.ts';
import { isBoundary } from './multipart.ts';

/** A part of a body that is put together here. */
export interface NewBody {
  readonly type: MediaType;
  /** Its `handling` says whether the receiver may go on without this part (RFC 5621 §8.2). */
  readonly disposition?: Disposition;
  readonly id?: string;
  readonly bytes: Uint8Array;
}

/**
 * A `multipart/*` body of these parts. A part may itself be printed this way, with another boundary. The boundary is an
 * unguessable token, so that it does not stand in a part by chance; it goes into the Content-Type of the whole.
 * @throws UsageFault for a boundary that is none, or that a line of a part begins with, and for no parts at all
 */
export function printMultipart(parts: readonly NewBody[], boundary: string, text: Text): Uint8Array {
  if (!isBoundary(boundary)) throw new UsageFault(`"${boundary}" cannot be a boundary`);
  if (parts.length === 0) throw new UsageFault('a multipart body has at least one part');
  const delimiter = text.encode(`--${boundary}`);
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    if (holdsLine(part.bytes, delimiter)) throw new UsageFault(`a line of a part begins with "--${boundary}"`);
    pieces.push(text.encode(`--${boundary}\r\n`), binaryOf(headOf(part), text), part.bytes, text.encode('\r\n'));
  }
  pieces.push(text.encode(`--${boundary}--\r\n`));
  return joined(pieces);
}

function headOf({ type, disposition, id }: NewBody): string {
  const lines = [`Content-Type: ${contentType.encode(type)}`];
  if (disposition !== undefined) lines.push(`Content-Disposition: ${contentDisposition.encode(disposition)}`);
  if (id !== undefined) lines.push(`Content-ID: ${contentId.encode(id)}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const binaryOf = (head: string, text: Text): Uint8Array => text.join(toBinary(head), NO_BYTES, 0, 0);

function holdsLine(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at >= 0 && at < bytes.length; at = bytes.indexOf(10, at) + 1 || -1)
    if (start.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

const NO_BYTES = new Uint8Array(0);
