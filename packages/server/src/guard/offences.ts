import { authorization, has, proxyAuthorization, type Request } from '@strowger/sip/message';
import type { Decision } from '@strowger/sip/routing';
import { tryParseUri } from '@strowger/sip/uri';

/** What a source did that honest phones do rarely. Points go at `DECAY_PER_MS` and lead to a ban at `BAN_POINTS`. */
export const OFFENCES = {
  /** Wrong credentials. Again for the same user it is a phone with an old password; for one user after the other a search. */
  'wrong password': { points: 1, forNewUser: 8 },
  /** A call to a user who does not exist. */
  'no such user': { points: 1, forNewUser: 8 },
  'relay attempt': { points: 5, forNewUser: 5 },
  malformed: { points: 3, forNewUser: 3 },
  /** More than its rates allow; counted once a second. */
  flood: { points: 10, forNewUser: 10 },
  scanner: { points: 100, forNewUser: 100 },
} as const;

export type Offence = keyof typeof OFFENCES;

export const BAN_POINTS = 100;
/** All is forgotten in ten minutes: a phone that is wrong every half minute is never banned. */
export const DECAY_PER_MS = BAN_POINTS / 600_000;

export interface Conduct {
  /** What the request was, by its answer; `proved` is the REGISTER of a user who has proved who he is. */
  readonly type: Offence | 'proved';
  /** Of the user that it was about. */
  readonly userHash: number;
}

/**
 * What the decision on a request says about its sender; `undefined`: nothing. Wrong credentials come by another way, since
 * only who looks at them knows whose they are.
 */
export function conductOf(request: Request, decision: Decision): Conduct | undefined {
  if (decision.type !== 'reply') return undefined;
  const { status } = decision;
  if (status === 404) return searchFor(request);
  const isProving = has(request, authorization) || has(request, proxyAuthorization);
  if (status < 300 && request.method === 'REGISTER' && isProving) return { type: 'proved', userHash: 0 };
  return status === 403 && !isProving ? { type: 'relay attempt', userHash: 0 } : undefined;
}

/** What a request for a user who does not exist says about its sender. */
export const searchFor = (request: Request): { readonly type: Offence; readonly userHash: number } => ({
  type: 'no such user',
  userHash: hashOf(userIn(request.uri)),
});

function userIn(text: string): string {
  const uri = tryParseUri(text);
  return uri?.type === 'sip' ? (uri.user ?? '') : text;
}

/** Stands for the name of a user. FNV-1a, mixed so that its lowest bits are as good as the others. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) >>> 0;
}
