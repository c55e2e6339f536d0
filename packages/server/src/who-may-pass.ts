import type { Facts } from './facts.ts';

/** What the table says of a request. */
export type Passage =
  /** Send it along the dialog that it belongs to. */
  | { readonly type: 'relay' }
  /** Take it: to our users by their bindings, to anywhere else by its Request-URI. */
  | { readonly type: 'anywhere' }
  /** Take it, but only to our own users. */
  | { readonly type: 'ours' }
  /** Who sends it must prove that they are who this header says, or one of us where it says nothing; then they have this `passage`. */
  | { readonly type: 'prove'; readonly header: 'To' | 'From'; readonly passage: 'anywhere' | 'ours' }
  | { readonly type: 'refuse'; readonly status: 403 }
  | { readonly type: 'drop'; readonly why: string };

export type AuthMode = 'digest' | 'none';

interface Rule {
  readonly name: string;
  /** For the guide: who this is about, and what happens. */
  readonly about: string;
  readonly decide: (facts: Facts, auth: AuthMode) => Passage | undefined;
}

/**
 * Who may pass, in this order; the first rule that says something decides. CANCEL, and the ACK to a failure, never come
 * here: they belong to the INVITE that the engine already knows.
 */
export const WHO_MAY_PASS: readonly Rule[] = [
  {
    name: 'a',
    about: 'ACK and CANCEL are never challenged; one that belongs to no call of ours goes to our own users or nowhere.',
    decide: (facts) => {
      if (facts.method !== 'ACK' && facts.method !== 'CANCEL') return undefined;
      if (facts.inDialog || facts.path === 'flow') return { type: 'relay' };
      if (facts.trusted) return { type: 'anywhere' };
      return facts.uriDomain === undefined
        ? { type: 'drop', why: `${facts.method} that belongs to no call of ours` }
        : { type: 'ours' };
    },
  },
  {
    name: 'b',
    about: 'A request within a dialog whose topmost Route is our own Record-Route with a valid token is relayed.',
    decide: (facts) => (facts.inDialog ? { type: 'relay' } : undefined),
  },
  {
    name: 'p',
    about:
      'A request whose topmost Route is our own Path URI goes over the flow of its token and nowhere else, unasked; 403 where the token is not ours.',
    decide: ({ path }) => {
      if (path === undefined) return undefined;
      return path === 'flow' ? { type: 'relay' } : { type: 'refuse', status: 403 };
    },
  },
  {
    name: 'c',
    about: 'A trusted source passes to anywhere.',
    decide: (facts) => (facts.trusted ? { type: 'anywhere' } : undefined),
  },
  {
    name: 'r',
    about:
      'A request from elsewhere, a REGISTER too, whose next hop is a domain of `edge` goes there; its registrar asks for proof.',
    decide: ({ toEdgeDomain, fromDomain }) =>
      toEdgeDomain && fromDomain === undefined ? { type: 'anywhere' } : undefined,
  },
  {
    name: 'd',
    about: 'A REGISTER for one of our domains needs digest authentication, and its user must own the address in To.',
    decide: (facts, auth) => {
      if (facts.method !== 'REGISTER' || facts.uriDomain === undefined) return undefined;
      return auth === 'none' ? { type: 'ours' } : { type: 'prove', header: 'To', passage: 'ours' };
    },
  },
  {
    name: 'e',
    about:
      'A request from an address of our domains, and one for elsewhere from nobody (anonymous.invalid), needs digest authentication (407), and its user must own the address in From (403), unless that is anonymous; then it may go anywhere. With `auth: none` it may go to our own users.',
    decide: (facts, auth) => {
      const isHiddenUser = facts.isAnonymous && facts.uriDomain === undefined;
      if (facts.fromDomain === undefined && !isHiddenUser) return undefined;
      if (auth === 'digest') return { type: 'prove', header: 'From', passage: 'anywhere' };
      return facts.uriDomain === undefined ? { type: 'refuse', status: 403 } : { type: 'ours' };
    },
  },
  {
    name: 'f',
    about: 'A request from elsewhere to one of our domains goes to the bindings of its user.',
    decide: (facts) => (facts.uriDomain === undefined ? undefined : { type: 'ours' }),
  },
  {
    name: 'g',
    about: 'Everything else is refused (403): this server is no relay for strangers.',
    decide: () => ({ type: 'refuse', status: 403 }),
  },
];

export function passageOf(facts: Facts, auth: AuthMode): Passage {
  for (const rule of WHO_MAY_PASS) {
    const passage = rule.decide(facts, auth);
    if (passage !== undefined) return passage;
  }
  return { type: 'refuse', status: 403 };
}
