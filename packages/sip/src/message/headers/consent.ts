import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, type ParamFields, param, present, quotedParam, rest } from './fields.ts';
import { angleUri, nameAddrHeader, uriAt, uriHeader } from './shapes.ts';

/** Asking recipients for permission (RFC 5360), and telling phones where session policies are (RFC 6794). */

/** The recipients whose permission a relay lacks. */
export const permissionMissing = nameAddrHeader({ name: 'Permission-Missing', arity: 'list', rfc: 'RFC 5360 §5.9.3' });

export interface TriggerConsent {
  /** The relay to ask. Not in angle brackets, so that its own parameters have no place. */
  readonly uri: string;
  /** The recipient whose permission is missing. */
  readonly target?: string;
  readonly params?: Params;
}

export const triggerConsent = defineHeader({
  name: 'Trigger-Consent',
  arity: 'list',
  rfc: 'RFC 5360 §5.11.2',
  decode: (text: string): TriggerConsent => {
    const [uri, fields] = bareUri(text);
    return { uri, ...present({ target: fields.filled('target-uri') }), ...fields.rest() };
  },
  encode: (v) => `${printBare(v.uri)}${quotedParam('target-uri', v.target)}${rest(v.params)}`,
});

export interface PolicyId {
  readonly uri: string;
  /** The version of the policy. */
  readonly token?: string;
  readonly params?: Params;
}

/** The policies that the phone used. */
export const policyId = defineHeader({
  name: 'Policy-ID',
  arity: 'list',
  rfc: 'RFC 6794 §4.4.5.1',
  decode: (text: string): PolicyId => {
    const [uri, fields] = bareUri(text);
    return { uri, ...present({ token: fields.token('token') }), ...fields.rest() };
  },
  encode: (v) => `${printBare(v.uri)}${param('token', v.token)}${rest(v.params)}`,
});

/** Where to get a policy, with `non-cacheable` and `alt-uri`. */
export const policyContact = uriHeader({ name: 'Policy-Contact', arity: 'list', rfc: 'RFC 6794 §4.4.5.2' });

/** In angle brackets all the same where the URI would be cut short without them. */
const printBare = (uri: string): string => (uri.includes(';') || uri.includes(',') ? `<${uri}>` : uri);

/** A URI without angle brackets, whose first semicolon begins the parameters of the header (as RFC 3261 §20 has it). */
function bareUri(text: string): readonly [string, ParamFields] {
  const s = new Scanner(text).blanks();
  if (s.peek === 60) return [angleUri(s).text, fieldsFrom(s)];
  const start = s.pos;
  const uri = s.until(' \t;');
  if (uri === '') throw new SyntaxFault(start, 'a URI');
  return [uriAt(uri, start).text, fieldsFrom(s)];
}
