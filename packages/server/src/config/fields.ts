import * as z from 'zod';
import { isRefusal, type Reading } from './reading.ts';

/** The kinds of value that a configuration has. The error of each is the expectation as a noun phrase. */

export function list<T extends z.ZodType>(item: T, expected: string, fallback: z.input<T>[] = []) {
  return z.array(item, { error: expected }).readonly().prefault(fallback);
}

/** A text with a meaning of its own. */
export function reading<T>(expected: string, parse: (text: string) => Reading<T>) {
  return z.string({ error: expected }).transform((given, context): T => {
    const read = parse(given);
    if (!isRefusal(read)) return read.value;
    context.addIssue({ code: 'custom', message: read.expected, params: { hint: read.hint } });
    return z.NEVER;
  });
}

export function text(expected: string, pattern: RegExp) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

export function whole(min: number, max: number, expected: string) {
  return z.int({ error: expected }).min(min, { error: expected }).max(max, { error: expected });
}

export function choice<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

export function toggle() {
  return z.boolean({ error: 'true or false' });
}

/** A time in seconds, or none. */
export function seconds(min: number, max: number, expected: string) {
  return z.union([z.literal('off'), z.int().min(min).max(max)], { error: expected });
}
