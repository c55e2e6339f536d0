import { type PlanPolicy, placesFor, planOf } from '@strowger/sip/roles/proxy';
import type { Binding } from '@strowger/sip/roles/registrar';
import { all, type Plan } from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';
import { type Scheme, tryParseUri, type Uri } from '@strowger/sip/uri';

export interface UserPlanPorts {
  readonly lookup: (aor: string) => readonly Binding[] | Promise<readonly Binding[]>;
  /** The key of the user of ours that a URI names. */
  readonly aorOf: (uri: Uri) => string | undefined;
  /** That of the Request-URI: whom a request may go to depends on it (RFC 5630 §5.3). */
  readonly scheme: Scheme;
}

/**
 * Where requests for a user go (RFC 3261 §16.5). A contact that is the address of another user of ours stands for that
 * user's contacts: looked up here, since a request that went out and came back would have to prove once more who sends it.
 * `undefined` when all contacts lead in circles; a plan without targets when nobody is there.
 */
export function planForUser(
  aor: string,
  bindings: readonly Binding[],
  ports: UserPlanPorts,
  policy: PlanPolicy,
): Plan | undefined | Promise<Plan | undefined> {
  const places = placesFor(ports.scheme, bindings);
  const known: Known = new Map([[aor, places]]);
  const forwards = places.flatMap((binding) => forwardOf(binding, ports) ?? []);
  if (forwards.length === 0) return planOf(places, policy) ?? NOBODY;
  const found = lookUp(forwards, known, ports);
  const plan = (): Plan | undefined => planWithin(aor, known, new Set(), ports, policy);
  return isPromiseLike(found) ? found.then(plan) : plan();
}

type Known = Map<string, readonly Binding[]>;

/** Adds the bindings of these users, and of those that they forward to. */
function lookUp(waiting: readonly string[], known: Known, ports: UserPlanPorts): Known | Promise<Known> {
  const [next, ...rest] = waiting.filter((aor) => !known.has(aor));
  if (next === undefined || known.size >= MOST_USERS) return known;
  const add = (bindings: readonly Binding[]): Known | Promise<Known> => {
    const places = placesFor(ports.scheme, bindings);
    known.set(next, places);
    return lookUp([...rest, ...places.flatMap((binding) => forwardOf(binding, ports) ?? [])], known, ports);
  };
  const found = ports.lookup(next);
  return isPromiseLike(found) ? found.then(add) : add(found);
}

/** Each user has one place in the plan, however many forward to him: whoever is in `placed` leads nowhere new. */
function planWithin(
  aor: string,
  known: Known,
  placed: Set<string>,
  ports: UserPlanPorts,
  policy: PlanPolicy,
): Plan | undefined {
  placed.add(aor);
  const bindings = known.get(aor) ?? [];
  const forwards = new Map(bindings.map((binding) => [binding.contact, forwardOf(binding, ports)]));
  const plan = planOf(bindings, policy);
  if (plan === undefined) return NOBODY;
  return withLeaves(plan, (leaf) => {
    const other = forwards.get(leaf.target.uri);
    if (other === undefined) return leaf;
    return placed.has(other) ? undefined : planWithin(other, known, placed, ports, policy);
  });
}

/** The plan with other leaves; without those that are `undefined`, and without groups that this leaves empty. */
function withLeaves(plan: Plan, change: (leaf: Leaf) => Plan | undefined): Plan | undefined {
  if (plan.type === 'try') return change(plan);
  if (plan.type === 'after' || plan.type === 'watch') {
    const inner = withLeaves(plan.plan, change);
    return inner === undefined ? undefined : { ...plan, plan: inner };
  }
  const of = plan.of.flatMap((part) => withLeaves(part, change) ?? []);
  return of.length === 0 ? undefined : { type: plan.type, of };
}

type Leaf = Extract<Plan, { type: 'try' }>;

/** A contact that is reached by its Path (RFC 3327 §5.3), its flow (RFC 5626 §7) or a maddr stands for no user, whatever it says. */
function forwardOf(binding: Binding, { aorOf }: UserPlanPorts): string | undefined {
  if (binding.path.length > 0 || binding.reach === 'flow') return undefined;
  const uri = tryParseUri(binding.contact);
  return uri?.type !== 'sip' || uri.params.has('maddr') ? undefined : aorOf(uri);
}

/** A user without contacts: 480. */
const NOBODY: Plan = all();
/** How many users one request may be forwarded to in this way. */
const MOST_USERS = 20;
