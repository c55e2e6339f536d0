import { toBinary } from '../text/binary.ts';
import type { Text } from '../text/text-port.ts';
import { contentLength } from './headers/core.ts';
import type { Content, Message } from './message.ts';

/**
 * The bytes of a message. Lines that came off the wire are copied as they stand, in runs; Content-Length is added where it
 * is missing (RFC 3261 §20.14: streams need it, datagrams may have it).
 */
export function print(message: Message, text: Text): Uint8Array {
  const content = message.content;
  return text.join(headOf(message), content.bytes, content.bodyStart, content.bodyEnd);
}

/** Start line, header lines and the empty line, one character a byte. */
export function headOf(message: Message): string {
  const start =
    message.kind === 'request'
      ? `${message.method} ${toBinary(message.uri)} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${toBinary(message.reason)}\r\n`;
  const content = message.content;
  const length = content.find(contentLength) >= 0 ? '' : `Content-Length: ${content.bodyEnd - content.bodyStart}\r\n`;
  return `${start}${linesOf(content)}${length}\r\n`;
}

function linesOf(content: Content): string {
  const { lines } = content;
  const { text, table } = content.head;
  if (lines === undefined) return table.length === 1 ? '' : text.slice(table[1] ?? 0, table[table.length - 1] ?? 0);
  let out = '';
  for (let i = 0; i < lines.length; i += 1) {
    const ref = lines[i];
    if (typeof ref === 'number') {
      let last = ref;
      while (lines[i + 1] === last + 1) {
        last += 1;
        i += 1;
      }
      out += text.slice(table[ref * 4 + 1], startOf(table, last + 1));
    } else if (ref !== undefined) out += `${ref.name}: ${ref.value}\r\n`;
  }
  return out;
}

/** Where a line of the source begins; behind the last line, where the header part ends. */
const startOf = (table: readonly number[], line: number): number | undefined =>
  line * 4 === table.length - 1 ? table[line * 4] : table[line * 4 + 1];
