import { type Finding, note, warning } from './finding.ts';

export interface Ended {
  /** With CRLF where a whole file had line feeds alone; the lines and columns are those of the file. */
  readonly bytes: Uint8Array;
  readonly findings: readonly Finding[];
}

/**
 * RFC 3261 §7: every line of a message ends with CRLF. A file in which no line does was saved by an editor, and is read as if
 * they did, unless its Content-Length fits the body as it stands; single line feeds among CRLF are told one by one.
 */
export function withLineEnds(bytes: Uint8Array): Ended {
  if (bytes.includes(LF) && !bytes.includes(CR)) return saved(bytes);
  const findings: Finding[] = [];
  const headEnd = headEndOf(bytes);
  for (let p = bytes.indexOf(LF); p >= 0 && p < headEnd; p = bytes.indexOf(LF, p + 1)) {
    if (bytes[p - 1] === CR) continue;
    findings.push(warning({ at: p, length: 1 }, 'this line ends with a line feed alone; it must end with CRLF', RFC));
    if (findings.length === MAX_TOLD) break;
  }
  return { bytes, findings };
}

/** Behind the empty line, or the length where there is none. */
export function headEndOf(bytes: Uint8Array): number {
  let p = 0;
  while (bytes[p] === LF || bytes[p] === CR) p += 1;
  for (p = bytes.indexOf(LF, p); p >= 0; p = bytes.indexOf(LF, p + 1)) {
    if (bytes[p + 1] === LF) return p + 2;
    if (bytes[p + 1] === CR && bytes[p + 2] === LF) return p + 3;
  }
  return bytes.length;
}

function saved(bytes: Uint8Array): Ended {
  const headEnd = headEndOf(bytes);
  const [head, body] = [withReturns(bytes.subarray(0, headEnd)), bytes.subarray(headEnd)];
  const told = contentLengthIn(head);
  const sent = told === body.length || !body.includes(LF) ? body : withReturns(body);
  const joined = new Uint8Array(head.length + sent.length);
  joined.set(head);
  joined.set(sent, head.length);
  const text =
    'the lines of this file end with line feeds alone, as editors save them; it is read as if they were CRLF';
  return { bytes: joined, findings: [note(undefined, text, RFC)] };
}

function withReturns(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (const byte of bytes) {
    if (byte === LF) out.push(CR);
    out.push(byte);
  }
  return Uint8Array.from(out);
}

function contentLengthIn(head: Uint8Array): number | undefined {
  const text = String.fromCharCode(...head.subarray(0, MAX_SEARCHED));
  const found = /^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?$/im.exec(text);
  return found === null ? undefined : Number(found[1]);
}

const LF = 10;
const CR = 13;
const RFC = 'RFC 3261 §7';
/** The same fault in every line is told often enough. */
const MAX_TOLD = 5;
const MAX_SEARCHED = 60_000;
