import { defineHeader } from '../header.ts';
import { callId } from './core.ts';
import { textHeader, tokenHeader } from './shapes.ts';

/** Words for people, and what made the message. */

export const subject = textHeader({ name: 'Subject', compact: 's', rfc: 'RFC 3261 §20.36' });
export const organization = textHeader({ name: 'Organization', rfc: 'RFC 3261 §20.25' });
/** Products and comments; kept as text, since nothing may depend on it. */
export const userAgent = textHeader({ name: 'User-Agent', rfc: 'RFC 3261 §20.41' });
export const server = textHeader({ name: 'Server', rfc: 'RFC 3261 §20.35' });

/** `emergency`, `urgent`, `normal`, `non-urgent`, or `psap-callback` of RFC 7090. */
export const priority = tokenHeader({ name: 'Priority', arity: 'one', rfc: 'RFC 3261 §20.26' }, 'a priority');

/** The calls that this one returns. */
export const inReplyTo = defineHeader({
  name: 'In-Reply-To',
  arity: 'list',
  rfc: 'RFC 3261 §20.21',
  decode: callId.decode,
  encode: callId.encode,
});
