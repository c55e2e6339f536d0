import type { Span } from './finding.ts';
import type { Field } from './header-fields.ts';

/** What a message is looked at with. */
export interface Facts {
  readonly fields: readonly Field[];
  /** Of the request, or of the request that the response answers. */
  readonly method: string;
  /** The start line, without its end. */
  readonly startSpan: Span;
}
