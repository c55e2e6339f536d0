import type { Text } from '../text/text-port.ts';
import { contentLength } from './headers/core.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Content, type Line, type Message, type Request, type Response, request, response, unfold } from './message.ts';
import { hashStep, idAt } from './names.ts';
import { type Fault, parseStartLine } from './start-line.ts';

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
  const scan = scanHead(bytes, limits);
  const head = text.latin1(bytes, 0, scan.headEnd);
  const start = parseStartLine(head.slice(scan.startLine, scan.startLineEnd), scan.startLine);
  const fault = start.fault ?? scan.fault;
  const bodyEnd = fault === undefined ? bodyEndOf(scan, head, bytes.length) : bytes.length;
  const content = new Content(
    head,
    scan.table,
    scan.bareFeeds ? rewritten(scan.table, head) : undefined,
    bytes,
    scan.headEnd,
    Math.max(scan.headEnd, bodyEnd),
    scan.plain,
  );
  const message =
    start.kind === 'request'
      ? request(start.method, start.uri, content)
      : start.kind === 'response'
        ? response(start.status, start.reason, content)
        : undefined;
  if (fault !== undefined) return malformed(fault.position, fault.reason, fault.status, message);
  if (message === undefined) return malformed(0, 'Bad Start Line', 400, undefined);
  if (bodyEnd < 0) return malformed(scan.headEnd, 'Bad Content-Length Header', 400, message);
  if (bodyEnd - scan.headEnd > limits.bodyBytes) return malformed(scan.headEnd, 'Message Body Too Large', 413, message);
  if (bodyEnd > bytes.length) return malformed(bytes.length, 'Body Shorter Than Content-Length', 400, message);
  return message;
}

const isWhite = (c: number | undefined): boolean => c === 32 || c === 9 || c === 13 || c === 10;

/** Lines that shall not go on as they came: RFC 3261 §7 wants CRLF behind each line that we send. */
function rewritten(table: readonly number[], head: string): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at + 3 < table.length; at += 4) {
    const [id = 0, start = 0, from = 0, to = 0] = table.slice(at, at + 4);
    lines.push({ id, name: head.slice(start, head.indexOf(':', start)).trim(), value: unfold(head.slice(from, to)) });
  }
  return lines;
}

const malformed = (
  position: number,
  reason: string,
  status: Malformed['status'],
  message: Message | undefined,
): Malformed => ({ kind: 'malformed', position, reason, status, message });

interface Scan {
  readonly startLine: number;
  readonly startLineEnd: number;
  readonly table: readonly number[];
  /** Behind the empty line. */
  readonly headEnd: number;
  readonly plain: boolean;
  /** True when a line ended with LF alone. */
  readonly bareFeeds: boolean;
  /** Line number of Content-Length in the table, or -1. */
  readonly lengthLine: number;
  readonly fault: Fault | undefined;
}

/** The one pass: finds the lines and which header each is. Four numbers a line: id, start, start and end of the value. */
function scanHead(b: Uint8Array, limits: Limits): Scan {
  const end = Math.min(b.length, limits.headBytes);
  const table: number[] = [];
  let fault: Fault | undefined;
  let p = 0;
  while (p < end && (b[p] === 13 || b[p] === 10)) p += 1; // RFC 3261 §7.5: empty lines before the start line
  const startLine = p;
  while (p < end && b[p] !== 10) p += 1;
  const startLineEnd = b[p - 1] === 13 ? p - 1 : p;
  p += 1;
  let seen = 0; // all value bytes OR-ed: 0x80 shows that not all is ASCII
  let folded = false;
  let bareFeeds = false;
  let lengthLine = -1;
  let headerEnd = p;
  for (;;) {
    if (p >= end) {
      headerEnd = Math.min(p, b.length);
      fault ??=
        b.length > limits.headBytes
          ? { position: end, reason: 'Message Header Too Large', status: 513 }
          : { position: headerEnd, reason: 'Missing Empty Line After The Headers', status: 400 };
      break;
    }
    const c0 = b[p] ?? 0;
    if (c0 === 10 || (c0 === 13 && b[p + 1] === 10)) {
      headerEnd = p;
      p += c0 === 10 ? 1 : 2;
      break;
    }
    const lineStart = p;
    let hash = 0;
    let c = c0;
    while (c !== 58 && c > 32 && p < end) {
      hash = hashStep(hash, c);
      p += 1;
      c = b[p] ?? 0;
    }
    const nameEnd = p;
    while (c === 32 || c === 9) {
      p += 1;
      c = b[p] ?? 0;
    }
    if (c !== 58 || nameEnd === lineStart) {
      fault ??= { position: p, reason: 'Bad Header Line', status: 400 };
      while (p < end && b[p] !== 10) p += 1;
      p += 1;
      continue;
    }
    p += 1;
    while (b[p] === 32 || b[p] === 9) p += 1;
    let valueStart = p;
    let valueEnd = p;
    for (;;) {
      while (p < end) {
        c = b[p] ?? 0;
        if (c < 32 && c !== 9) {
          if (c === 10) break;
          // RFC 3261 §25.1 quoted-pair: behind a backslash every control character may stand but CR and LF
          if (c === 13 ? b[p + 1] !== 10 : b[p - 1] !== 92)
            fault ??= { position: p, reason: 'Control Character In Header', status: 400 };
        }
        seen |= c;
        p += 1;
      }
      if (b[p - 1] !== 13 && p < end) bareFeeds = true;
      valueEnd = p > valueStart && b[p - 1] === 13 ? p - 1 : p;
      p += 1;
      if (b[p] !== 32 && b[p] !== 9) break;
      if (valueStart === valueEnd) {
        while (b[p] === 32 || b[p] === 9) p += 1; // an empty first line: the value begins on the next
        valueStart = p;
      } else folded = true;
      if (p >= end) break;
    }
    while (valueEnd > valueStart && isWhite(b[valueEnd - 1])) valueEnd -= 1; // folds without anything in them too
    const id = idAt(b, lineStart, nameEnd, hash);
    if (id === contentLength.id) {
      // RFC 4475 §3.3.9: which of several was meant nobody can know
      if (lengthLine >= 0) fault ??= { position: lineStart, reason: 'Multiple Content-Length Headers', status: 400 };
      else lengthLine = table.length >> 2;
    }
    if (p - lineStart > limits.lineBytes)
      fault ??= { position: lineStart, reason: 'Header Line Too Long', status: 400 };
    if (table.length >= limits.headerLines * 4) {
      fault ??= { position: lineStart, reason: 'Too Many Headers', status: 400 };
      continue;
    }
    table.push(id, lineStart, valueStart, Math.max(valueStart, valueEnd));
  }
  table.push(headerEnd);
  return {
    startLine,
    startLineEnd,
    table,
    headEnd: Math.min(p, b.length),
    plain: (seen & 0x80) === 0 && !folded,
    bareFeeds,
    lengthLine,
    fault,
  };
}

/**
 * Where the body ends by Content-Length, at the end of the bytes without one (RFC 3261 §18.3: what follows in a datagram is
 * discarded); -1 for a Content-Length that is no number.
 */
function bodyEndOf(scan: Scan, head: string, size: number): number {
  if (scan.lengthLine < 0) return size;
  const at = scan.lengthLine * 4;
  const value = head.slice(scan.table[at + 2], scan.table[at + 3]);
  return /^\d{1,10}$/.test(value) ? scan.headEnd + Number(value) : -1;
}
