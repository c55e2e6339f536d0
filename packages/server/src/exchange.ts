import { has, type Request, type Response, readAll, require as requireHeader, route } from '@strowger/sip/message';
import { type PlanPolicy, placesFor, type RoutePorts, schemeRefusal } from '@strowger/sip/roles/proxy';
import { redirect } from '@strowger/sip/roles/redirect';
import {
  type Binding,
  type BoundFlows,
  type Gruus,
  type Locations,
  type RegistrarPorts,
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
  reply,
  ring,
  withoutState,
} from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';
import { type Flow, isSips, type SipUri, type Uri } from '@strowger/sip/uri';
import type { App } from './app.ts';
import type { Authenticator } from './authenticator.ts';
import { claimOf, userNameOf } from './claim.ts';
import { withoutOurChallenges } from './consumed-credentials.ts';
import { type FactPorts, type Facts, factsOf, routePortsOf } from './facts.ts';
import { type LeavingPorts, leaving } from './leaving.ts';
import type { Numbers } from './numbers.ts';
import { answerAsServer, refusalToForward, unsupported } from './own-answers.ts';
import type { Sender } from './trust-border.ts';
import { contactElsewhere } from './unproved-contacts.ts';
import { firstTarget, UserPlans } from './user-plans.ts';
import { type AuthMode, type Passage, passageOf } from './who-may-pass.ts';

export interface ExchangePorts extends FactPorts {
  readonly authenticator: Authenticator;
  readonly locations: Locations;
  readonly users: Users;
  readonly gruus: Gruus;
  readonly flows: BoundFlows;
  /** What is asked for numbers that no user of ours has; nobody when missing. */
  readonly numbers?: Numbers;
  /** Told of requests for users who do not exist, whose senders are not told that. */
  readonly onHidden?: (request: Request, flow: Flow) => void;
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
  readonly #plans: UserPlans;
  readonly #leaving: LeavingPorts;
  readonly #registrar: RegistrarPorts;
  readonly #routes: RoutePorts;

  constructor(ports: ExchangePorts, policy: ExchangePolicy) {
    const { domains } = ports.identity;
    this.#ports = ports;
    this.#plans = new UserPlans(ports, policy.plan);
    this.#policy = policy;
    // Its watcher is kept for as long as a call may be answered once more, so it is one for all and holds no request.
    const passBack = (response: Response): Response => withoutOurChallenges(response, domains);
    this.#routes = routePortsOf(ports);
    this.#leaving = { domains, isTrusted: ports.isTrusted, passBack };
    const { locations, gruus, flows } = ports;
    const aorOf = (uri: Uri): string | undefined => this.#plans.aorOf(uri);
    this.#registrar = { locations, aorOf, serviceRoute: policy.serviceRoute, gruus, flows };
  }

  /** The handler that an engine asks about each request. */
  readonly handle = (ctx: Context): Decision | Promise<Decision> => {
    const { app, isTrusted } = this.#ports;
    const entry: Entry = { ctx, sender: isTrusted(ctx.flow.host) ? TRUSTED : STRANGER, users: 'others' };
    const decided =
      app === undefined
        ? this.#admit(entry)
        : then(app.handleAnybody(ctx), (decision) => (decision.type === 'pass' ? this.#admit(entry) : decision));
    return then(decided, (decision) => leaving(decision, ctx.request, entry, this.#leaving));
  };

  #admit(entry: Entry): Decision | Promise<Decision> {
    const facts = factsOf(entry.ctx, this.#ports, this.#routes);
    if (facts.uriDomain !== undefined) entry.users = 'ours';
    const passage = passageOf(facts, this.#policy.auth);
    switch (passage.type) {
      case 'refuse':
        return withoutState(reply(passage.status));
      case 'drop':
        return drop(passage.why);
      case 'prove':
        return this.#prove(facts, passage, entry);
      case 'ours':
        return this.#pass(facts, 'ours', entry, refusedWithoutState);
      default:
        return this.#pass(facts, passage.type, entry, (decision) => decision);
    }
  }

  /** Rules (d) and (e): who sends it must be the user of the address that it claims. */
  #prove(facts: Facts, passage: Extract<Passage, { type: 'prove' }>, entry: Entry): Decision | Promise<Decision> {
    const { realm, admits } = claimOf(facts, passage.header, this.#ports.identity);
    const as = passage.header === 'To' ? 'server' : 'proxy';
    return then(this.#ports.authenticator.check(entry.ctx, realm, as), (proved) => {
      if (proved.type !== 'proved') return proved;
      if (proved.realm !== realm || !admits(proved.username)) return reply(403);
      entry.sender = proved;
      return this.#pass(facts, passage.passage, entry, (decision) => decision);
    });
  }

  /** What may pass: the program decides first, if there is one. */
  #pass(facts: Facts, way: Way, entry: Entry, finish: (decision: Decision) => Decision): Decision | Promise<Decision> {
    const { app } = this.#ports;
    const decide = (): Decision | Promise<Decision> =>
      then(way === 'relay' ? this.#relay(facts, entry) : this.#route(facts, way, entry), finish);
    return app === undefined ? decide() : app.handle(entry.ctx, decide);
  }

  /** Where a request goes that may go there. */
  #route(facts: Facts, passage: Passing, entry: Entry): Decision | Promise<Decision> {
    if (facts.uriDomain === undefined) {
      if (passage === 'ours') return reply(403);
      const atHome = this.#plans.atHome(facts);
      if (atHome === undefined)
        return this.#forward(facts, ring(facts.request.uri, this.#ports.edge.wayBack(facts.request, entry.ctx.flow)));
      entry.users = 'ours';
      return this.#route(atHome, passage, entry);
    }
    if (facts.method === 'REGISTER') return this.#register(facts, passage, entry.ctx);
    if (facts.uri.type !== 'sip' || facts.uri.user === undefined) return asServer(answerAsServer(facts));
    const refusal = this.#policy.mode === 'redirect' ? undefined : this.#refusal(facts);
    if (refusal !== undefined) return refusal; // RFC 3261 §16.3: before the targets are looked up
    // To our own users means to their phones, not by way of whomever a stranger names in Route.
    if (passage === 'ours' && has(facts.request, route))
      return facts.method === 'ACK' ? drop('ACK astray') : reply(403);
    const { uri } = facts;
    const address = this.#ports.gruus.addressOf(uri);
    const aor = address === undefined ? undefined : this.#plans.aorOf(address);
    if (aor === undefined) return this.#noSuch(facts, passage, entry); // a temporary GRUU that is none of ours
    return then(this.#ports.locations.lookup(aor, entry.ctx.unix), (all) => {
      const bindings = this.#ports.gruus.bindingsOf(uri, aor, all);
      if (bindings === undefined) return this.#noSuch(facts, passage, entry); // RFC 5627 §6.1
      if (bindings.length === 0) return this.#unreachable(facts, passage, entry);
      return this.#toBindings(facts, passage, aor, bindings, entry);
    });
  }

  #toBindings(
    facts: Facts,
    passage: Passing,
    aor: string,
    bindings: readonly Binding[],
    entry: Entry,
  ): Decision | Promise<Decision> {
    const isAck = facts.method === 'ACK';
    if (this.#policy.mode === 'redirect') return isAck ? drop('ACK for nobody') : redirect(facts.request.uri, bindings);
    const scheme = isSips(facts.request.uri) ? 'sips' : 'sip';
    if (placesFor(scheme, bindings).length === 0)
      return isAck ? drop('ACK for nobody') : schemeRefusal(scheme, facts.uriDomain ?? '');
    return then(this.#plans.planFor(aor, bindings, scheme, entry.ctx.unix), (plan) => {
      if (plan === undefined) return isAck ? drop('ACK in a circle') : reply(482); // RFC 3261 §16.3 step 4
      if (firstTarget(plan) === undefined) return this.#unreachable(facts, passage, entry);
      return this.#forward(facts, plan, passage);
    });
  }

  /**
   * 480 for a user who is not there, 404 for one who does not exist (RFC 3261 §21.4.5, §21.4.18). Strangers get 480 for both: by
   * what they are answered nobody shall find out who our users are.
   */
  #unreachable(facts: Facts, passage: Passing, entry: Entry): Decision | Promise<Decision> {
    const name = facts.uri.type === 'sip' ? userNameOf(facts.uri) : undefined;
    if (name === undefined) return this.#noSuch(facts, passage, entry);
    return then(this.#ports.users.find(name, facts.uriDomain ?? ''), (user) => {
      if (user !== undefined) return facts.method === 'ACK' ? drop('ACK for nobody') : reply(480);
      return (passage === 'anywhere' ? this.#byNumber(facts, entry) : undefined) ?? this.#noSuch(facts, passage, entry);
    });
  }

  #noSuch({ method }: Facts, passage: Passing, { ctx }: Entry): Decision {
    if (method === 'ACK') return drop('ACK for nobody');
    if (passage === 'anywhere' && this.#policy.auth === 'digest') return reply(404);
    // Without passwords nobody knows who the users are.
    if (this.#policy.auth === 'digest') this.#ports.onHidden?.(ctx.request, ctx.flow);
    return reply(480);
  }

  /** A number that no user of ours has, by ENUM; `undefined` where it is none or nobody is to be asked. */
  #byNumber(facts: Facts, entry: Entry): Decision | Promise<Decision> | undefined {
    const number = this.#plans.numberIn(facts);
    if (number === undefined) return undefined;
    return then(this.#plans.planForNumber(number, entry.ctx.unix), (plan) => {
      if (plan === undefined || plan === 'unknown') return this.#noSuch(facts, 'anywhere', entry);
      if (plan === 'failed') return facts.method === 'ACK' ? drop('ACK for nobody') : reply(480);
      entry.users = 'others'; // it may lead out of our domains, and so it is outsiders to whom a caller is shown
      return this.#forward(facts, plan, 'anywhere');
    });
  }

  #register(facts: Facts, passage: Passing, ctx: Context): Decision | Promise<Decision> {
    const refusal = unsupported(readAll(facts.request, requireHeader)); // RFC 3261 §10.3 step 2
    if (refusal !== undefined) return asServer(refusal);
    if (passage === 'ours' && this.#policy.auth === 'none') {
      const isOurs = (uri: SipUri): boolean => this.#ports.identity.isOurs(uri);
      if (contactElsewhere(facts.request, ctx.flow, { isOurs }) !== undefined)
        return asServer(reply(403, 'Contact Is Not Where You Are'));
    }
    return then(register(facts.request, ctx.flow, ctx.unix, this.#registrar, this.#policy.registration), asServer);
  }

  /**
   * Along the route set of the dialog; where no route is left to its Request-URI, which is an address of ours where a phone
   * gives its public address as Contact (RFC 3261 §16.5).
   */
  #relay(facts: Facts, entry: Entry): Decision | Promise<Decision> {
    const isForUs = facts.uriDomain !== undefined && !has(facts.request, route);
    if (isForUs) return this.#route(facts, 'ours', entry);
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

  /** `passage`: where the contacts of a 3xx may take the caller, if we look for a user of ours. */
  #forward(facts: Facts, plan: Plan, passage: Passing = 'ours'): Decision {
    const refusal = this.#refusal(facts);
    if (refusal !== undefined) return refusal;
    const beginsDialog = !facts.inDialog && !BEGINS_NO_DIALOG.has(facts.method);
    // Only who is responsible for a domain may look elsewhere for its users (RFC 3261 §16.5), where they are known to be its
    // users, and only for callers who may go there themselves: whoever answers for a user may send strangers to a gateway of ours.
    const mayRecurse = passage === 'anywhere' && facts.uriDomain !== undefined && this.#policy.auth === 'digest';
    const recurse = mayRecurse ? this.#policy.forward.recurse : ('no' as const);
    // RFC 5626 §5.3: nothing but this server leads to a phone that it is the edge proxy of.
    const stays = facts.path === 'flow' || facts.toEdgeDomain ? 'yes' : this.#policy.forward.recordRoute;
    const recordRoute = beginsDialog ? stays : ('no' as const);
    const { timerCMs } = this.#policy.forward;
    const options: ForwardOptions = { timerCMs, recurse, recordRoute };
    const { request } = facts;
    const stateless = facts.method === 'ACK' || this.#policy.mode === 'stateless';
    if (!stateless) return { type: 'forward', plan, request, options };
    const target = firstTarget(plan);
    return target === undefined ? reply(480) : { type: 'stateless', target, request, options };
  }
}

/** Nothing is kept of what a stranger is refused: a flood of it fills no table (RFC 3261 §8.2.7, §26.3.2.4). */
const refusedWithoutState = (decision: Decision): Decision =>
  decision.type === 'reply' && decision.status >= 400 ? withoutState(decision) : decision;

/** What is found out about a request on its way in, for its way out. */
interface Entry {
  readonly ctx: Context;
  sender: Sender;
  /** Whether the request is for users of ours. */
  users: 'ours' | 'others';
}

const TRUSTED: Sender = { type: 'trusted' };
const STRANGER: Sender = { type: 'stranger' };

/** How a request goes on that may: along its dialog, to anywhere, or to our own users. */
type Way = 'relay' | Passing;
/** `anywhere`: who sends it has proved who he is, or is trusted. */
type Passing = 'anywhere' | 'ours';

/** What needs no Record-Route (RFC 3261 §16.6 step 4); a method that nobody knows may begin a dialog. */
const BEGINS_NO_DIALOG: ReadonlySet<string> = new Set(['MESSAGE', 'OPTIONS', 'PUBLISH', 'REGISTER', 'ACK', 'CANCEL']);

const isExhausted = (decision: Decision): boolean => decision.type === 'reply' && decision.status === 483;

const then = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  isPromiseLike(value) ? value.then(next) : next(value);
