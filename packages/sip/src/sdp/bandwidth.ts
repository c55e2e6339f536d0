import { SyntaxFault } from '../text/faults.ts';
import { isSdpToken, type Line, numberOf, type SdpMode, Words } from './line.ts';

/** `b=`: how much a session or stream takes (RFC 8866 §5.8). Types nobody knows are to be ignored. */
export interface Bandwidth {
  /** `CT`, `AS`, `TIAS`, `RS`, `RR` … */
  readonly modifier: string;
  /** Kilobits per second for `CT` and `AS`; other modifiers have other units. */
  readonly amount: number;
}

/** @throws SyntaxFault with an offset in the whole text */
export function readBandwidth(line: Line, mode: SdpMode): Bandwidth {
  const words = new Words(line, mode);
  const { text, at } = words.word('a bandwidth');
  const colon = text.indexOf(':');
  const modifier = text.slice(0, Math.max(colon, 0));
  if (!isSdpToken(modifier)) throw new SyntaxFault(at, 'a bandwidth type and a colon');
  words.done();
  return { modifier, amount: numberOf(text.slice(colon + 1), at + colon + 1, 'a bandwidth in digits') };
}

export const printBandwidth = (b: Bandwidth): string => `b=${b.modifier}:${b.amount}`;
