import { fromBinary } from '../text/binary.ts';
import { isToken } from '../text/chars.ts';
import { trimBlanks } from '../text/params.ts';

/** Where and why a message cannot be accepted. */
export interface Fault {
  readonly position: number;
  readonly reason: string;
  readonly status: 400 | 413 | 505 | 513;
}

export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string; readonly fault?: Fault }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string; readonly fault?: Fault }
  | { readonly kind: 'none'; readonly fault: Fault };

/**
 * `METHOD SP Request-URI SP SIP/2.0` or `SIP/2.0 SP status SP reason` (RFC 3261 §7.1, §7.2). What is wrong with a line that
 * shows what it wants to be is said beside what could be read, so that it can be answered.
 */
export function parseStartLine(line: string, position: number): StartLine {
  if (line.startsWith('SIP/') || line.startsWith('sip/')) return statusLine(line, position);
  const first = line.indexOf(' ');
  const last = trimBlanks(line).lastIndexOf(' ');
  const method = line.slice(0, first);
  if (first < 1 || last <= first || !isToken(method))
    return { kind: 'none', fault: { position, reason: 'Bad Request Line', status: 400 } };
  const version = trimBlanks(line.slice(last + 1)); // LENIENT: blanks behind the version (RFC 4475 §3.1.2.10)
  const uri = line.slice(first + 1, last);
  const fault = requestLineFault(uri, version, position + first + 1);
  return { kind: 'request', method: known(method), uri: fromBinary(uri), ...(fault === undefined ? {} : { fault }) };
}

function requestLineFault(uri: string, version: string, position: number): Fault | undefined {
  if (!/^SIP\/\d+\.\d+$/i.test(version))
    return { position: position + uri.length + 1, reason: 'Bad Request Line', status: 400 };
  if (version.toUpperCase() !== 'SIP/2.0')
    return { position: position + uri.length + 1, reason: 'Version Not Supported', status: 505 };
  if (uri === '') return { position, reason: 'Bad Request-URI', status: 400 };
  for (let i = 0; i < uri.length; i += 1) {
    const c = uri.charCodeAt(i);
    if (c <= 32 || c === 127 || c === 60 || c === 62)
      return { position: position + i, reason: 'Bad Request-URI', status: 400 };
  }
  return undefined;
}

function statusLine(line: string, position: number): StartLine {
  const match = /^(SIP\/\d+\.\d+) +(\d{3})(?: (.*))?$/is.exec(line);
  if (match === null) return { kind: 'none', fault: { position, reason: 'Bad Status Line', status: 400 } };
  const status = Number(match[2]);
  const reason = fromBinary(trimBlanks(match[3] ?? ''));
  const fault: Fault | undefined =
    match[1]?.toUpperCase() !== 'SIP/2.0'
      ? { position, reason: 'Version Not Supported', status: 505 }
      : status < 100 || status > 699
        ? { position: position + 8, reason: 'Bad Status Code', status: 400 }
        : undefined;
  return { kind: 'response', status, reason, ...(fault === undefined ? {} : { fault }) };
}

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

/** One string for each method that everybody sends, so that comparing them is comparing pointers. */
const known = (method: string): string => KNOWN.get(method) ?? method;
const KNOWN: ReadonlyMap<string, string> = new Map(METHODS.map((m) => [m, m]));
