import type { Binding } from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';

/**
 * The bindings of one address-of-record as they are kept: `NUMBERS` numbers for each, one behind the other, and a line for each of
 * their texts. Made and read for every registration, this takes half the time of JSON, and in it nothing is left of the
 * message that the texts were cut from.
 */
export interface HeldBindings {
  /** NaN where there is none. */
  readonly numbers: ArrayLike<number>;
  readonly texts: string;
}

export function heldOf(bindings: readonly Binding[]): HeldBindings {
  const numbers: number[] = [];
  let texts = '';
  for (const binding of bindings) {
    const lines = linesOf(binding);
    const isPlain = canStandPlain(binding, lines);
    writeNumbers(binding, isPlain ? PLAIN : QUOTED, numbers);
    texts += isPlain ? lines.join('\n') : quotedLinesOf(binding).join('\n');
  }
  return { numbers, texts };
}

/** `count` bindings, whose numbers begin at `at`. @throws TypeError, SyntaxError where `heldOf` did not make them */
export function bindingsFrom(numbers: ArrayLike<number>, at: number, count: number, texts: string): readonly Binding[] {
  const bindings: Binding[] = [];
  let from = 0;
  for (let i = 0; i < count; i += 1) {
    const lines: (string | undefined)[] = [];
    for (let line = 0; line < TEXTS; line += 1) {
      const end = texts.indexOf('\n', from);
      if (end < 0) throw new TypeError(`there is no binding in ${texts}`);
      lines.push(end === from ? undefined : texts.slice(from, end));
      from = end + 1;
    }
    const place = at + i * NUMBERS;
    bindings.push(bindingOf(numbers, place, numbers[place + FORM] === QUOTED ? lines.map(unquoted) : lines));
  }
  return bindings;
}

/** When the first of so many bindings expires, whose numbers begin at `at`. */
export function earliestFrom(numbers: ArrayLike<number>, at: number, count: number): UnixMs {
  let earliest = numbers[at] ?? 0;
  for (let i = 1; i < count; i += 1) earliest = Math.min(earliest, numbers[at + i * NUMBERS] ?? 0);
  return earliest;
}

/** How many numbers a binding has. */
export const NUMBERS = 13;
/** Which of them is the number of its connection. */
export const CONNECTION = 10;

/** The order of `bindingOf`. */
function writeNumbers(b: Binding, form: number, numbers: number[]): void {
  const { local, port, connection } = b.flow;
  numbers.push(
    b.expiresAt,
    b.updatedAt,
    b.registeredAt,
    b.gruusSince ?? NONE,
    b.cseq,
    b.q ?? NONE,
    b.regId ?? NONE,
    PROTOCOLS.indexOf(local.protocol),
    local.port,
    port,
    connection,
    REACHES.indexOf(b.reach),
    form,
  );
}

/** The order of `bindingOf`; an absent text is an empty line, of the key: one that is the same as the contact. */
const linesOf = (b: Binding): readonly string[] => [
  b.contact,
  b.key === b.contact ? '' : b.key,
  b.params,
  b.callId,
  b.flow.local.host,
  b.flow.host,
  b.instance ?? '',
  b.userAgent ?? '',
  b.path.length === 0 ? '' : JSON.stringify(b.path),
  '',
];

/** For texts that would be misread otherwise: JSON, and an empty line only where there is none. */
const quotedLinesOf = (b: Binding): readonly string[] => [
  ...[b.contact, b.key, b.params, b.callId, b.flow.local.host, b.flow.host].map((text) => JSON.stringify(text)),
  b.instance === undefined ? '' : JSON.stringify(b.instance),
  b.userAgent === undefined ? '' : JSON.stringify(b.userAgent),
  JSON.stringify(JSON.stringify(b.path)),
  '',
];

/** No text is broken into lines, and none is empty where that would say that there is none. */
function canStandPlain(b: Binding, lines: readonly string[]): boolean {
  for (const line of lines) if (line.includes('\n')) return false;
  return b.key !== '' && b.instance !== '' && b.userAgent !== '';
}

function bindingOf(numbers: ArrayLike<number>, at: number, lines: readonly (string | undefined)[]): Binding {
  const contact = lines[0] ?? '';
  return {
    key: lines[1] ?? contact,
    contact,
    params: lines[2] ?? '',
    q: optional(numbers[at + 5]),
    callId: lines[3] ?? '',
    cseq: numbers[at + 4] ?? 0,
    expiresAt: numbers[at] ?? 0,
    registeredAt: numbers[at + 2] ?? 0,
    updatedAt: numbers[at + 1] ?? 0,
    path: lines[8] === undefined ? NO_PATH : pathOf(lines[8]),
    flow: {
      local: {
        protocol: PROTOCOLS[numbers[at + 7] ?? 0] ?? 'udp',
        host: lines[4] ?? '',
        port: numbers[at + 8] ?? 0,
      },
      host: lines[5] ?? '',
      port: numbers[at + 9] ?? 0,
      connection: numbers[at + CONNECTION] ?? 0,
    },
    reach: REACHES[numbers[at + 11] ?? 0] ?? 'contact',
    instance: lines[6],
    regId: optional(numbers[at + 6]),
    gruusSince: optional(numbers[at + 3]),
    userAgent: lines[7],
  };
}

const optional = (number: number | undefined): number | undefined =>
  number === undefined || Number.isNaN(number) ? undefined : number;

function pathOf(json: string): readonly string[] {
  const path: unknown = JSON.parse(json);
  if (!Array.isArray(path)) throw new TypeError(`there is no path in ${json}`);
  return path.map(String);
}

const unquoted = (line: string | undefined): string | undefined =>
  line === undefined ? undefined : String(JSON.parse(line));

const PROTOCOLS = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
const REACHES = ['contact', 'flow'] as const;
const NO_PATH: readonly string[] = [];
const NONE = Number.NaN;
/** Which number says how the texts are written. */
const FORM = 12;
const PLAIN = 0;
const QUOTED = 1;
const TEXTS = 9;
