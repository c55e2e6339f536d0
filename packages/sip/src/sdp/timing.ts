import { SyntaxFault } from '../text/faults.ts';
import { type Line, numberOf, type SdpMode, Words } from './line.ts';

/** `t=` with the `r=` and `z=` lines behind it: when the session is active (RFC 8866 §5.9). */
export interface Timing {
  /** Seconds since 1900 as digits of any length; `0` for a session that is always active. */
  readonly start: string;
  /** Seconds since 1900 as digits of any length; `0` for a session without an end. */
  readonly stop: string;
  readonly repeats: readonly Repeat[];
  readonly adjustments: readonly Adjustment[];
}

/** `r=` (RFC 8866 §5.10). */
export interface Repeat {
  readonly intervalSeconds: number;
  readonly durationSeconds: number;
  /** From the start time; at least one. */
  readonly offsetsSeconds: readonly number[];
}

/** A pair of `z=`: the clock is set at a moment (RFC 8866 §5.11). */
export interface Adjustment {
  /** Seconds since 1900, as digits of any length. */
  readonly at: string;
  /** Against the start time, negative for back; not added to earlier ones. */
  readonly offsetSeconds: number;
}

/** What an SDP counts its seconds from: 1900 is this many seconds before 1970 (RFC 8866 §5.9). */
export const SECONDS_1900_TO_1970 = 2_208_988_800;

/**
 * Reads `t=`, `r=` and `z=` lines, given in their order.
 *
 * LENIENT(RFC 8866 §5.11): descriptions written after RFC 4566 have one `z=` behind all times, with or without repeats.
 *
 * @throws SyntaxFault with an offset in the whole text
 */
export function readTimings(lines: readonly Line[], mode: SdpMode): readonly Timing[] {
  const runs: Line[][] = [];
  for (const line of lines) {
    if (line.content.startsWith('t')) runs.push([line]);
    else if (runs.length === 0) throw new SyntaxFault(line.at, 'a "t=" line before it');
    else runs.at(-1)?.push(line);
  }
  return runs.map((run) => readRun(run, mode));
}

/** The lines of a time, `t=` first. */
export function printTiming(timing: Timing): readonly string[] {
  const { start, stop, repeats, adjustments } = timing;
  const lines = [`t=${start} ${stop}`];
  for (const { intervalSeconds, durationSeconds, offsetsSeconds } of repeats)
    lines.push(`r=${[intervalSeconds, durationSeconds, ...offsetsSeconds].join(' ')}`);
  if (adjustments.length > 0)
    lines.push(`z=${adjustments.map(({ at, offsetSeconds }) => `${at} ${offsetSeconds}`).join(' ')}`);
  return lines;
}

/** A `t=` line alone. @throws SyntaxFault */
export function readTime(line: Line, mode: SdpMode): Timing {
  const words = new Words(line, mode);
  const start = readMoment(words, mode, 'a start time');
  const stop = readMoment(words, mode, 'a stop time');
  words.done();
  return { start, stop, repeats: [], adjustments: [] };
}

/** @throws SyntaxFault */
export function readRepeat(line: Line, mode: SdpMode): Repeat {
  const words = new Words(line, mode);
  const intervalSeconds = readSeconds(words, INTERVAL, 'a repeat interval');
  const durationSeconds = readSeconds(words, SPAN, 'an active duration');
  const offsetsSeconds: number[] = [];
  do offsetsSeconds.push(readSeconds(words, SPAN, 'an offset from the start time'));
  while (words.left > 0);
  return { intervalSeconds, durationSeconds, offsetsSeconds };
}

/** @throws SyntaxFault */
export function readAdjustments(line: Line, mode: SdpMode): readonly Adjustment[] {
  const words = new Words(line, mode);
  const adjustments: Adjustment[] = [];
  do {
    const at = readMoment(words, mode, 'an adjustment time');
    adjustments.push({ at, offsetSeconds: readSeconds(words, SIGNED_SPAN, 'an offset') });
  } while (words.left > 0);
  return adjustments;
}

/** One `t=` line and what follows it up to the next. */
function readRun(run: readonly Line[], mode: SdpMode): Timing {
  const [time, ...rest] = run;
  if (time === undefined) return { start: '0', stop: '0', repeats: [], adjustments: [] };
  const firstZone = rest.findIndex(({ content }) => content.startsWith('z'));
  const repeats = firstZone < 0 ? rest : rest.slice(0, firstZone);
  const [zone, behind] = rest.slice(repeats.length);
  if (behind !== undefined) throw new SyntaxFault(behind.at, 'a "t=" line behind "z="');
  if (mode === 'strict' && zone !== undefined && repeats.length === 0)
    throw new SyntaxFault(zone.at, 'an "r=" line before it');
  return {
    ...readTime(time, mode),
    repeats: repeats.map((line) => readRepeat(line, mode)),
    adjustments: zone === undefined ? [] : readAdjustments(zone, mode),
  };
}

/** LENIENT(RFC 8866 §9): senders that count from their start, or from 1970, send times of fewer than ten digits. */
function readMoment(words: Words, mode: SdpMode, expected: string): string {
  return words.matching(mode === 'strict' ? /^(?:0|[1-9]\d{9,})$/ : /^\d+$/, expected)[0];
}

/** A number with or without a unit: days, hours, minutes, seconds (RFC 8866 §5.10). */
function readSeconds(words: Words, form: RegExp, expected: string): number {
  const { text, at } = words.word(expected);
  const [, sign, digits = '', unit = ''] = form.exec(text) ?? [];
  const seconds = numberOf(digits, at, expected) * (UNIT_SECONDS.get(unit) ?? 1);
  if (!Number.isSafeInteger(seconds)) throw new SyntaxFault(at, expected);
  return sign === '-' && seconds > 0 ? -seconds : seconds;
}

const INTERVAL = /^()([1-9]\d*)([dhms]?)$/;
const SPAN = /^()(\d+)([dhms]?)$/;
const SIGNED_SPAN = /^(-?)(\d+)([dhms]?)$/;
const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
]);
