import { type Malformed, type Message, parse } from '@strowger/sip/message';
import type { Text } from '@strowger/sip/text';
import { type Finding, fault } from './finding.ts';

export interface Parsed {
  /** What could be read, with faulty lines left out; `undefined` where not even the start line shows what it is. */
  readonly message: Message | undefined;
  readonly findings: readonly Finding[];
  /** False where the body could not be told from the rest, or the first line is wrong. */
  readonly isWhole: boolean;
}

/**
 * Reads a message as a server does, but does not stop at the first fault of its lines: a line that is none is blanked in a
 * copy and the rest is read again, so that offsets stay what they are.
 */
export function parseThrough(given: Uint8Array, text: Text): Parsed {
  let bytes = given;
  const findings: Finding[] = [];
  for (;;) {
    const parsed = parse(bytes, text);
    if (parsed.kind !== 'malformed') return { message: parsed, findings, isWhole: true };
    if (!TOLD_BY_HEADERS.has(parsed.reason)) findings.push(findingOf(parsed, bytes));
    const repaired = findings.length < MAX_REPAIRS ? repair(parsed, bytes) : undefined;
    if (repaired === undefined) return { message: parsed.message, findings, isWhole: false };
    bytes = repaired;
  }
}

/** The name that a blanked line has: a header field that nobody knows and that is not told. */
export const BLANKED = '~';

function findingOf({ reason, position }: Malformed, bytes: Uint8Array): Finding {
  const [text, rfc] = SENTENCES[reason] ?? [reason, 'RFC 3261 §7'];
  if (reason === 'Bad Header Line') return fault(lineAt(bytes, position), text, rfc);
  return fault({ at: Math.min(position, bytes.length), length: 1 }, text, rfc);
}

function repair({ reason, position }: Malformed, bytes: Uint8Array): Uint8Array | undefined {
  const copy = bytes.slice();
  if (reason === 'Control Character In Header') {
    copy[position] = SPACE;
    return copy;
  }
  const line = lineAt(bytes, position);
  if (reason !== 'Bad Header Line' || line.length < 2) return undefined;
  copy.fill(SPACE, line.at, line.at + line.length);
  copy.set([BLANKED.charCodeAt(0), COLON], line.at);
  return copy;
}

/** The line of an offset, without its end. */
function lineAt(bytes: Uint8Array, position: number): { readonly at: number; readonly length: number } {
  const at = position === 0 ? 0 : bytes.lastIndexOf(LF, position - 1) + 1;
  const feed = bytes.indexOf(LF, at);
  const end = feed < 0 ? bytes.length : feed;
  return { at, length: Math.max(0, (bytes[end - 1] === CR ? end - 1 : end) - at) };
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
const MAX_REPAIRS = 50;
/** The check of each header line tells these at their place. */
const TOLD_BY_HEADERS: ReadonlySet<string> = new Set(['Bad Content-Length Header', 'Multiple Content-Length Headers']);

/** By the reason phrase that a server answers with. */
const SENTENCES: Readonly<Record<string, readonly [text: string, rfc: string]>> = {
  'Bad Request Line': [
    'the first line must be METHOD Request-URI SIP/2.0 with one space between them, or a status line',
    'RFC 3261 §7.1',
  ],
  'Bad Request-URI': ['a Request-URI has no blanks, control characters or angle brackets', 'RFC 3261 §7.1'],
  'Bad Status Line': ['a status line is SIP/2.0, a code of three digits and a reason phrase', 'RFC 3261 §7.2'],
  'Bad Status Code': ['a status code is a number from 100 to 699', 'RFC 3261 §7.2'],
  'Bad Start Line': ['the first line is neither a request line nor a status line', 'RFC 3261 §7'],
  'Version Not Supported': ['the version must be SIP/2.0', 'RFC 3261 §7.1'],
  'Message Header Too Large': ['the header part is larger than any server takes', 'RFC 3261 §7'],
  'Missing Empty Line After The Headers': ['the empty line that ends the headers is missing', 'RFC 3261 §7'],
  'Bad Header Line': ['this is no header field: a name, a colon and a value are expected', 'RFC 3261 §7.3.1'],
  'Control Character In Header': ['a control character stands in a header field', 'RFC 3261 §25.1'],
  'Header Line Too Long': ['this header field is longer than servers take', 'RFC 3261 §7.3'],
  'Too Many Headers': ['there are more header fields than servers take', 'RFC 3261 §7.3'],
  'Body Shorter Than Content-Length': ['the body is shorter than Content-Length says', 'RFC 3261 §18.3'],
};
