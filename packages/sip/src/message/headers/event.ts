import { isToken } from '../../text/chars.ts';
import { SyntaxFault } from '../../text/faults.ts';
import type { Params } from '../../text/params.ts';
import { Scanner } from '../../text/scanner.ts';
import { defineHeader } from '../header.ts';
import { fieldsFrom, param, present, rest } from './fields.ts';
import { tokenHeader } from './shapes.ts';

/** Subscriptions, notifications and publications. */

export interface EventType {
  /** The package with its templates, as `presence.winfo`; compared byte by byte (RFC 6665 §8.2.1). */
  readonly package: string;
  readonly id?: string;
  readonly params?: Params;
}

export const event = defineHeader({
  name: 'Event',
  compact: 'o',
  arity: 'one',
  rfc: 'RFC 6665 §8.2.1',
  decode: (text: string): EventType => {
    const s = new Scanner(text).blanks();
    const name = eventType(s);
    const fields = fieldsFrom(s);
    return { package: name, ...present({ id: fields.token('id') }), ...fields.rest() };
  },
  encode: (v) => `${v.package}${param('id', v.id)}${rest(v.params)}`,
});

export const allowEvents = defineHeader({
  name: 'Allow-Events',
  compact: 'u',
  arity: 'list',
  rfc: 'RFC 6665 §8.2.2',
  decode: (text: string) => {
    const s = new Scanner(text).blanks();
    const name = eventType(s);
    s.end();
    return name;
  },
  encode: (value) => value,
});

export interface SubscriptionState {
  /** `active`, `pending`, `terminated` or an extension, in lower case. */
  readonly state: string;
  /** Why it ended: `deactivated`, `probation`, `rejected`, `timeout`, `giveup`, `noresource`, `invariant` … in lower case. */
  readonly reason?: string;
  readonly expiresSeconds?: number;
  readonly retryAfterSeconds?: number;
  readonly params?: Params;
}

export const subscriptionState = defineHeader({
  name: 'Subscription-State',
  arity: 'one',
  rfc: 'RFC 6665 §8.2.3',
  decode: (text: string): SubscriptionState => {
    const s = new Scanner(text).blanks();
    const state = s.token('the state of a subscription').toLowerCase();
    const fields = fieldsFrom(s);
    return {
      state,
      ...present({
        reason: fields.token('reason')?.toLowerCase(),
        expiresSeconds: fields.uint('expires'),
        retryAfterSeconds: fields.uint('retry-after'),
      }),
      ...fields.rest(),
    };
  },
  encode: (v) =>
    `${v.state}${param('reason', v.reason)}${param('expires', v.expiresSeconds)}${param('retry-after', v.retryAfterSeconds)}${rest(v.params)}`,
});

/** The state that a publication made; compared byte by byte. */
export const sipEtag = tokenHeader({ name: 'SIP-ETag', arity: 'one', rfc: 'RFC 3903 §11.3.1' }, 'an entity tag');

/** The state that this publication refreshes, changes or removes. */
export const sipIfMatch = tokenHeader({ name: 'SIP-If-Match', arity: 'one', rfc: 'RFC 3903 §11.3.2' }, 'an entity tag');

/** No notification is wanted while the state has this tag; `*` for whatever it is. */
export const suppressIfMatch = tokenHeader(
  { name: 'Suppress-If-Match', arity: 'one', rfc: 'RFC 5839 §7.2' },
  'an entity tag or "*"',
);

/** event-type = token-nodot *( "." token-nodot ) */
function eventType(s: Scanner): string {
  const start = s.pos;
  const name = s.token('an event package');
  if (!name.split('.').every(isToken)) throw new SyntaxFault(start, 'an event package and its templates');
  return name;
}
