import { type Anomaly, put, replacing, times } from './anomaly.ts';
import {
  ADDRESSES,
  BROKEN_ESCAPES,
  DATES,
  HOSTS,
  IP_ADDRESSES,
  LINES,
  NUMBERS,
  PARAMETERS,
  PORTS,
  QUOTED,
  SDP_LINES,
  URIS,
} from './grammar-anomalies.ts';

/** What an element is, as far as it says what can be wrong with it. */
export const KINDS = [
  'token',
  'text',
  'integer',
  'host',
  'port',
  'uri',
  'quoted',
  'param',
  'address',
  'date',
  'value',
  'other',
  'line',
  'sdpline',
  'name',
  'body',
  'plain',
] as const;
export type Kind = (typeof KINDS)[number];

/** Everything that can be wrong with an element of that kind, in a fixed order. */
export const anomaliesOf = (kind: Kind): readonly Anomaly[] => BY_KIND[kind];

const EMPTY: readonly Anomaly[] = [
  replacing('empty', 'nothing', ''),
  replacing('empty', 'a blank', ' '),
  replacing('empty', 'a tab', '\t'),
  replacing('empty', '200 blanks', ' '.repeat(200)),
];

const OVERLONG: readonly Anomaly[] = [100, 1_000, 10_000].map((count) =>
  replacing('overlong', `${count} letters`, 'a'.repeat(count)),
);
/** As much as one datagram takes beside the rest of the message. */
const HUGE: readonly Anomaly[] = [replacing('overlong', '60000 letters', 'a'.repeat(60_000))];
const LONG_NUMBERS: readonly Anomaly[] = [100, 1_000, 10_000].map((count) =>
  replacing('overlong', `${count} digits`, '9'.repeat(count)),
);

const FORMATS: readonly Anomaly[] = [
  replacing('format', 'each conversion', '%s%d%x%p%n%c%f'),
  replacing('format', '200 times %n', '%n'.repeat(200)),
  replacing('format', 'a width beyond memory', '%.1073741824d'),
  replacing('format', 'words of other languages', `\${jndi:ldap://x.invalid/a}{{7*7}}$(id)\`id\``),
  replacing('format', 'a statement in SQL', "' OR '1'='1'; --"),
  replacing('format', 'a way out of a folder', '../../../../etc/passwd'),
  replacing('format', 'a name of every object', '__proto__'),
];

const UTF8: readonly Anomaly[] = [
  replacing('UTF-8', 'two, three and four bytes a character', '\xc3\xbc\xe2\x82\xac\xf0\x9f\x93\x9e'),
  replacing('UTF-8', 'text from right to left', '\xe2\x80\xae\xd7\x90\xd7\x91'),
  put('UTF-8', 'a byte order mark before it', (valid) => `\xef\xbb\xbf${valid}`),
  put('UTF-8', 'a no-break space behind it', (valid) => `${valid}\xc2\xa0`),
];
const BROKEN_UTF8: readonly Anomaly[] = [
  replacing('broken UTF-8', 'a byte that goes on with nothing', '\x80'),
  replacing('broken UTF-8', 'a character that is cut', '\xf0\x9f\x93'),
  put('broken UTF-8', 'a slash of two bytes', (valid) => `${valid}\xc0\xaf`),
  put('broken UTF-8', 'a NUL of two bytes', (valid) => `${valid}\xc0\x80`),
  replacing('broken UTF-8', 'half of a surrogate pair', '\xed\xa0\x80'),
  replacing('broken UTF-8', 'beyond the last character', '\xf4\x90\x80\x80'),
  replacing('broken UTF-8', 'bytes that are never used', '\xfe\xff'),
];

const CONTROLS: readonly Anomaly[] = [
  replacing('control', 'NUL', '\0'),
  put('control', 'NUL in the middle', (valid) => between(valid, '\0')),
  put('control', 'NUL behind it', (valid) => `${valid}\0`),
  put('control', 'backspace and escape', (valid) => `${valid}\b\x1b[2J`),
  put('control', 'DEL in the middle', (valid) => between(valid, '\x7f')),
  replacing(
    'control',
    'all of them but ends of lines',
    Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
      .join('')
      .replace(/[\r\n]/g, ''),
  ),
];

const LINE_ENDS: readonly Anomaly[] = [
  put('end of line', 'CR behind it', (valid) => `${valid}\r`),
  put('end of line', 'LF behind it', (valid) => `${valid}\n`),
  put('end of line', 'CRLF in the middle', (valid) => between(valid, '\r\n')),
  put('end of line', 'a fold in the middle', (valid) => between(valid, '\r\n ')),
  put('end of line', 'an empty line in the middle', (valid) => between(valid, '\r\n\r\n')),
  put('end of line', 'a header field that slips in', (valid) => `${valid}\r\nRoute: <sip:192.0.2.66;lr>`),
];

const REPEATED: readonly Anomaly[] = [2, 10, 100, 1_000].map(times);
const REPEATED_TWICE: readonly Anomaly[] = [times(2)];

const CUT: readonly Anomaly[] = [
  put('cut', 'without its first byte', (valid) => valid.slice(1)),
  put('cut', 'without its last byte', (valid) => valid.slice(0, -1)),
  put('cut', 'half of it', (valid) => valid.slice(0, valid.length >> 1)),
];

const MARKS: readonly Anomaly[] = [...',;:=@/?&<>"()[]\\%*!'].map((mark) =>
  put('separator', `${mark} behind it`, (valid) => `${valid}${mark}`),
);
const SHARP_MARKS: readonly Anomaly[] = MARKS.filter(({ name }) => ',;@<"%'.includes(name.charAt(0)));
const FEW_MARKS: readonly Anomaly[] = [...',;:@<"'].map((mark) =>
  put('separator', `${mark} before it`, (valid) => `${mark}${valid}`),
);
const MANY_MARKS: readonly Anomaly[] = [...',;:=<"(\\'].map((mark) =>
  replacing('separator', `1000 times ${mark}`, mark.repeat(1_000)),
);

/** What can be wrong with anything that ends at a separator. */
const LEAF: readonly Anomaly[] = [
  ...EMPTY.slice(0, 2),
  ...OVERLONG.slice(1),
  ...FORMATS.slice(0, 1),
  ...UTF8.slice(0, 1),
  ...BROKEN_UTF8.slice(0, 2),
  ...CONTROLS.slice(0, 2),
  ...LINE_ENDS.slice(1, 4),
  ...REPEATED_TWICE,
  ...CUT.slice(0, 2),
  ...SHARP_MARKS,
];

const WHOLE: readonly Anomaly[] = [
  ...EMPTY,
  ...OVERLONG,
  ...HUGE,
  ...FORMATS,
  ...UTF8,
  ...BROKEN_UTF8,
  ...CONTROLS,
  ...LINE_ENDS,
  ...REPEATED,
  ...CUT,
  ...MANY_MARKS,
];

const BY_KIND: Readonly<Record<Kind, readonly Anomaly[]>> = {
  token: [...LEAF, ...BROKEN_ESCAPES.slice(2, 4)],
  text: [
    ...LEAF,
    ...FORMATS.slice(1),
    ...UTF8.slice(1),
    ...BROKEN_UTF8.slice(3),
    ...CONTROLS.slice(2),
    ...BROKEN_ESCAPES,
  ],
  integer: [
    ...NUMBERS,
    ...LONG_NUMBERS,
    ...EMPTY,
    ...MARKS.slice(0, 6),
    ...CONTROLS.slice(0, 2),
    ...LINE_ENDS.slice(0, 4),
  ],
  host: [...HOSTS, ...IP_ADDRESSES, ...LEAF.slice(0, 5), ...BROKEN_UTF8.slice(0, 2), ...CONTROLS.slice(0, 2)],
  port: [...PORTS, ...LINE_ENDS.slice(0, 4)],
  uri: [...URIS, ...WHOLE],
  quoted: [...QUOTED, ...LEAF.slice(0, 10), ...BROKEN_ESCAPES],
  param: [...PARAMETERS, ...REPEATED, ...LINE_ENDS.slice(2, 4)],
  address: [...ADDRESSES, ...WHOLE],
  date: [...DATES, ...WHOLE],
  value: [...WHOLE, ...SHARP_MARKS, ...FEW_MARKS],
  other: [
    ...EMPTY.slice(0, 1),
    ...OVERLONG.slice(2),
    ...FORMATS.slice(0, 1),
    ...BROKEN_UTF8.slice(0, 1),
    ...CONTROLS.slice(0, 2),
    ...LINE_ENDS.slice(2, 4),
    ...CUT.slice(1),
    ...MANY_MARKS.slice(0, 6),
  ],
  line: LINES,
  sdpline: [...LINES.filter(({ family }) => family !== 'name'), ...SDP_LINES],
  name: [
    ...EMPTY.slice(0, 2),
    ...OVERLONG.slice(2),
    ...UTF8.slice(0, 1),
    ...CONTROLS.slice(1, 2),
    ...LINE_ENDS.slice(0, 2),
    ...SHARP_MARKS.slice(0, 4),
    ...CUT.slice(0, 1),
  ],
  body: [...EMPTY, ...OVERLONG, ...HUGE, ...FORMATS.slice(0, 2), ...BROKEN_UTF8, ...CONTROLS, ...REPEATED, ...CUT],
  plain: [],
};

function between(valid: string, piece: string): string {
  const middle = valid.length >> 1;
  return valid.slice(0, middle) + piece + valid.slice(middle);
}
