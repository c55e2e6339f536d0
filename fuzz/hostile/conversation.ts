import { ALICE } from './secrets.ts';

/** The valid messages around hostile ones; texts hold one character a byte. */

/** Asks a server whether it is there. */
export const options = (callId: string, protocol: string): string =>
  request(`OPTIONS sip:${ALICE.domain}`, [
    `Via: SIP/2.0/${protocol} caller.invalid;branch=z9hG4bK-${callId};rport`,
    'From: <sip:caller@elsewhere.test>;tag=alive',
    `To: <sip:${ALICE.domain}>`,
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
  ]);

/** Bob's telephone stands at that place; the source has to be a trusted one. */
export const registrationOf = (place: string): string =>
  request(`REGISTER sip:${ALICE.domain}`, [
    'Via: SIP/2.0/UDP bob.invalid;branch=z9hG4bK-bob;rport',
    `From: <sip:bob@${ALICE.domain}>;tag=bob`,
    `To: <sip:bob@${ALICE.domain}>`,
    'Call-ID: bob',
    'CSeq: 1 REGISTER',
    `Contact: <sip:bob@${place}>;expires=3600`,
  ]);

/** The answer of a telephone that is busy, so that no call lasts; nothing to an ACK or a response. */
export function busyTo(text: string): readonly string[] {
  const [head = ''] = text.split('\r\n\r\n', 1);
  if (head.startsWith('SIP/2.0 ') || head.startsWith('ACK ')) return [];
  const copied = head
    .split(/\r\n(?![ \t])/)
    .filter((line) => /^(?:Via|v|From|f|To|t|Call-ID|i|CSeq)[ \t]*:/i.test(line))
    .map((line) => (/^(?:To|t)[ \t]*:/i.test(line) && !/;[ \t]*tag[ \t]*=/i.test(line) ? `${line};tag=busy` : line));
  return [`SIP/2.0 486 Busy Here\r\n${copied.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`];
}

function request(start: string, lines: readonly string[]): string {
  return `${start} SIP/2.0\r\n${lines.join('\r\n')}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`;
}
