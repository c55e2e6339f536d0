import { codesOf, skipBlanksIn } from '../../text/byte-scanners.ts';
import { SyntaxFault } from '../../text/faults.ts';
import { defineHeader } from '../header.ts';
import { decodeNameAddrAt, encodeNameAddr, type NameAddr } from '../name-addr.ts';
import { parseQvalue } from './qvalue.ts';
import { secondsHeader } from './shapes.ts';

/** Where a peer can be reached; `*` is all bindings of a REGISTER that removes them (RFC 3261 §10.2.2). */
export const contact = defineHeader({
  name: 'Contact',
  compact: 'm',
  arity: 'list',
  rfc: 'RFC 3261 §20.10',
  decode: (text) => decodeContact(text, codesOf(text), 0, text.length),
  decodeAt: decodeContact,
  encode: (value: NameAddr | '*') => (value === '*' ? value : encodeNameAddr(value)),
});

/** How long what the message asks for or says stays valid, in seconds. */
export const expires = secondsHeader({ name: 'Expires', arity: 'one', rfc: 'RFC 3261 §20.19' });

/** The least registration or subscription that the server grants, in seconds; goes with 423. */
export const minExpires = secondsHeader({ name: 'Min-Expires', arity: 'one', rfc: 'RFC 3261 §20.23' });

/** The preference of a contact in thousandths; 1000 where none is given (RFC 3261 §20.10, §16.6). */
export function qOf(value: NameAddr): number {
  const q = value.params.get('q');
  return q === undefined ? 1000 : (parseQvalue(q) ?? 1000);
}

/**
 * The `expires` parameter of a contact in seconds; `undefined` where there is none. A malformed one counts as an hour and
 * one above 2**32-1 as that (RFC 3261 §20.10, §10.2.1.1).
 */
export function expiresOf(value: NameAddr): number | undefined {
  const text = value.params.get('expires');
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 32 - 1) : 3600;
}

/** The instance identifier without its angle brackets, such as `urn:uuid:…` (RFC 5626 §4.1). */
export function instanceOf(value: NameAddr): string | undefined {
  const text = value.params.get('+sip.instance');
  if (text === undefined || text === '') return undefined;
  return text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
}

/** The flow that the contact registers, 1 to 2**31-1; `undefined` for none or a malformed one (RFC 5626 §4.2). */
export function regIdOf(value: NameAddr): number | undefined {
  const text = value.params.get('reg-id');
  const id = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return id > 0 && id < 2 ** 31 ? id : undefined;
}

function decodeContact(text: string, b: Uint8Array, start: number, end: number): NameAddr | '*' {
  const first = skipBlanksIn(b, start, end);
  if (first < end && b[first] === 42 && text.slice(first, end).trim() === '*') return '*';
  const value = decodeNameAddrAt(text, b, start, end);
  const q = /q/i.test(value.params.text) ? value.params.get('q') : undefined;
  if (q !== undefined && parseQvalue(q) === undefined)
    throw new SyntaxFault(text.lastIndexOf(q, end), 'a preference from 0 to 1');
  return value;
}
