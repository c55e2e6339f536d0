import { isDigit } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { type Params, quoted } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { scanHost, scanPort } from '../../uri/host.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, param, present, quotedParam, rest } from './fields.ts';
import { nameAddrHeader, tokenHeader, uriAt } from './shapes.ts';

/** Private header fields of PacketCable networks (RFC 5503). */

/** Who made a call that is traced. */
export const pDcsTracePartyId = nameAddrHeader({ name: 'P-DCS-Trace-Party-ID', arity: 'one', rfc: 'RFC 5503 §5.1' });

/** Operator services: `BLV` (busy line verification), `EI` (emergency interrupt), `RING`. */
export const pDcsOsps = tokenHeader({ name: 'P-DCS-OSPS', arity: 'one', rfc: 'RFC 5503 §6.1' }, 'an operator service');

export interface BillingInfo {
  /** Up to 48 hexadecimal digits. */
  readonly correlationId: string;
  /** The financial entity: up to 16 hexadecimal digits, and the host it is known at. */
  readonly feid: string;
  readonly host: string;
  /** `charge`, `calling`, `called`, `rksgroup` … as they stand. */
  readonly params?: Params;
}

export const pDcsBillingInfo = defineHeader({
  name: 'P-DCS-Billing-Info',
  arity: 'one',
  rfc: 'RFC 5503 §7.1',
  decode: (text: string): BillingInfo => {
    const match = /^\s*([0-9a-f]{1,48})\/([0-9a-f]{1,16})@/i.exec(text);
    if (match?.[1] === undefined || match[2] === undefined)
      throw new SyntaxFault(0, 'a correlation identifier, "/", a financial entity and "@"');
    const s = new Scanner(text, scanHost(text, match[0].length));
    const host = text.slice(match[0].length, s.pos);
    return { correlationId: match[1], feid: match[2], host, ...fieldsFrom(s).rest() };
  },
  encode: (v) => `${v.correlationId}/${v.feid}@${v.host}${rest(v.params)}`,
});

export interface LawfulIntercept {
  readonly host: string;
  readonly port?: number;
  /** Where the content goes: a host with or without port. */
  readonly content?: string;
  readonly params?: Params;
}

export const pDcsLaes = defineHeader({
  name: 'P-DCS-LAES',
  arity: 'one',
  rfc: 'RFC 5503 §8.1',
  decode: (text: string): LawfulIntercept => {
    const s = new Scanner(text).blanks();
    const start = s.pos;
    s.pos = scanHost(text, start);
    const host = text.slice(start, s.pos);
    let port: number | undefined;
    if (s.peek === 58 && isDigit(text.charCodeAt(s.pos + 1))) {
      const end = scanPort(text, s.pos + 1);
      port = Number(text.slice(s.pos + 1, end));
      s.pos = end;
    }
    const fields = fieldsFrom(s);
    return { host, ...present({ port, content: fields.filled('content') }), ...fields.rest() };
  },
  encode: (v) =>
    `${v.host}${v.port === undefined ? '' : `:${v.port}`}${v.content === undefined ? '' : `;content=${v.content}`}${rest(v.params)}`,
});

export interface DcsRedirect {
  /** The URI that was called. */
  readonly called: string;
  /** The URI that redirected the call. */
  readonly redirector?: string;
  readonly count?: number;
  readonly params?: Params;
}

export const pDcsRedirect = defineHeader({
  name: 'P-DCS-Redirect',
  arity: 'one',
  rfc: 'RFC 5503 §8.1',
  decode: (text: string): DcsRedirect => {
    const s = new Scanner(text).blanks();
    const at = s.pos + 1;
    const called = uriAt(s.quoted(), at).text;
    const fields = fieldsFrom(s);
    return {
      called,
      ...present({ redirector: fields.filled('redirector-uri'), count: fields.uint('count') }),
      ...fields.rest(),
    };
  },
  encode: (v) =>
    `${quoted(v.called)}${quotedParam('redirector-uri', v.redirector)}${param('count', v.count)}${rest(v.params)}`,
});
