import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import type { UnixMs } from '../../text/time.ts';
import { defineHeader } from '../header.ts';
import { civilTimeOf, daysInMonth, unixMsOf, weekdayOf } from './civil-date.ts';
import { printComment, scanComment } from './comment.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';

/** When: dates, time stamps, and when to come again. */

/** When the message was made, in whole seconds of wall time. GMT is the only zone there is. */
export const date = defineHeader({
  name: 'Date',
  arity: 'one',
  rfc: 'RFC 3261 §20.17',
  decode: parseSipDate,
  encode: printSipDate,
});

export interface RetryAfter {
  readonly seconds: number;
  /** What is said about the time, without the parentheses around it. */
  readonly comment?: string;
  /** For how long the called party will be there. */
  readonly durationSeconds?: number;
  readonly params?: Params;
}

export const retryAfter = defineHeader({
  name: 'Retry-After',
  arity: 'one',
  rfc: 'RFC 3261 §20.33',
  decode: (text: string): RetryAfter => {
    const s = new Scanner(text).blanks();
    const seconds = s.uint(2 ** 32 - 1, 'a number of seconds');
    const comment = s.blanks().peek === 40 ? scanComment(s) : undefined;
    const fields = fieldsFrom(s);
    return { seconds, ...present({ comment, durationSeconds: fields.uint('duration') }), ...fields.rest() };
  },
  encode: (v) =>
    `${v.seconds}${v.comment === undefined ? '' : ` ${printComment(v.comment)}`}${param('duration', v.durationSeconds)}${rest(v.params)}`,
});

/** Decimal texts, which a response has to repeat as they came. */
export interface Timestamp {
  readonly stamp: string;
  /** Seconds that the server took to answer. */
  readonly delay?: string;
}

export const timestamp = defineHeader({
  name: 'Timestamp',
  arity: 'one',
  rfc: 'RFC 3261 §20.38',
  decode: (text: string): Timestamp => {
    const match = /^(\d+(?:\.\d*)?)(?:[ \t]+(\d*(?:\.\d*)?))?$/.exec(text);
    if (match?.[1] === undefined) throw new SyntaxFault(0, 'a time stamp such as 54 or 54.21 1.5');
    return { stamp: match[1], ...present({ delay: match[2] }) };
  },
  encode: (v) => (v.delay === undefined ? v.stamp : `${v.stamp} ${v.delay}`),
});

/** `Sat, 13 Nov 2010 23:29:00 GMT` (RFC 3261 §25.1 SIP-date). @throws SyntaxFault */
export function parseSipDate(text: string): UnixMs {
  const match = /^([a-z]{3}), +(\d{1,2}) +([a-z]{3}) +(\d{4}) +(\d{2}):(\d{2}):(\d{2}) +GMT$/i.exec(text.trim());
  if (match === null) throw new SyntaxFault(0, 'a date such as "Sat, 13 Nov 2010 23:29:00 GMT"');
  const [, weekday = '', day, monthName = '', year, hour, minute, second] = match;
  if (indexOf(WEEKDAYS, weekday) < 0) throw new SyntaxFault(0, 'the name of a day of the week');
  const month = indexOf(MONTHS, monthName) + 1;
  if (month === 0) throw new SyntaxFault(text.indexOf(monthName, 4), 'the name of a month');
  const t = {
    year: Number(year),
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  if (t.day < 1 || t.day > daysInMonth(t.year, month)) throw new SyntaxFault(4, 'a day of the month');
  if (t.hour > 23 || t.minute > 59 || t.second > 59) throw new SyntaxFault(text.indexOf(':') - 2, 'a time of the day');
  return unixMsOf(t);
}

export function printSipDate(ms: UnixMs): string {
  const t = civilTimeOf(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${two(t.day)} ${MONTHS[t.month - 1]} ${String(t.year).padStart(4, '0')}`;
  return `${WEEKDAYS[weekdayOf(ms)]}, ${day} ${two(t.hour)}:${two(t.minute)}:${two(t.second)} GMT`;
}

const indexOf = (names: readonly string[], name: string): number =>
  names.findIndex((n) => n.toLowerCase() === name.toLowerCase());

const WEEKDAYS: readonly string[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
