/**
 * `fault`: a receiver refuses the message, or must; `warning`: the sender broke a rule and receivers cope; `note`: nothing is
 * broken, but it may not be what was meant.
 */
export type Severity = 'fault' | 'warning' | 'note';

/** A stretch of the message, in bytes from its start. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** One thing to say about a message. */
export interface Finding {
  readonly severity: Severity;
  /** `undefined` for what is missing. */
  readonly span: Span | undefined;
  /** A sentence without a full stop. */
  readonly text: string;
  /** Where the rule stands, such as `RFC 3261 §8.1.1`. */
  readonly rfc: string;
}

export const fault = (span: Span | undefined, text: string, rfc: string): Finding => ({
  severity: 'fault',
  span,
  text,
  rfc,
});
export const warning = (span: Span | undefined, text: string, rfc: string): Finding => ({
  severity: 'warning',
  span,
  text,
  rfc,
});
export const note = (span: Span | undefined, text: string, rfc: string): Finding => ({
  severity: 'note',
  span,
  text,
  rfc,
});
