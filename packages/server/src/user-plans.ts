import { has, route } from '@strowger/sip/message';
import { type E164, e164Of } from '@strowger/sip/resolve';
import type { PlanPolicy } from '@strowger/sip/roles/proxy';
import type { Binding, Locations } from '@strowger/sip/roles/registrar';
import type { Plan, Target } from '@strowger/sip/routing';
import { isPromiseLike, type UnixMs } from '@strowger/sip/text';
import { aorKey, isSips, parseUri, type Scheme, type SipUri, type Uri } from '@strowger/sip/uri';
import type { Facts } from './facts.ts';
import { planForUser } from './forwarded-users.ts';
import type { Identity } from './identity.ts';
import type { NumberPlan, Numbers } from './numbers.ts';

export interface UserPlanPorts {
  readonly identity: Identity;
  readonly locations: Pick<Locations, 'lookup'>;
  /** What is asked for numbers that no user of ours has; nobody when missing. */
  readonly numbers?: Numbers;
}

/** Where our users and their numbers are. */
export class UserPlans {
  readonly #ports: UserPlanPorts;
  readonly #policy: PlanPolicy;

  constructor(ports: UserPlanPorts, policy: PlanPolicy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** The key that bindings are kept under: the user at the domain that the URI stands for. */
  aorOf(uri: Uri): string | undefined {
    if (uri.type !== 'sip' || uri.user === undefined) return undefined;
    const domain = this.#ports.identity.domainOf(uri);
    if (domain === undefined) return undefined;
    const key = aorKey(uri);
    return `${key.slice(0, key.lastIndexOf('@') + 1)}${domain}`;
  }

  /** As `planForUser`. */
  planFor(
    aor: string,
    bindings: readonly Binding[],
    scheme: Scheme,
    unix: UnixMs,
  ): Plan | undefined | Promise<Plan | undefined> {
    const lookup = (other: string): ReturnType<Locations['lookup']> => this.#ports.locations.lookup(other, unix);
    return planForUser(aor, bindings, { lookup, aorOf: (uri) => this.aorOf(uri), scheme }, this.#policy);
  }

  /**
   * The number of a request that may be asked for. One that has a Route goes there; for sips: the name service would have to
   * prove what it says (RFC 5630 §5.3).
   */
  numberIn({ request, method, uri }: Facts): E164 | undefined {
    const isAsked = this.#ports.numbers !== undefined && method !== 'REGISTER';
    return isAsked && !has(request, route) && !isSips(request.uri) ? e164Of(uri) : undefined;
  }

  /** The number that a tel: URI names as the user of ours that it may be (RFC 3261 §19.1.6). */
  atHome(facts: Facts): Facts | undefined {
    const number = facts.uri.type === 'tel' ? this.numberIn(facts) : undefined;
    if (number === undefined) return undefined;
    const uriDomain = facts.fromDomain ?? this.#ports.identity.firstDomain;
    return { ...facts, uri: parseUri(`sip:${number}@${uriDomain}`), uriDomain };
  }

  /** The plan for a number by ENUM; `undefined` where nobody is asked. */
  planForNumber(number: E164, unix: UnixMs): NumberPlan | undefined | Promise<NumberPlan> {
    return this.#ports.numbers?.planFor(number, (uri) => this.#ownPlan(uri, unix));
  }

  #ownPlan(uri: SipUri, unix: UnixMs): Plan | 'elsewhere' | undefined | Promise<Plan | undefined> {
    const { identity, locations } = this.#ports;
    // RFC 3261 §16.5: where a maddr points is the only target
    const aor = uri.params.has('maddr') ? undefined : this.aorOf(uri);
    if (aor === undefined) return identity.isOurs(uri) ? undefined : 'elsewhere';
    const planOf = (bindings: readonly Binding[]): ReturnType<UserPlans['planFor']> =>
      this.planFor(aor, bindings, uri.secure ? 'sips' : 'sip', unix);
    const found = locations.lookup(aor, unix);
    const plan = isPromiseLike(found) ? found.then(planOf) : planOf(found);
    return isPromiseLike(plan) ? plan.then(unlessEmpty) : unlessEmpty(plan);
  }
}

/** The first of a plan; `undefined` where it has none. */
export function firstTarget(plan: Plan): Target | undefined {
  if (plan.type === 'try') return plan.target;
  if (plan.type === 'after' || plan.type === 'watch') return firstTarget(plan.plan);
  for (const part of plan.of) {
    const target = firstTarget(part);
    if (target !== undefined) return target;
  }
  return undefined;
}

const unlessEmpty = (plan: Plan | undefined): Plan | undefined =>
  plan === undefined || firstTarget(plan) === undefined ? undefined : plan;
