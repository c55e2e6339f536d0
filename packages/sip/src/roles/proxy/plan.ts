import { all, each, type Plan, type Target } from '../../routing/index.ts';
import type { Flow } from '../../uri/transport.ts';

/** What a proxy needs to know of a place where an address-of-record can be reached. */
export interface Reachable {
  readonly contact: string;
  readonly q: number | undefined;
  readonly path: readonly string[];
  readonly flow: Flow;
}

export interface PlanPolicy {
  /** Contacts of equal preference: together, or one after the other. */
  readonly fork: 'parallel' | 'serial';
}

/**
 * The plan to reach somebody: the preferred contacts first, the next ones when those have failed, equally preferred ones
 * together or in turn (RFC 3261 §16.6). `undefined` when there is nobody.
 */
export function planOf(places: readonly Reachable[], policy: PlanPolicy): Plan | undefined {
  const [only] = places;
  if (only === undefined) return undefined;
  if (places.length === 1) return { type: 'try', target: targetOf(only) };
  const byPreference = new Map<number, Plan[]>();
  for (const place of places) {
    const q = place.q ?? 1000;
    const equals = byPreference.get(q) ?? [];
    byPreference.set(q, equals);
    equals.push({ type: 'try', target: targetOf(place) });
  }
  const groups = [...byPreference].sort(([a], [b]) => b - a).map(([, plans]) => plans);
  if (policy.fork === 'serial') return each(...groups.flat());
  const [first] = groups;
  return groups.length === 1 && first !== undefined ? all(...first) : each(...groups.map((plans) => all(...plans)));
}

/**
 * The branch that reaches a binding: its URI, through its Path (RFC 3327 §5.3), and for a connection that the phone opened
 * that same connection, since nobody can open one to a phone behind a NAT.
 */
export function targetOf(place: Reachable): Target {
  const { flow, path } = place;
  const onFlow = path.length === 0 && flow.local.protocol !== 'udp' && flow.connection > 0;
  return {
    uri: place.contact,
    ...(place.q === undefined ? {} : { q: place.q }),
    ...(path.length === 0 ? {} : { route: path }),
    ...(onFlow ? { flow } : {}),
  };
}
