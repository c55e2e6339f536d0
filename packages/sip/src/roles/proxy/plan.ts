import { after, all, each, type Failure, type Plan, type Reply, reply, type Target } from '../../routing/index.ts';
import { type Flow, isEncrypted, isReliable } from '../../uri/index.ts';

/** What a proxy needs to know of a place where an address-of-record can be reached. */
export interface Reachable {
  readonly contact: string;
  readonly q: number | undefined;
  readonly path: readonly string[];
  readonly flow: Flow;
  /** `flow`: only the way that it registered leads there; `contact`: its URI does. */
  readonly reach: 'contact' | 'flow';
  /** The same text for places that are one phone; `undefined` where nobody knows. */
  readonly instance: string | undefined;
  /** Which of several ways to one phone it used last. */
  readonly updatedAt: number;
  /** Set where requests go over TLS or not at all. */
  readonly security?: 'required';
}

export interface PlanPolicy {
  /** Contacts of equal preference: together, or one after the other. */
  readonly fork: 'parallel' | 'serial';
}

/**
 * The plan to reach somebody: the preferred contacts first, the next ones when those have failed, equally preferred ones
 * together or in turn (RFC 3261 §16.6). Of one phone one contact is tried at a time (RFC 5626 §7). `undefined` when there
 * is nobody; an empty plan, which ends in 480, when nobody can be reached any more.
 */
export function planOf(places: readonly Reachable[], policy: PlanPolicy): Plan | undefined {
  if (places.length === 0) return undefined;
  const alive = places.filter(isAlive);
  const phones = alive.length === 1 ? [alive] : phonesOf(alive);
  const plan = planOfPhones(phones, policy) ?? all();
  return phones.some((ways) => ways.some(mayLoseFlow)) ? after(plan, notFlowFailed) : plan;
}

/**
 * The branch that reaches a binding: its URI, through its Path (RFC 3327 §5.3), and over the flow that it registered on where
 * nothing else leads there, or where that is a connection.
 */
export function targetOf(place: Reachable): Target {
  const { flow, path, security } = place;
  const { protocol } = flow.local;
  const isSecure = security === undefined || isEncrypted(protocol);
  const onFlow =
    path.length === 0 && isSecure && (place.reach === 'flow' || (isReliable(protocol) && flow.connection > 0));
  return {
    uri: place.contact,
    ...(place.q === undefined ? {} : { q: place.q }),
    ...(path.length === 0 ? {} : { route: path }),
    ...(onFlow ? { flow } : {}),
    ...(onFlow && place.reach === 'flow' ? { elsewhere: 'nowhere' } : {}),
    ...(security === undefined ? {} : { security }),
  };
}

/** The ways to each phone, the latest first (RFC 5626 §7, RFC 5627 §6.1). A place that does not say whose it is stands alone. */
function phonesOf(places: readonly Reachable[]): readonly (readonly Reachable[])[] {
  const known = new Map<string, Reachable[]>();
  const phones: Reachable[][] = [];
  for (const place of places) {
    const ways = place.instance === undefined ? undefined : known.get(place.instance);
    if (ways !== undefined) {
      ways.push(place);
      continue;
    }
    const first = [place];
    phones.push(first);
    if (place.instance !== undefined) known.set(place.instance, first);
  }
  for (const ways of phones) ways.sort((a, b) => b.updatedAt - a.updatedAt);
  return phones;
}

function planOfPhones(phones: readonly (readonly Reachable[])[], policy: PlanPolicy): Plan | undefined {
  const [first, second] = phones;
  if (first !== undefined && second === undefined) return planOfWays(first);
  const byPreference = new Map<number, Plan[]>();
  for (const ways of phones) {
    const plan = planOfWays(ways);
    if (plan === undefined) continue;
    const q = ways[0]?.q ?? 1000;
    const equals = byPreference.get(q) ?? [];
    byPreference.set(q, equals);
    equals.push(plan);
  }
  const groups = [...byPreference].sort(([a], [b]) => b - a).map(([, plans]) => plans);
  const [best] = groups;
  if (best === undefined) return undefined;
  if (policy.fork === 'serial') return each(...groups.flat());
  return groups.length === 1 ? all(...best) : each(...groups.map((plans) => all(...plans)));
}

/** RFC 5626 §7: the next way to a phone is tried when it was not reached, never when it has answered. */
function planOfWays([latest, ...others]: readonly Reachable[]): Plan | undefined {
  if (latest === undefined) return undefined;
  const plan: Plan = { type: 'try', target: targetOf(latest) };
  const next = planOfWays(others);
  return next === undefined ? plan : after(plan, (failure) => (isUnreached(failure) ? next : undefined));
}

const isUnreached = ({ status }: Failure): boolean => status === 408 || status === 430;

/** RFC 5626 §11.5: a 430 is between proxies; for the caller the phone is not there. */
const notFlowFailed = ({ status }: Failure): Reply | undefined => (status === 430 ? reply(480) : undefined);

/** RFC 5626 §7: a connection that is known to be gone is no target. */
const isAlive = ({ reach, path, flow }: Reachable): boolean =>
  reach === 'contact' || path.length > 0 || !isReliable(flow.local.protocol) || flow.connection > 0;

const mayLoseFlow = ({ reach, path }: Reachable): boolean => reach === 'flow' || path.length > 0;
