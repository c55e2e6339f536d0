import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { LOST_CONNECTION } from '@strowger/sip/roles/registrar';
import { CONNECTION, type HeldBindings, NUMBERS } from '../table/held-bindings.ts';

/** A row as it comes from a statement: an array where `setReturnArrays` was called, which is twice as fast. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A row of the journal `registrations`; without bindings it says that there are none any more. */
export const rowOf = (aor: string, version: number, held: HeldBindings | undefined): SQLInputValue[] =>
  held === undefined ? [version, aor, null, null] : [version, aor, printNumbers(held.numbers), held.texts];

/** `undefined` for no bindings. Their connections were those of another process: the numbers mean nothing here. */
export function heldFrom(
  numbers: SQLOutputValue | undefined,
  texts: SQLOutputValue | undefined,
): HeldBindings | undefined {
  if (numbers === null) return undefined;
  const held = { numbers: parseNumbers(textOf(numbers)), texts: textOf(texts) };
  for (let at = CONNECTION; at < held.numbers.length; at += NUMBERS)
    if ((held.numbers[at] ?? 0) > 0) held.numbers[at] = LOST_CONNECTION;
  return held;
}

export function textOf(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : unexpected(value, 'a text');
}

export function numberOf(value: SQLOutputValue | undefined): number {
  return typeof value === 'number' ? value : unexpected(value, 'a number');
}

/** One blank between them, and nothing for one that is absent. */
function printNumbers(numbers: ArrayLike<number>): string {
  let text = printNumber(numbers[0]);
  for (let i = 1; i < numbers.length; i += 1) text += ` ${printNumber(numbers[i])}`;
  return text;
}

const printNumber = (number = Number.NaN): string => (Number.isNaN(number) ? '' : String(number));

/** By hand: this is done for every row when a file is opened. */
function parseNumbers(text: string): number[] {
  const numbers: number[] = [];
  let [number, sign] = [Number.NaN, 1];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) number = (Number.isNaN(number) ? 0 : number * 10) + code - ZERO;
    else if (code === MINUS) sign = -1;
    else {
      numbers.push(sign * number);
      [number, sign] = [Number.NaN, 1];
    }
  }
  numbers.push(sign * number);
  return numbers.length % NUMBERS === 0 ? numbers : unexpected(text, 'the numbers of bindings');
}

function unexpected(value: unknown, expected: string): never {
  throw new TypeError(`the store holds ${String(value)} where ${expected} belongs`);
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
