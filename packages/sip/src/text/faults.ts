/**
 * The faults of the house. An expected outcome is a value, never one of these.
 * Codes are stable: programs may compare them, and the reference page is printed from this file.
 */
export const FAULTS = {
  SIP_E_SYNTAX: 'A text does not follow its grammar; `at` is the offset where it stops doing so.',
  SIP_E_REMOTE:
    'The peer sent something that cannot be accepted; the engine answers `status` to a request (RFC 3261 §8.2, §16.3).',
  SIP_E_USAGE: 'The caller used a function against its contract; a bug in the calling program.',
} as const;

export type FaultCode = keyof typeof FAULTS;

/** A text that does not follow its grammar. Thrown by decoders, caught where the text's origin is known. */
export class SyntaxFault extends Error {
  readonly code: FaultCode = 'SIP_E_SYNTAX';
  /** Offset in the text where the grammar was left. */
  readonly at: number;
  /** What the grammar wants there. */
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(`expected ${expected} at offset ${at}`);
    this.name = 'SyntaxFault';
    this.at = at;
    this.expected = expected;
  }
}

/** The peer's mistake. Thrown while a message is handled; answered in one place, the engine. */
export class RemoteFault extends Error {
  readonly code: FaultCode = 'SIP_E_REMOTE';
  /** The status code to answer a request with. */
  readonly status: number;
  /** The reason phrase of the answer; names the header at fault. */
  readonly reason: string;
  constructor(status: number, reason: string, cause?: unknown) {
    super(`${status} ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'RemoteFault';
    this.status = status;
    this.reason = reason;
  }
}

/** The caller's mistake: a bug, thrown at once, handled by nobody. */
export class UsageFault extends Error {
  readonly code: FaultCode = 'SIP_E_USAGE';
  constructor(message: string) {
    super(message);
    this.name = 'UsageFault';
  }
}
