/** How much of everything a message may bring. One table; each line has its test. */
export const LIMITS = {
  /** Bytes of start line and headers together. */
  headBytes: 65_535,
  /** Bytes of a body on a stream; a datagram ends by itself. */
  bodyBytes: 1_048_576,
  /** Header lines. */
  headerLines: 256,
  /** Bytes of one header line, folds included. */
  lineBytes: 16_384,
  /** Values of one list header such as Via or Contact. */
  listValues: 256,
  /** Parts of a multipart body, those of its parts included. */
  bodyParts: 64,
  /** How deep multipart bodies may stand in each other. */
  bodyDepth: 8,
} as const;

export type Limits = { readonly [name in keyof typeof LIMITS]: number };
