import type { Paint } from './io.ts';

export type Level = 'error' | 'warn' | 'info' | 'debug';

/** What a log line says beside its event. Values may be nested; errors are told by name, message, code and cause. */
export type Fields = Readonly<Record<string, unknown>>;

/** Structured logs: an event is a stable dotted name (`listen.opened`), never a sentence with values in it. */
export interface Log {
  error(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  debug(event: string, fields?: Fields): void;
  /** False where a line would not be written: ask before computing costly fields. */
  isOn(level: Level): boolean;
}

export interface LogOptions {
  /** The least important level that is written. */
  readonly level: Level;
  readonly format: 'json' | 'pretty';
  /** Takes one line without its end. */
  readonly write: (line: string) => void;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Colours of the pretty format. */
  readonly paint: Paint;
}

/** A log whose lines hold no secret: see `isSecretKey` for what is left out. */
export function createLog({ level, format, write, now, paint }: LogOptions): Log {
  const least = LEVELS.indexOf(level);
  const print = format === 'json' ? printJson : printPretty;
  const at = (one: Level): Log[Level] =>
    LEVELS.indexOf(one) > least
      ? () => {}
      : (event, fields = NO_FIELDS) => write(print({ time: new Date(now()), level: one, event, fields, paint }));
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    isOn: (one) => LEVELS.indexOf(one) <= least,
  };
}

/**
 * True for keys whose values never appear in a log, whatever their case and hyphens: passwords, the hashes and answers of
 * digest authentication (RFC 7616 §3.4), tokens, keys and whole authorization header fields.
 */
export function isSecretKey(key: string): boolean {
  let isSecret = JUDGED_KEYS.get(key);
  if (isSecret === undefined) {
    isSecret = SECRET_KEY.test(key.replaceAll(/[-_. ]/g, ''));
    // Programs have few keys, but a peer may name some.
    if (JUDGED_KEYS.size < MAX_JUDGED_KEYS) JUDGED_KEYS.set(key, isSecret);
  }
  return isSecret;
}

interface Line {
  readonly time: Date;
  readonly level: Level;
  readonly event: string;
  readonly fields: Fields;
  readonly paint: Paint;
}

function printJson({ time, level, event, fields }: Line): string {
  const line: Record<string, unknown> = { time: time.toISOString(), level, event };
  for (const [key, value] of safeEntries(fields, 0)) line[Object.hasOwn(line, key) ? `${key}_` : key] = value;
  return escapeControls(JSON.stringify(line));
}

function printPretty({ time, level, event, fields, paint }: Line): string {
  const words = safeEntries(fields, 0).map(
    ([key, value]) => `${paint('dim', `${printWord(key)}=`)}${printValue(value)}`,
  );
  const clock = paint('dim', time.toISOString().slice(11, 23));
  return [clock, paint(COLOURS[level], level.padEnd(5)), printWord(event), ...words].join(' ');
}

function printValue(value: unknown): string {
  return typeof value === 'string' ? printWord(value) : escapeControls(JSON.stringify(value));
}

/** Bare where that is readable and harmless, else quoted: a peer's text must not move the cursor or fake a line. */
function printWord(text: string): string {
  return PLAIN.test(text) ? text : escapeControls(JSON.stringify(text));
}

function escapeControls(text: string): string {
  return text.replaceAll(CONTROLS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function safeEntries(fields: object, depth: number): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || typeof value === 'function' || isSecretKey(key)) continue;
    entries.push([key, safeValue(value, depth)]);
  }
  return entries;
}

function safeValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  // Also what ends an object that holds itself.
  if (depth >= MAX_DEPTH) return '…';
  if (value instanceof Error) return safeError(value, depth);
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, (item) => safeValue(item, depth + 1));
  return Object.fromEntries(safeEntries(value instanceof Map ? Object.fromEntries(value) : value, depth + 1));
}

function safeError(error: Error, depth: number): unknown {
  const { name, message, cause, stack } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return Object.fromEntries(safeEntries({ name, message, ...code, cause, stack }, depth + 1));
}

/** Cuts credentials out of SIP and HTTP messages, and addresses with passwords (RFC 3261 §19.1.1) short. */
function safeText(text: string): string {
  if (!text.includes(':')) return text;
  const cut = text.length < 'authorization:'.length ? text : text.replaceAll(CREDENTIALS, '$1: …');
  return (cut.includes('@') ? cutPasswords(cut) : cut).replaceAll(NO_PORT, '$1…');
}

/** Looks back from each @, so that a long text of a peer costs no more than its length. */
function cutPasswords(text: string): string {
  const parts = text.split('@');
  return parts.map((part, index) => (index < parts.length - 1 ? cutPassword(part, index) : part)).join('@');
}

/** Peers send what is no URI: where it is unclear what is a password, more is cut rather than less. */
function cutPassword(beforeAt: string, index: number): string {
  if (index > 0 && beforeAt.startsWith(':')) return ':…';
  const line = beforeAt.split(LINE_END).at(-1) ?? '';
  const lineStart = beforeAt.length - line.length;
  const user = USER.exec(line);
  if (user !== null) return `${beforeAt.slice(0, lineStart + user.index + user[0].length)}…`;
  let start = beforeAt.length;
  while (start > lineStart && !ENDS_ADDRESS.has(beforeAt.charAt(start - 1))) start -= 1;
  const colon = beforeAt.indexOf(':', start);
  const isPassword = colon >= 0 && !SCHEMES.has(beforeAt.slice(start, colon).toLowerCase());
  return isPassword ? `${beforeAt.slice(0, colon + 1)}…` : beforeAt;
}

const LEVELS: readonly Level[] = ['error', 'warn', 'info', 'debug'];
const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const;
const NO_FIELDS: Fields = {};
const MAX_DEPTH = 6;
const MAX_JUDGED_KEYS = 1000;
const JUDGED_KEYS = new Map<string, boolean>();
const SECRET_KEY =
  /^pass$|passw(?:or)?d|passphrase|pwd$|secret|^h?a[12]$|^ha[12]|^response$|authorization|authenticate|credential|token|cookie|private|^digests?$|^(?:api|hash|session)key$/i;
const PLAIN = /^[\w.:@/+;=,<>*?~%-]+$/;
// What JSON leaves as it is: DEL, the C1 controls, line and paragraph separators, direction marks.
const CONTROLS = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
/** Folded lines included. */
const CREDENTIALS = /^((?:proxy-)?authorization)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim;
const ENDS_ADDRESS = new Set([' ', '\t', '\r', '\n', '<', '>', '"']);
/** Whatever stands in the user part, what is not allowed there included. */
const USER = /(?:sips?|https?|rediss?|postgres(?:ql)?):(?:\/\/)?[^:]*:/i;
const SCHEMES = new Set(['sip', 'sips', 'tel', 'urn', 'mailto', 'im', 'pres', 'cid', 'http', 'https']);
/** Not where a folded line goes on (RFC 3261 §7.3.1). */
const LINE_END = /[\r\n](?![ \t\r\n])/;
/** An address that ends before its @, with something behind the second colon that is no port. */
const NO_PORT = /(\bsips?:(?:\[[\da-f:.%]{0,64}\]|[^:@<>"[\s]*):)(?!\d{0,5}(?:[;?>,)\s"']|[:.](?:\s|$)|$))[^<>"@\s]+/gi;
