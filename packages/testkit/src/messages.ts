import { type Message, parse, type Request, type Response } from '@strowger/sip/message';
import type { Text } from '@strowger/sip/text';

/** A `Text` port of plain JavaScript: slow, and the same everywhere. */
export const plainText: Text = {
  latin1: (bytes, start, end) => {
    let out = '';
    for (let i = start; i < end; i += 1) out += String.fromCharCode(bytes[i] ?? 0);
    return out;
  },
  utf8: (bytes, start, end) => decodeURIComponent(escapedBytes(bytes, start, end)),
  encode: (text) => bytesOf(text),
  join: (head, bytes, start, end) => {
    const out = new Uint8Array(head.length + end - start);
    for (let i = 0; i < head.length; i += 1) out[i] = head.charCodeAt(i);
    out.set(bytes.subarray(start, end), head.length);
    return out;
  },
};

/** The UTF-8 bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  const binary = encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '?')).replace(
    /%([0-9A-F]{2})/g,
    (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** A message from lines: joined with CRLF, an empty line behind the headers. */
export const messageText = (lines: readonly string[], body = ''): string => `${lines.join('\r\n')}\r\n\r\n${body}`;

/** @throws Error when the text is no request */
export function requestOf(text: string): Request {
  const parsed = parsedOf(text);
  if (parsed.kind !== 'request') throw new Error(`expected a request, found a ${parsed.kind}`);
  return parsed;
}

/** @throws Error when the text is no response */
export function responseOf(text: string): Response {
  const parsed = parsedOf(text);
  if (parsed.kind !== 'response') throw new Error(`expected a response, found a ${parsed.kind}`);
  return parsed;
}

function parsedOf(text: string): Message {
  const parsed = parse(bytesOf(text), plainText);
  if (parsed.kind === 'malformed') throw new Error(`${parsed.reason} at byte ${parsed.position}`);
  return parsed;
}

const escapedBytes = (bytes: Uint8Array, start: number, end: number): string =>
  Array.from(bytes.subarray(start, end), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
