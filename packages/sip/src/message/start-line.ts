import { isBlank, isToken } from '../text/chars.ts';
import { trimBlanks } from '../text/params.ts';

/** Where and why a message cannot be accepted. */
export interface Fault {
  readonly position: number;
  readonly reason: string;
  readonly status: 400 | 413 | 505 | 513;
}

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string; readonly fault: Fault | undefined }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string; readonly fault: Fault | undefined }
  | { readonly kind: 'none'; readonly fault: Fault };

/**
 * `METHOD SP Request-URI SP SIP/2.0` or `SIP/2.0 SP status SP reason` (RFC 3261 §7.1, §7.2) between two offsets of a header
 * part. What is wrong with a line that shows what it wants to be is said beside what could be read, so that it can be answered.
 */
export function parseStartLine(head: string, start: number, end: number): StartLine {
  const isResponse = head.startsWith('SIP/', start) || head.startsWith('sip/', start);
  return isResponse ? statusLine(head, start, end) : requestLine(head, start, end);
}

function requestLine(head: string, start: number, lineEnd: number): StartLine {
  const end = behindText(head, start, lineEnd); // LENIENT: blanks behind the version (RFC 4475 §3.1.2.10)
  const isCurrent = head.startsWith(' SIP/2.0', end - 8);
  const first = head.indexOf(' ', start);
  const last = isCurrent ? end - 8 : head.lastIndexOf(' ', end - 1);
  const method = first <= start || last <= first ? undefined : methodOf(head.slice(start, first));
  if (method === undefined)
    return { kind: 'none', fault: { position: start, reason: 'Bad Request Line', status: 400 } };
  const uri = head.slice(first + 1, last);
  const fault = isCurrent ? undefined : versionFault(head.slice(last + 1, end), last + 1);
  return { kind: 'request', method, uri, fault: fault ?? uriFault(head, first + 1, last) };
}

/** Without the blanks at the end. */
function behindText(head: string, start: number, end: number): number {
  let p = end;
  while (p > start && isBlank(head.charCodeAt(p - 1))) p -= 1;
  return p;
}

function versionFault(version: string, position: number): Fault | undefined {
  if (!/^SIP\/\d+\.\d+$/i.test(version)) return { position, reason: 'Bad Request Line', status: 400 };
  return version.toUpperCase() === 'SIP/2.0' ? undefined : { position, reason: 'Version Not Supported', status: 505 };
}

function uriFault(head: string, start: number, end: number): Fault | undefined {
  for (let p = start; p < end; p += 1) {
    const c = head.charCodeAt(p);
    if (c <= 32 || c === 127 || c === 60 || c === 62) return { position: p, reason: 'Bad Request-URI', status: 400 };
  }
  return start < end ? undefined : { position: start, reason: 'Bad Request-URI', status: 400 };
}

function statusLine(head: string, start: number, end: number): StartLine {
  const status = head.startsWith('SIP/2.0 ', start) ? statusAt(head, start + 8, end) : -1;
  if (status < 0) return oddStatusLine(head.slice(start, end), start);
  const reason = trimBlanks(head.slice(start + 12, end));
  return { kind: 'response', status, reason, fault: status < 100 || status > 699 ? badStatus(start + 8) : undefined };
}

/** Three digits at the end of the line or before a space; -1 for anything else. */
function statusAt(head: string, at: number, end: number): number {
  if (at + 3 > end || (at + 3 < end && head.charCodeAt(at + 3) !== 32)) return -1;
  let status = 0;
  for (let p = at; p < at + 3; p += 1) {
    const digit = head.charCodeAt(p) - 48;
    if (digit < 0 || digit > 9) return -1;
    status = status * 10 + digit;
  }
  return status;
}

/** Another version, more blanks than one, or no status line at all. */
function oddStatusLine(line: string, position: number): StartLine {
  const match = /^(SIP\/\d+\.\d+) +(\d{3})(?: (.*))?$/is.exec(line);
  if (match === null) return { kind: 'none', fault: { position, reason: 'Bad Status Line', status: 400 } };
  const status = Number(match[2]);
  const reason = trimBlanks(match[3] ?? '');
  const fault: Fault | undefined =
    match[1]?.toUpperCase() !== 'SIP/2.0'
      ? { position, reason: 'Version Not Supported', status: 505 }
      : status < 100 || status > 699
        ? badStatus(position + 8)
        : undefined;
  return { kind: 'response', status, reason, fault };
}

const badStatus = (position: number): Fault => ({ position, reason: 'Bad Status Code', status: 400 });

/** The methods that are registered, in the order of their RFCs. */
export const METHODS: readonly string[] = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'OPTIONS',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
];

/** One string for each method that everybody sends, so that comparing them is comparing pointers; `undefined` for no token. */
const methodOf = (text: string): string | undefined => KNOWN.get(text) ?? (isToken(text) ? text : undefined);
const KNOWN: ReadonlyMap<string, string> = new Map(METHODS.map((m) => [m, m]));
