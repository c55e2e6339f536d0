import { fromBinary } from '../text/binary.ts';
import type { Text } from '../text/text-port.ts';
import { type HeadScan, scanHead } from './head-scan.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Content, type Line, type Message, type Request, type Response, request, response, unfold } from './message.ts';
import { parseStartLine } from './start-line.ts';

/**
 * What stands in the bytes is no message that could be passed on. `message` is what could be read of it, so that a request
 * can still be answered with `status`.
 */
export interface Malformed {
  readonly kind: 'malformed';
  /** Offset of the byte where the fault was seen. */
  readonly position: number;
  /** A reason phrase that names what is wrong. */
  readonly reason: string;
  /** The status code that a request of this kind is answered with. */
  readonly status: 400 | 413 | 505 | 513;
  readonly message: Message | undefined;
}

/**
 * Reads one datagram, or one message that a framer cut from a stream: one pass over the bytes, no header decoded yet
 * (RFC 3261 §7, §18.3). The message keeps `bytes`, which must not change any more. Never throws.
 */
export function parse(bytes: Uint8Array, text: Text, limits: Limits = LIMITS): Request | Response | Malformed {
  const scan = scanHead(bytes, text, limits);
  const start = parseStartLine(scan.text, scan.startLine, scan.startLineEnd);
  const fault = start.fault ?? scan.fault;
  const bodyEnd = fault === undefined ? bodyEndOf(scan) : bytes.length;
  const lines = scan.bareFeeds ? rewritten(scan) : undefined;
  const content = new Content(scan, lines, bytes, scan.headEnd, Math.max(scan.headEnd, bodyEnd));
  const message =
    start.kind === 'request'
      ? request(start.method, scan.plain ? start.uri : fromBinary(start.uri), content)
      : start.kind === 'response'
        ? response(start.status, scan.plain ? start.reason : fromBinary(start.reason), content)
        : undefined;
  if (fault !== undefined) return malformed(fault.position, fault.reason, fault.status, message);
  if (message === undefined) return malformed(0, 'Bad Start Line', 400, undefined);
  if (bodyEnd < 0) return malformed(scan.headEnd, 'Bad Content-Length Header', 400, message);
  if (bodyEnd - scan.headEnd > limits.bodyBytes) return malformed(scan.headEnd, 'Message Body Too Large', 413, message);
  if (bodyEnd > bytes.length) return malformed(bytes.length, 'Body Shorter Than Content-Length', 400, message);
  return message;
}

/** Lines that shall not go on as they came: RFC 3261 §7 wants CRLF behind each line that we send. */
function rewritten({ text, table }: HeadScan): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at + 3 < table.length; at += 4) {
    const [id = 0, start = 0, from = 0, to = 0] = table.slice(at, at + 4);
    lines.push({ id, name: text.slice(start, text.indexOf(':', start)).trim(), value: unfold(text.slice(from, to)) });
  }
  return lines;
}

const malformed = (
  position: number,
  reason: string,
  status: Malformed['status'],
  message: Message | undefined,
): Malformed => ({ kind: 'malformed', position, reason, status, message });

/**
 * Where the body ends by Content-Length, at the end of the bytes without one (RFC 3261 §18.3: what follows in a datagram is
 * discarded); -1 for a Content-Length that is no number.
 */
function bodyEndOf(scan: HeadScan): number {
  const { bytes } = scan;
  if (scan.lengthLine < 0) return bytes.length;
  const start = scan.table[scan.lengthLine * 4 + 2] ?? 0;
  const end = scan.table[scan.lengthLine * 4 + 3] ?? 0;
  if (end === start || end - start > 10) return -1;
  let length = 0;
  for (let p = start; p < end; p += 1) {
    const digit = (bytes[p] ?? 0) - 48;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return scan.headEnd + length;
}
