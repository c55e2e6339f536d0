import { type Line, type SdpMode, Words } from './line.ts';

/** `o=`: who made the description, which session it is and which version of it (RFC 8866 §5.2). */
export interface Origin {
  /** `-` where the host knows no users. */
  readonly username: string;
  /** Digits, as text: they may exceed what a number holds. */
  readonly sessionId: string;
  /** Digits, as text; grows with each change of the description. */
  readonly sessionVersion: string;
  /** `IN` */
  readonly nettype: string;
  /** `IP4` or `IP6` */
  readonly addrtype: string;
  readonly address: string;
}

/** @throws SyntaxFault with an offset in the whole text */
export function readOrigin(line: Line, mode: SdpMode): Origin {
  const words = new Words(line, mode);
  const origin = {
    username: words.word('a user name').text,
    sessionId: readId(words, mode, 'a session id of digits'),
    sessionVersion: readId(words, mode, 'a session version of digits'),
    nettype: words.token('a network type'),
    addrtype: words.token('an address type'),
    address: words.word('an address').text,
  };
  words.done();
  return origin;
}

export const printOrigin = (o: Origin): string =>
  `o=${o.username} ${o.sessionId} ${o.sessionVersion} ${o.nettype} ${o.addrtype} ${o.address}`;

/** True when both describe the same session, in whatever version (RFC 8866 §5.2). */
export function sameSession(a: Origin, b: Origin): boolean {
  return (
    a.username === b.username &&
    a.sessionId === b.sessionId &&
    a.nettype === b.nettype &&
    a.addrtype === b.addrtype &&
    a.address === b.address
  );
}

/** LENIENT(RFC 8866 §5.2): phones whose counter overflowed send negative ids, others hexadecimal ones. */
function readId(words: Words, mode: SdpMode, expected: string): string {
  return mode === 'strict' ? words.matching(/^\d+$/, expected)[0] : words.word(expected).text;
}
