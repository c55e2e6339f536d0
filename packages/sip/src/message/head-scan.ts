import type { Text } from '../text/text-port.ts';
import { contentLength } from './headers/core.ts';
import type { Limits } from './limits.ts';
import type { Head } from './message.ts';
import { idAt } from './names.ts';
import type { Fault } from './start-line.ts';

/** What the one pass over a header part finds. All numbers are offsets. */
export class HeadScan implements Head {
  text = '';
  readonly bytes: Uint8Array;
  table: readonly number[] = NO_TABLE;
  plain = true;
  /** True when a line ended with LF alone. */
  bareFeeds = false;
  startLine = 0;
  startLineEnd = 0;
  /** Behind the empty line. */
  headEnd = 0;
  /** Line number of Content-Length in the table, or -1. */
  lengthLine = -1;
  /** The first one. */
  fault: Fault | undefined = undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  note(position: number, reason: string, status: Fault['status'] = 400): void {
    this.fault ??= { position, reason, status };
  }
}

export function scanHead(bytes: Uint8Array, text: Text, limits: Limits): HeadScan {
  const scan = new HeadScan(bytes);
  let lines = 0; // so many numbers of `TABLE` are in use
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(bytes.length, limits.headBytes);
  let p = 0;
  while (p < end && (bytes[p] === 13 || bytes[p] === 10)) p += 1; // RFC 3261 §7.5: empty lines before the start line
  scan.startLine = p;
  for (
    p = endOfPrintable(bytes, words, p, end);
    p < end && bytes[p] !== 10;
    p = endOfPrintable(bytes, words, p + 1, end)
  )
    if ((bytes[p] as number) > 127) scan.plain = false;
  scan.startLineEnd = bytes[p - 1] === 13 ? p - 1 : p;
  p += 1;
  while (p < end && !isEmptyLine(bytes, p)) {
    const start = p;
    const nameEnd = endOfName(bytes, start, end);
    const colon = endOfBlanks(bytes, nameEnd, end);
    if (bytes[colon] !== 58 || nameEnd === start) {
      scan.note(colon, 'Bad Header Line');
      p = endOfLine(bytes, colon, end) + 1;
      continue;
    }
    let valueStart = endOfBlanks(bytes, colon + 1, end);
    let lineEnd = endOfText(scan, bytes, words, valueStart, end);
    let valueEnd = behindText(bytes, valueStart, lineEnd);
    p = lineEnd + 1;
    while (p < end && isBlank(bytes[p] as number)) {
      if (valueStart === valueEnd) {
        p = endOfBlanks(bytes, p, end); // an empty first line: the value begins on the next
        valueStart = p;
      } else scan.plain = false;
      lineEnd = endOfText(scan, bytes, words, p, end);
      valueEnd = behindText(bytes, valueStart, lineEnd);
      p = lineEnd + 1;
    }
    const id = idAt(words, start, nameEnd);
    if (id === contentLength.id) {
      // RFC 4475 §3.3.9: which of several was meant nobody can know
      if (scan.lengthLine >= 0) scan.note(start, 'Multiple Content-Length Headers');
      else scan.lengthLine = lines >> 2;
    }
    if (p - start > limits.lineBytes) scan.note(start, 'Header Line Too Long');
    if (lines >= limits.headerLines * 4) scan.note(start, 'Too Many Headers');
    else {
      TABLE[lines] = id;
      TABLE[lines + 1] = start;
      TABLE[lines + 2] = valueStart;
      TABLE[lines + 3] = valueEnd;
      lines += 4;
    }
  }
  TABLE[lines] = Math.min(p, bytes.length);
  scan.table = TABLE.slice(0, lines + 1);
  if (p < end) p += bytes[p] === 10 ? 1 : 2;
  else if (bytes.length > limits.headBytes) scan.note(end, 'Message Header Too Large', 513);
  else scan.note(Math.min(p, bytes.length), 'Missing Empty Line After The Headers');
  scan.headEnd = Math.min(p, bytes.length);
  scan.text = text.latin1(bytes, 0, scan.headEnd);
  return scan;
}

/** Where the line ends that `start` is in, with a look at everything on the way that is no printable ASCII. */
function endOfText(scan: HeadScan, bytes: Uint8Array, words: DataView, start: number, end: number): number {
  let p = endOfPrintable(bytes, words, start, end);
  if (bytes[p] === 13 && bytes[p + 1] === 10 && p + 1 < end) return p + 1;
  for (; p < end; p = endOfPrintable(bytes, words, p + 1, end)) {
    const c = bytes[p] as number;
    if (c === 10) {
      if (bytes[p - 1] !== 13) scan.bareFeeds = true;
      return p;
    }
    if (c > 127) scan.plain = false;
    // RFC 3261 §25.1 quoted-pair: behind a backslash every control character may stand but CR and LF
    else if (c === 13 ? bytes[p + 1] !== 10 : c !== 9 && bytes[p - 1] !== 92)
      scan.note(p, 'Control Character In Header');
  }
  return end;
}

/** Offset of the first control character, or byte from 0x80 up: four bytes at a time, which takes a third of the time. */
function endOfPrintable(bytes: Uint8Array, words: DataView, start: number, end: number): number {
  let p = start;
  for (const last = end - 4; p <= last; p += 4) {
    const word = words.getInt32(p, true);
    if ((((word - 0x20202020) | word) & 0x80808080) !== 0) break;
  }
  while (p < end && (bytes[p] as number) > 31 && (bytes[p] as number) < 128) p += 1;
  return p;
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 9;

const isWhite = (byte: number): boolean => byte === 32 || byte === 9 || byte === 13 || byte === 10;

const isEmptyLine = (bytes: Uint8Array, p: number): boolean =>
  bytes[p] === 10 || (bytes[p] === 13 && bytes[p + 1] === 10);

function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && bytes[p] !== 10) p += 1;
  return p;
}

function endOfName(bytes: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && bytes[p] !== 58 && (bytes[p] as number) > 32) p += 1;
  return p;
}

function endOfBlanks(bytes: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end && isBlank(bytes[p] as number)) p += 1;
  return p;
}

/** Without the CR, the blanks before it, and folds with nothing in them. */
function behindText(bytes: Uint8Array, start: number, lineEnd: number): number {
  let p = lineEnd;
  while (p > start && isWhite(bytes[p - 1] as number)) p -= 1;
  return p;
}

/** One pass fills it, and the message gets a copy that is as long as it has to be. */
const TABLE: number[] = [];
const NO_TABLE: readonly number[] = [0];
