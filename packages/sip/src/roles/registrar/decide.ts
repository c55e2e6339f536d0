import type { UnixMs } from '../../text/time.ts';
import type { Binding, BindingFlow } from './binding.ts';
import { gruusSince } from './gruus-since.ts';
import type { NatMode } from './reach.ts';

/** What a REGISTER says, as plain data. The caller has done steps 1 to 5 of RFC 3261 §10.3. */
export interface Registration {
  readonly callId: string;
  readonly cseq: number;
  /** The text of the Expires header field; `undefined` when there is none. */
  readonly expires: string | undefined;
  /** The values of all Contact header fields in order; none at all asks for the list. */
  readonly contacts: readonly ('*' | Candidate)[];
  readonly path: readonly string[];
  readonly flow: BindingFlow;
  readonly userAgent: string | undefined;
}

/** One Contact header field value; the fields as in `Binding`. */
export interface Candidate {
  readonly key: string;
  readonly contact: string;
  readonly params: string;
  readonly q: number | undefined;
  /** The text of the `expires` parameter; `undefined` when there is none. */
  readonly expires: string | undefined;
  readonly reach: Binding['reach'];
  readonly instance: string | undefined;
  readonly regId: number | undefined;
}

export interface RegistrationPolicy {
  /** Briefer wishes below one hour are answered 423; longer than an hour has no effect. */
  readonly minSeconds: number;
  /** Longer wishes are granted as this. At least 1. */
  readonly maxSeconds: number;
  /** For who expresses no wish. */
  readonly defaultSeconds: number;
  /** How many bindings one address-of-record may grow to. */
  readonly maxBindings: number;
  /** `auto` where it is absent. */
  readonly nat?: NatMode;
  /** Flow-Timer for phones that use RFC 5626; where it is absent they send keep-alives as they like. */
  readonly flowTimerSeconds?: number;
}

/**
 * `store`: answer 200 after `bindings` is saved as the whole set. `unchanged`: answer 200, there is nothing to save.
 * `reject`: nothing is changed. `bindings` is what the 200 lists (RFC 3261 §10.3 step 8).
 */
export type Verdict =
  | {
      readonly type: 'store';
      readonly bindings: readonly Binding[];
      readonly added: readonly Binding[];
      /** As they are now. */
      readonly refreshed: readonly Binding[];
      /** As they were. */
      readonly removed: readonly Binding[];
    }
  | { readonly type: 'unchanged'; readonly bindings: readonly Binding[] }
  | { readonly type: 'reject'; readonly status: 400 | 403 | 500; readonly reason: string }
  | { readonly type: 'reject'; readonly status: 423; readonly reason: string; readonly minExpires: number };

/**
 * RFC 3261 §10.3 steps 6 to 8: what a REGISTER makes of the bindings of its address-of-record. All or nothing: either
 * every contact is processed or none is. Expired bindings in `current` count as absent.
 */
export function decide(
  registration: Registration,
  current: readonly Binding[],
  policy: RegistrationPolicy,
  now: UnixMs,
): Verdict {
  const live = current.filter((binding) => binding.expiresAt > now);
  const contacts = registration.contacts.filter((contact) => contact !== '*');
  if (contacts.length < registration.contacts.length) return decideWildcard(registration, live);
  if (contacts.length === 0) return { type: 'unchanged', bindings: live };
  return decideContacts(registration, contacts, live, policy, now);
}

/**
 * An expiration interval in seconds (RFC 3261 §20.19). What is no number counts as an hour, what is too large as 2**32-1:
 * §10.2 says so for the parameter, RFC 4475 §3.1.2.4 takes both the same way.
 */
export function intervalOf(text: string): number {
  return /^[0-9]+$/.test(text) ? Math.min(Number(text), 2 ** 32 - 1) : HOUR;
}

/** RFC 3261 §10.3 step 6. */
function decideWildcard(registration: Registration, live: readonly Binding[]): Verdict {
  if (registration.contacts.length !== 1) return reject(400, 'Contact * Must Stand Alone');
  if (registration.expires === undefined || intervalOf(registration.expires) !== 0) {
    return reject(400, 'Contact * Needs Expires 0');
  }
  if (live.some((binding) => isOutOfOrder(registration, binding))) return OUT_OF_ORDER;
  return verdictOf(live, []);
}

/**
 * RFC 3261 §10.3 step 7. A contact that stands twice in one request is processed twice, in turn, so the later value holds:
 * both are compared with the bindings that are current, and what the first made is tentative until all succeed. The rule
 * about CSeq is there for requests out of order, which two values of one request are not.
 */
function decideContacts(
  registration: Registration,
  contacts: readonly Candidate[],
  live: readonly Binding[],
  policy: RegistrationPolicy,
  now: UnixMs,
): Verdict {
  const wishes = contacts.map((contact) => {
    const text = contact.expires ?? registration.expires;
    return { contact, seconds: text === undefined ? policy.defaultSeconds : intervalOf(text) };
  });
  const kept = wishes.filter((wish) => wish.seconds > 0);
  if (kept.length > 1 && kept.some((wish) => wish.contact.regId !== undefined)) {
    return reject(400, 'One Contact Per reg-id'); // RFC 5626 §6: one instance over one flow
  }
  const next = [...live];
  for (const { contact, seconds } of wishes) {
    if (isTooBrief(seconds, policy)) {
      return { type: 'reject', status: 423, reason: 'Interval Too Brief', minExpires: policy.minSeconds };
    }
    const old = live.find((binding) => binding.key === contact.key);
    if (old !== undefined && isOutOfOrder(registration, old)) return OUT_OF_ORDER;
    const at = next.findIndex((binding) => binding.key === contact.key);
    if (seconds > 0)
      next[at < 0 ? next.length : at] = bindingOf(
        registration,
        contact,
        Math.min(seconds, policy.maxSeconds),
        old,
        now,
      );
    else if (at >= 0) next.splice(at, 1);
  }
  const verdict = verdictOf(live, gruusSince(registration.callId, live, next, now));
  const isOver = verdict.type === 'store' && verdict.added.length > 0 && next.length > policy.maxBindings;
  return isOver ? reject(403, 'Too Many Bindings') : verdict;
}

/** A UA counts its CSeq up under one Call-ID; another Call-ID says nothing about the order (RFC 3261 §10.3 step 7). */
const isOutOfOrder = (registration: Registration, binding: Binding): boolean =>
  binding.callId === registration.callId && registration.cseq <= binding.cseq;

/** All three conditions, or the wish may only be shortened, never refused (RFC 3261 §10.3 step 7). */
const isTooBrief = (seconds: number, policy: RegistrationPolicy): boolean =>
  seconds > 0 && seconds < HOUR && seconds < policy.minSeconds;

function bindingOf(
  registration: Registration,
  contact: Candidate,
  seconds: number,
  old: Binding | undefined,
  now: UnixMs,
): Binding {
  const at = Math.floor(now);
  return {
    key: contact.key,
    contact: contact.contact,
    params: contact.params,
    q: contact.q,
    callId: registration.callId,
    cseq: registration.cseq,
    expiresAt: at + seconds * 1000,
    registeredAt: old?.registeredAt ?? at,
    updatedAt: at,
    path: registration.path,
    flow: registration.flow,
    reach: contact.reach,
    instance: contact.instance,
    regId: contact.regId,
    gruusSince: undefined, // the instance's other bindings decide on it, too
    userAgent: registration.userAgent,
  };
}

/** `bindings` holds the very objects of `live` where nothing changed. */
function verdictOf(live: readonly Binding[], bindings: readonly Binding[]): Verdict {
  const changed = bindings.filter((binding) => !live.includes(binding));
  const added = changed.filter((binding) => !hasKey(live, binding.key));
  const refreshed = changed.filter((binding) => hasKey(live, binding.key));
  const removed = live.filter((binding) => !hasKey(bindings, binding.key));
  if (added.length + refreshed.length + removed.length === 0) return { type: 'unchanged', bindings };
  return { type: 'store', bindings, added, refreshed, removed };
}

/** Bindings are few: looking at each is faster than making a map of them. */
const hasKey = (bindings: readonly Binding[], key: string): boolean => bindings.some((binding) => binding.key === key);

const reject = (status: 400 | 403 | 500, reason: string): Verdict => ({ type: 'reject', status, reason });

/** "The update MUST be aborted and the request fails": with 500, as for every update that fails (RFC 3261 §10.3 step 7). */
const OUT_OF_ORDER: Verdict = { type: 'reject', status: 500, reason: 'Registration Out Of Order' };

const HOUR = 3600;
