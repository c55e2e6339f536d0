import type { Protocol } from '@strowger/sip/engine';
import type { Instant } from '@strowger/sip/text';
import type { Loss } from './path.ts';

/** One message on the virtual network, written down when it left. */
export interface Traffic {
  readonly at: Instant;
  readonly protocol: Protocol;
  readonly from: Place;
  readonly to: Place;
  readonly bytes: Uint8Array;
  /** The method of a request, status and CSeq method of a response, or what else it is. */
  readonly label: string;
  /** How many copies arrive: 0 is lost, 2 is duplicated. */
  readonly copies: number;
  readonly loss: Loss | undefined;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** What a message is called in ladders. Knows only the outermost form of SIP, so that it can name broken messages too. */
export function labelOf(bytes: Uint8Array): string {
  const head = LATIN1.decode(bytes.subarray(0, HEAD_BYTES));
  if (head === '\r\n\r\n') return 'ping'; // RFC 5626 §3.5.1
  if (head === '\r\n') return 'pong';
  const status = /^SIP\/2\.0 (\d{3})/i.exec(head)?.[1];
  if (status !== undefined) {
    const method = /\r?\nCSeq[ \t]*:\s*\d+\s+([^\s]+)/i.exec(head)?.[1];
    return method === undefined ? status : `${status} ${method}`;
  }
  return /^([!-~]+) [^\r\n]* SIP\/2\.0\r?\n/i.exec(head)?.[1] ?? `${bytes.length} bytes`;
}

const LATIN1 = new TextDecoder('latin1');
const HEAD_BYTES = 8_192;
