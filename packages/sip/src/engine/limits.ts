/** How much an engine holds at once. One table; each line has its test. */
export const ENGINE_LIMITS = {
  /** Branches that one request may be forked to, redirections included. */
  branches: 64,
  /** Max-Breadth where a request brings none, and the most that is believed (RFC 5393 §5.3.3). */
  breadth: 60,
  /** Server transactions; a new request beyond is answered 503. */
  serverTransactions: 300_000,
  /** How long a handler may think before the request is answered 500, in milliseconds. */
  decisionMs: 30_000,
  /** How long the bytes of one message on a stream may take to come: as long as its client waits for an answer (64 * T1). */
  messageMs: 32_000,
  /** How long a server may say nothing at all while there is another one, as a multiple of T1: 8 s. */
  silenceT1: 16,
} as const;
