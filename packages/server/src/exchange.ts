import { has, type Response, readAll, require as requireHeader, route } from '@strowger/sip/message';
import { type PlanPolicy, placesFor, schemeRefusal } from '@strowger/sip/roles/proxy';
import { redirect } from '@strowger/sip/roles/redirect';
import {
  type Binding,
  type BoundFlows,
  type Gruus,
  type Locations,
  type RegistrationPolicy,
  register,
  type Users,
} from '@strowger/sip/roles/registrar';
import {
  asServer,
  type Context,
  type Decision,
  drop,
  type ForwardOptions,
  type Plan,
  pass,
  reply,
  ring,
  type Target,
  watch,
  withoutState,
} from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';
import { aorKey, isSips, type SipUri, type Uri } from '@strowger/sip/uri';
import type { App } from './app.ts';
import type { Authenticator } from './authenticator.ts';
import { claimOf, userNameOf } from './claim.ts';
import { withoutCredentialsFor, withoutOurChallenges } from './consumed-credentials.ts';
import { type FactPorts, type Facts, factsOf } from './facts.ts';
import { planForUser } from './forwarded-users.ts';
import { answerAsServer, refusalToForward, unsupported } from './own-answers.ts';
import {
  borderOf,
  type NextHop,
  nextHopOf,
  planAtBorder,
  privacyRefusal,
  type Sender,
  withAssertions,
} from './trust-border.ts';
import { contactElsewhere } from './unproved-contacts.ts';
import { type AuthMode, type Passage, passageOf } from './who-may-pass.ts';

export interface ExchangePorts extends FactPorts {
  readonly authenticator: Authenticator;
  readonly locations: Locations;
  readonly users: Users;
  readonly gruus: Gruus;
  readonly flows: BoundFlows;
  /** Asked about what may pass, before the exchange itself decides where it goes. */
  readonly app?: App;
}

export interface ExchangePolicy {
  readonly auth: AuthMode;
  readonly registration: RegistrationPolicy;
  /** Service-Route values for every 200 to a REGISTER (RFC 3608 §6.2). */
  readonly serviceRoute: readonly string[];
  readonly plan: PlanPolicy;
  readonly forward: ForwardOptions;
  readonly mode: 'proxy' | 'stateless' | 'redirect';
}

/**
 * The telephone exchange: registrar, proxy and redirect server for the users of its domains. Who may pass is decided by the
 * table in `who-may-pass.ts`, where a request goes by `#route`.
 */
export class Exchange {
  readonly #ports: ExchangePorts;
  readonly #policy: ExchangePolicy;

  constructor(ports: ExchangePorts, policy: ExchangePolicy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** The handler that an engine asks about each request. */
  readonly handle = (ctx: Context): Decision | Promise<Decision> => {
    const entry: Entry = { sender: this.#ports.isTrusted(ctx.flow.host) ? TRUSTED : STRANGER, users: 'others' };
    const early = this.#ports.app?.handleAnybody(ctx) ?? pass;
    const decided = then(early, (decision) => (decision.type === 'pass' ? this.#admit(ctx, entry) : decision));
    return then(decided, (decision) => this.#leaving(decision, ctx, entry));
  };

  /** What goes on carries no proof that was meant for us, and what comes back asks for none, whoever decided it. */
  #leaving(decision: Decision, ctx: Context, { sender, users }: Entry): Decision {
    if (decision.type !== 'forward' && decision.type !== 'stateless') return decision;
    const { identity, isTrusted } = this.#ports;
    const { domains } = identity;
    const bordered = borderOf(withoutCredentialsFor(decision.request ?? ctx.request, domains), sender);
    const { request } = bordered;
    const hopOf = (target: Target): NextHop => nextHopOf(target, request, { isTrusted, users });
    if (decision.type === 'stateless')
      return { ...decision, request: withAssertions(request, bordered.linesFor(hopOf(decision.target))) };
    const refusal = privacyRefusal(request, sender);
    if (refusal !== undefined) return refusal;
    const plan = watch(planAtBorder(decision.plan, bordered, hopOf), this.#passBack);
    return { ...decision, request, plan };
  }

  /** Kept for as long as a call may be answered once more, so it is one for all and holds no request. */
  readonly #passBack = (response: Response): Response => withoutOurChallenges(response, this.#ports.identity.domains);

  #admit(ctx: Context, entry: Entry): Decision | Promise<Decision> {
    const facts = factsOf(ctx, this.#ports);
    if (facts.uriDomain !== undefined) entry.users = 'ours';
    const passage = passageOf(facts, this.#policy.auth);
    switch (passage.type) {
      case 'refuse':
        return withoutState(reply(passage.status));
      case 'drop':
        return drop(passage.why);
      case 'prove':
        return this.#prove(facts, passage, ctx, entry);
      case 'ours':
        return this.#pass(facts, 'ours', ctx, refusedWithoutState);
      default:
        return this.#pass(facts, passage.type, ctx, (decision) => decision);
    }
  }

  /** Rules (d) and (e): who sends it must be the user of the address that it claims. */
  #prove(
    facts: Facts,
    passage: Extract<Passage, { type: 'prove' }>,
    ctx: Context,
    entry: Entry,
  ): Decision | Promise<Decision> {
    const { realm, admits } = claimOf(facts, passage.header, this.#ports.identity);
    const as = passage.header === 'To' ? 'server' : 'proxy';
    return then(this.#ports.authenticator.check(ctx, realm, as), (proved) => {
      if (proved.type !== 'proved') return proved;
      if (proved.realm !== realm || !admits(proved.username)) return reply(403);
      entry.sender = proved;
      return this.#pass(facts, passage.passage, ctx, (decision) => decision);
    });
  }

  /** What may pass: the program decides first, if there is one. */
  #pass(facts: Facts, way: Way, ctx: Context, finish: (decision: Decision) => Decision): Decision | Promise<Decision> {
    const { app } = this.#ports;
    if (app === undefined) return this.#decide(facts, way, ctx, finish);
    return app.handle(ctx, () => this.#decide(facts, way, ctx, finish));
  }

  #decide(
    facts: Facts,
    way: Way,
    ctx: Context,
    finish: (decision: Decision) => Decision,
  ): Decision | Promise<Decision> {
    return then(way === 'relay' ? this.#relay(facts, ctx) : this.#route(facts, way, ctx), finish);
  }

  /** Where a request goes that may go there. */
  #route(facts: Facts, passage: 'anywhere' | 'ours', ctx: Context): Decision | Promise<Decision> {
    if (facts.uriDomain === undefined)
      return passage === 'anywhere' ? this.#forward(facts, ring(facts.request.uri)) : reply(403);
    if (facts.method === 'REGISTER') return this.#register(facts, passage, ctx);
    if (facts.uri.type !== 'sip' || facts.uri.user === undefined) return asServer(answerAsServer(facts));
    const refusal = this.#policy.mode === 'redirect' ? undefined : this.#refusal(facts);
    if (refusal !== undefined) return refusal; // RFC 3261 §16.3: before the targets are looked up
    // To our own users means to their phones, not by way of whomever a stranger names in Route.
    if (passage === 'ours' && has(facts.request, route))
      return facts.method === 'ACK' ? drop('ACK astray') : reply(403);
    const { uri } = facts;
    const address = this.#ports.gruus.addressOf(uri);
    const aor = address === undefined ? undefined : this.#aorOf(address);
    if (aor === undefined) return this.#noSuch(facts); // a temporary GRUU that is none of ours
    return then(this.#ports.locations.lookup(aor, ctx.unix), (all) => {
      const bindings = this.#ports.gruus.bindingsOf(uri, aor, all);
      if (bindings === undefined) return this.#noSuch(facts); // RFC 5627 §6.1
      return bindings.length === 0 ? this.#unreachable(facts) : this.#toBindings(facts, aor, bindings, ctx);
    });
  }

  #toBindings(facts: Facts, aor: string, bindings: readonly Binding[], ctx: Context): Decision | Promise<Decision> {
    const isAck = facts.method === 'ACK';
    if (this.#policy.mode === 'redirect') return isAck ? drop('ACK for nobody') : redirect(facts.request.uri, bindings);
    const scheme = isSips(facts.request.uri) ? 'sips' : 'sip';
    if (placesFor(scheme, bindings).length === 0)
      return isAck ? drop('ACK for nobody') : schemeRefusal(scheme, facts.uriDomain ?? '');
    const ports = {
      lookup: (other: string) => this.#ports.locations.lookup(other, ctx.unix),
      aorOf: (uri: Uri) => this.#aorOf(uri),
      scheme,
    } as const;
    return then(planForUser(aor, bindings, ports, this.#policy.plan), (plan) => {
      if (plan === undefined) return isAck ? drop('ACK in a circle') : reply(482); // RFC 3261 §16.3 step 4
      return firstTarget(plan) === undefined ? this.#unreachable(facts) : this.#forward(facts, plan);
    });
  }

  #noSuch(facts: Facts): Decision {
    return facts.method === 'ACK' ? drop('ACK for nobody') : reply(404);
  }

  /** 480 for a user who is not there, 404 for one who does not exist (RFC 3261 §21.4.5, §21.4.18). */
  #unreachable(facts: Facts): Decision | Promise<Decision> {
    if (facts.method === 'ACK') return drop('ACK for nobody');
    const name = facts.uri.type === 'sip' ? userNameOf(facts.uri) : undefined;
    if (name === undefined) return reply(404);
    return then(this.#ports.users.find(name, facts.uriDomain ?? ''), (user) =>
      reply(user === undefined && this.#policy.auth === 'digest' ? 404 : 480),
    );
  }

  #register(facts: Facts, passage: 'anywhere' | 'ours', ctx: Context): Decision | Promise<Decision> {
    const refusal = unsupported(readAll(facts.request, requireHeader)); // RFC 3261 §10.3 step 2
    if (refusal !== undefined) return asServer(refusal);
    if (passage === 'ours' && this.#policy.auth === 'none') {
      const { identity, isTrusted } = this.#ports;
      const isOurs = (uri: SipUri): boolean => identity.isOurs(uri);
      if (contactElsewhere(facts.request, ctx.flow, { isOurs, isTrusted }) !== undefined)
        return asServer(reply(403, 'Contact Is Not Where You Are'));
    }
    const ports = {
      locations: this.#ports.locations,
      aorOf: (uri: Uri) => this.#aorOf(uri),
      serviceRoute: this.#policy.serviceRoute,
      gruus: this.#ports.gruus,
      flows: this.#ports.flows,
    };
    return then(register(facts.request, ctx.flow, ctx.unix, ports, this.#policy.registration), asServer);
  }

  /**
   * Along the route set of the dialog; where no route is left to its Request-URI, which is an address of ours where a phone
   * gives its public address as Contact (RFC 3261 §16.5).
   */
  #relay(facts: Facts, ctx: Context): Decision | Promise<Decision> {
    const isForUs = facts.uriDomain !== undefined && !has(facts.request, route);
    if (isForUs) return this.#route(facts, 'ours', ctx);
    const { flow } = facts;
    return this.#forward(facts, ring(facts.request.uri, flow === undefined ? {} : { flow, elsewhere: 'nowhere' }));
  }

  /** What stops a request on its way; an OPTIONS without hops left is meant for whoever has it (RFC 3261 §11). */
  #refusal(facts: Facts): Decision | undefined {
    const refusal = refusalToForward(facts.request);
    if (refusal === undefined) return undefined;
    if (facts.method === 'ACK') return drop('ACK without hops left');
    return facts.method === 'OPTIONS' && isExhausted(refusal) ? asServer(answerAsServer(facts)) : refusal;
  }

  #forward(facts: Facts, plan: Plan): Decision {
    const refusal = this.#refusal(facts);
    if (refusal !== undefined) return refusal;
    const beginsDialog = !facts.inDialog && !BEGINS_NO_DIALOG.has(facts.method);
    // Only who is responsible for a domain may look elsewhere for its users (RFC 3261 §16.5), where they are known to be its users.
    const mayRecurse = facts.uriDomain !== undefined && this.#policy.auth === 'digest';
    const recurse = mayRecurse ? this.#policy.forward.recurse : ('no' as const);
    const recordRoute = beginsDialog ? this.#policy.forward.recordRoute : ('no' as const);
    const options = { ...this.#policy.forward, recurse, recordRoute };
    const { request } = facts;
    const stateless = facts.method === 'ACK' || this.#policy.mode === 'stateless';
    if (!stateless) return { type: 'forward', plan, request, options };
    const target = firstTarget(plan);
    return target === undefined ? reply(480) : { type: 'stateless', target, request, options };
  }

  /** The key that bindings are kept under: the user at the domain that the URI stands for. */
  #aorOf(uri: Uri): string | undefined {
    if (uri.type !== 'sip' || uri.user === undefined) return undefined;
    const domain = this.#ports.identity.domainOf(uri);
    if (domain === undefined) return undefined;
    const key = aorKey(uri);
    return `${key.slice(0, key.lastIndexOf('@') + 1)}${domain}`;
  }
}

/** The first of a plan; `undefined` where it has none. */
function firstTarget(plan: Plan): Extract<Plan, { type: 'try' }>['target'] | undefined {
  if (plan.type === 'try') return plan.target;
  if (plan.type === 'after' || plan.type === 'watch') return firstTarget(plan.plan);
  for (const part of plan.of) {
    const target = firstTarget(part);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** Nothing is kept of what a stranger is refused: a flood of it fills no table (RFC 3261 §8.2.7, §26.3.2.4). */
const refusedWithoutState = (decision: Decision): Decision =>
  decision.type === 'reply' && decision.status >= 400 ? withoutState(decision) : decision;

/** What is found out about a request on its way in, for its way out. */
interface Entry {
  sender: Sender;
  /** Whether the request is for users of ours. */
  users: 'ours' | 'others';
}

const TRUSTED: Sender = { type: 'trusted' };
const STRANGER: Sender = { type: 'stranger' };

/** How a request goes on that may: along its dialog, to anywhere, or to our own users. */
type Way = 'relay' | 'anywhere' | 'ours';

/** What needs no Record-Route (RFC 3261 §16.6 step 4); a method that nobody knows may begin a dialog. */
const BEGINS_NO_DIALOG: ReadonlySet<string> = new Set(['MESSAGE', 'OPTIONS', 'PUBLISH', 'REGISTER', 'ACK', 'CANCEL']);

const isExhausted = (decision: Decision): boolean => decision.type === 'reply' && decision.status === 483;

const then = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  isPromiseLike(value) ? value.then(next) : next(value);
