/**
 * What a short text of the configuration means, or what it should have been. The configuration and the command line read
 * the same texts, so a refusal carries no place: whoever knows the place adds it.
 */
export type Reading<T> = { readonly value: T } | Refusal;

export interface Refusal {
  /** A noun phrase: "expected …". */
  readonly expected: string;
  /** The cure, when there is an obvious one. */
  readonly hint: string | undefined;
}

export function isRefusal<T>(reading: Reading<T>): reading is Refusal {
  return 'expected' in reading;
}

export function refuse(expected: string, hint?: string): Refusal {
  return { expected, hint };
}
