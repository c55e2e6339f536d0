import type { UnixMs } from '../../text/time.ts';

/** A SIP-date: RFC 1123 in GMT (RFC 3261 §20.17, §25.1). A busy registrar prints the same second many times. */
export function printDate(at: UnixMs): string {
  const second = Math.floor(at / 1000);
  if (second !== last.second) last = { second, text: printSecond(second) };
  return last.text;
}

function printSecond(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const clock = seconds - days * 86_400;
  const [year, month, day] = civilOf(days);
  const time = [Math.floor(clock / 3600), Math.floor(clock / 60) % 60, clock % 60].map(twoDigits).join(':');
  return `${WEEKDAYS[(days + 4) % 7] ?? ''}, ${twoDigits(day)} ${MONTHS[month - 1] ?? ''} ${year} ${time} GMT`;
}

/** Year, month and day of the Gregorian calendar of a day counted from 1970-01-01; eras of 400 years begin in March. */
function civilOf(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return [
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  ];
}

/** What was printed last. */
let last = { second: Number.NaN, text: '' };

const twoDigits = (n: number): string => String(n).padStart(2, '0');
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
