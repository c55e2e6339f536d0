/**
 * How much a session description may bring. One table; each line has its test. Characters are UTF-16 code units: a body of
 * n bytes never decodes to more than n of them.
 */
export const SDP_LIMITS = {
  /** Characters of the whole description. */
  textChars: 65_536,
  /** Lines, blank ones included. */
  lines: 2_048,
  /** Characters of one line, without its end. */
  lineChars: 16_384,
  /** Media sections. */
  media: 128,
} as const;
