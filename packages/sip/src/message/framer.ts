import { LIMITS, type Limits } from './limits.ts';

/** What a stretch of a stream brought. */
export interface Framed {
  /** Whole messages, each in memory of its own or a view that nobody writes to any more. */
  readonly messages: readonly Uint8Array[];
  /** How many times CRLF CRLF stood between messages: the keep-alive that a single CRLF answers (RFC 5626 §3.5.1). */
  readonly pings: number;
  /** Why nothing behind the last message can be understood: the connection is to be closed (RFC 3261 §18.3). */
  readonly fault: string | undefined;
}

/**
 * Cuts a stream into messages by Content-Length (RFC 3261 §18.3), however it was split on the way. Bytes that were looked
 * at once are not looked at again, so a message sent one byte at a time costs no more than one sent whole.
 */
export class Framer {
  readonly #limits: Limits;
  /** What is not yet a whole message. */
  #kept: Uint8Array = EMPTY;
  #keptLength = 0;
  /** How far the end of the headers was looked for in `#kept`. */
  #scanned = 0;
  /** The length of the message whose headers are complete; 0 while they are not. */
  #wanted = 0;
  #faulty = false;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  /** Bytes held back because their message is not complete. */
  get pending(): number {
    return this.#keptLength;
  }

  /** True where nothing is held back and nothing was wrong: it is as it was when it was new. */
  get isFresh(): boolean {
    return this.#keptLength === 0 && this.#wanted === 0 && this.#scanned === 0 && !this.#faulty;
  }

  push(chunk: Uint8Array): Framed {
    if (this.#faulty) return { messages: [], pings: 0, fault: undefined };
    const messages: Uint8Array[] = [];
    let pings = 0;
    let fault: string | undefined;
    let bytes = this.#joined(chunk);
    for (;;) {
      if (this.#wanted === 0) {
        const blank = this.#scanned === 0 ? leadingBreaks(bytes) : 0;
        pings += blank >> 2;
        bytes = bytes.subarray(blank < bytes.length ? blank : blank & ~3);
        if (bytes.length < 4 && blank > 0 && isBreaks(bytes)) break;
        if (bytes.length === 0) break;
        const headEnd = endOfHead(bytes, this.#scanned);
        if (headEnd < 0 ? bytes.length > this.#limits.headBytes : headEnd > this.#limits.headBytes)
          fault = 'Message Header Too Large';
        if (headEnd < 0 || fault !== undefined) {
          this.#scanned = Math.max(0, bytes.length - 3);
          break;
        }
        const length = contentLengthOf(bytes, headEnd);
        if (length === undefined || length > this.#limits.bodyBytes) {
          messages.push(bytes.subarray(0, headEnd)); // the parser sees the same fault and the request can be answered
          fault = length === undefined ? 'Bad Content-Length Header' : 'Message Body Too Large';
          break;
        }
        this.#wanted = headEnd + length;
      }
      if (bytes.length < this.#wanted) break;
      messages.push(bytes.subarray(0, this.#wanted));
      bytes = bytes.subarray(this.#wanted);
      this.#wanted = 0;
      this.#scanned = 0;
    }
    this.#faulty = fault !== undefined;
    this.#keep(this.#faulty ? EMPTY : bytes, messages.length > 0);
    return { messages, pings, fault };
  }

  /** What was kept and the new bytes in one piece. */
  #joined(chunk: Uint8Array): Uint8Array {
    if (this.#keptLength === 0) return chunk;
    const total = this.#keptLength + chunk.length;
    if (total > this.#kept.length) {
      const larger = new Uint8Array(Math.max(total, this.#kept.length * 2, this.#wanted));
      larger.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = larger;
    }
    this.#kept.set(chunk, this.#keptLength);
    this.#keptLength = total;
    return this.#kept.subarray(0, total);
  }

  /** Messages already given out may be views of the buffer: then what is left moves to memory of its own. */
  #keep(rest: Uint8Array, given: boolean): void {
    if (rest.length === 0) this.#kept = EMPTY;
    else if (given || rest.buffer !== this.#kept.buffer || rest.byteOffset !== this.#kept.byteOffset)
      this.#kept = rest.slice();
    this.#keptLength = rest.length;
  }
}

const EMPTY = new Uint8Array(0);

function leadingBreaks(b: Uint8Array): number {
  let p = 0;
  while (p < b.length && (b[p] === 13 || b[p] === 10)) p += 1;
  return p;
}

const isBreaks = (b: Uint8Array): boolean => leadingBreaks(b) === b.length;

/** Offset behind the empty line, or -1. LENIENT: bare line feeds, which some scripts send. */
function endOfHead(b: Uint8Array, from: number): number {
  for (let p = b.indexOf(10, from); p >= 0; p = b.indexOf(10, p + 1)) {
    if (b[p + 1] === 10) return p + 2;
    if (b[p + 1] === 13 && b[p + 2] === 10) return p + 3;
  }
  return -1;
}

/** The Content-Length (or `l`) of the header part; 0 without one, `undefined` for no number or several different ones. */
function contentLengthOf(b: Uint8Array, headEnd: number): number | undefined {
  let length = -1;
  for (let p = b.indexOf(10) + 1; p > 0 && p < headEnd; p = b.indexOf(10, p) + 1) {
    const valueAt = nameIs(b, p, 'content-length') || nameIs(b, p, 'l');
    if (valueAt === 0) continue;
    const found = digitsAt(b, valueAt);
    if (found === undefined || (length >= 0 && found !== length)) return undefined;
    length = found;
  }
  return Math.max(0, length); // LENIENT: RFC 3261 §18.3 demands the header on streams; without it there is no body
}

/** Offset behind the colon when the line begins with this name; else 0. */
function nameIs(b: Uint8Array, at: number, lower: string): number {
  let p = at;
  for (let i = 0; i < lower.length; i += 1, p += 1) {
    const c = b[p] ?? 0;
    if (c !== lower.charCodeAt(i) && (c < 65 || (c | 32) !== lower.charCodeAt(i))) return 0;
  }
  while (b[p] === 32 || b[p] === 9) p += 1;
  return b[p] === 58 ? p + 1 : 0;
}

/** The number that a value consists of; it may begin on a line of its own (RFC 3261 §7.3.1). */
function digitsAt(b: Uint8Array, at: number): number | undefined {
  let p = at;
  for (;;) {
    while (b[p] === 32 || b[p] === 9) p += 1;
    const lineEnd = b[p] === 13 && b[p + 1] === 10 ? p + 2 : b[p] === 10 ? p + 1 : p;
    if (lineEnd === p || (b[lineEnd] !== 32 && b[lineEnd] !== 9)) break;
    p = lineEnd;
  }
  const first = p;
  let n = 0;
  for (; (b[p] ?? 0) >= 48 && (b[p] ?? 0) <= 57; p += 1) n = Math.min(n * 10 + (b[p] ?? 0) - 48, 2 ** 32);
  while (b[p] === 32 || b[p] === 9) p += 1;
  const lineEnd = b[p] === 13 ? p + 1 : p;
  const isWhole = p > first && b[lineEnd] === 10 && b[lineEnd + 1] !== 32 && b[lineEnd + 1] !== 9;
  return isWhole ? n : undefined;
}
