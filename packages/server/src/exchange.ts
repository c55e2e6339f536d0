import { has, need, readAll, require as requireHeader, route, to } from '@strowger/sip/message';
import { type PlanPolicy, planOf } from '@strowger/sip/roles/proxy';
import { redirect } from '@strowger/sip/roles/redirect';
import {
  type Binding,
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
  reply,
  ring,
  watch,
  withoutState,
} from '@strowger/sip/routing';
import { isPromiseLike } from '@strowger/sip/text';
import { aorKey, type SipUri, tryParseUri, type Uri, userOf } from '@strowger/sip/uri';
import type { Authenticator } from './authenticator.ts';
import { withoutCredentialsFor, withoutOurChallenges } from './consumed-credentials.ts';
import { type FactPorts, type Facts, factsOf } from './facts.ts';
import { answerAsServer, refusalToForward, unsupported } from './own-answers.ts';
import { type AuthMode, type Passage, passageOf } from './who-may-pass.ts';

export interface ExchangePorts extends FactPorts {
  readonly authenticator: Authenticator;
  readonly locations: Locations;
  readonly users: Users;
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
    const facts = factsOf(ctx, this.#ports);
    const passage = passageOf(facts, this.#policy.auth);
    if (passage.type === 'prove') return this.#prove(facts, passage, ctx);
    return this.#pass(facts, passage, ctx);
  };

  #pass(facts: Facts, passage: Passage, ctx: Context): Decision | Promise<Decision> {
    switch (passage.type) {
      case 'relay':
        return this.#relay(facts, ctx);
      case 'anywhere':
      case 'ours':
        return this.#route(facts, passage.type, ctx);
      case 'refuse':
        return withoutState(reply(passage.status));
      case 'drop':
        return drop(passage.why);
      case 'prove':
        return reply(500);
    }
  }

  /** Rules (d) and (e): who sends it must be the user of the address that it claims. */
  #prove(facts: Facts, passage: Extract<Passage, { type: 'prove' }>, ctx: Context): Decision | Promise<Decision> {
    const isRegister = passage.header === 'To';
    const claimed = isRegister ? toOf(facts) : facts.from;
    const { identity } = this.#ports;
    const domain =
      claimed?.type !== 'sip' ? undefined : isRegister ? identity.domainOf(claimed) : identity.domainOfSender(claimed);
    const realm = domain ?? (isRegister ? facts.uriDomain : facts.fromDomain) ?? identity.firstDomain;
    const proof = this.#ports.authenticator.check(ctx.request, realm, isRegister ? 'server' : 'proxy', ctx.unix);
    return then(proof, (proved) => {
      if (proved.type !== 'proved') return proved;
      if (claimed?.type !== 'sip' || domain !== proved.realm || userNameOf(claimed) !== proved.username)
        return reply(403);
      return this.#pass(facts, { type: passage.passage }, ctx);
    });
  }

  /** Where a request goes that may go there. */
  #route(facts: Facts, passage: 'anywhere' | 'ours', ctx: Context): Decision | Promise<Decision> {
    if (facts.uriDomain === undefined)
      return passage === 'anywhere' ? this.#forward(facts, ring(facts.request.uri)) : reply(403);
    if (facts.method === 'REGISTER') return this.#register(facts, ctx);
    if (facts.uri.type !== 'sip' || facts.uri.user === undefined) return asServer(answerAsServer(facts));
    const refusal = this.#policy.mode === 'redirect' ? undefined : this.#refusal(facts);
    if (refusal !== undefined) return refusal; // RFC 3261 §16.3: before the targets are looked up
    // To our own users means to their phones, not by way of whomever a stranger names in Route.
    if (passage === 'ours' && has(facts.request, route))
      return facts.method === 'ACK' ? drop('ACK astray') : reply(403);
    const aor = this.#aorOf(facts.uri) ?? '';
    return then(this.#ports.locations.lookup(aor, ctx.unix), (bindings) =>
      bindings.length === 0 ? this.#unreachable(facts) : this.#toBindings(facts, bindings),
    );
  }

  #toBindings(facts: Facts, bindings: readonly Binding[]): Decision {
    if (this.#policy.mode === 'redirect')
      return facts.method === 'ACK' ? drop('ACK for nobody') : redirect(facts.request.uri, bindings);
    const plan = planOf(bindings, this.#policy.plan);
    return plan === undefined ? reply(480) : this.#forward(facts, plan);
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

  #register(facts: Facts, ctx: Context): Decision | Promise<Decision> {
    const refusal = unsupported(readAll(facts.request, requireHeader)); // RFC 3261 §10.3 step 2
    if (refusal !== undefined) return asServer(refusal);
    const ports = {
      locations: this.#ports.locations,
      aorOf: (uri: Uri) => this.#aorOf(uri),
      serviceRoute: this.#policy.serviceRoute,
    };
    return then(register(facts.request, ctx.flow, ctx.unix, ports, this.#policy.registration), asServer);
  }

  /**
   * Along the route set of the dialog; where no route is left to its Request-URI, which is an address of ours where a phone
   * gives its public address as Contact (RFC 3261 §16.5).
   */
  #relay(facts: Facts, ctx: Context): Decision | Promise<Decision> {
    const isForUs = facts.uriDomain !== undefined && !has(facts.request, route);
    return isForUs ? this.#route(facts, 'ours', ctx) : this.#forward(facts, ring(facts.request.uri));
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
    // Only who is responsible for a domain may look elsewhere for its users (RFC 3261 §16.5).
    const recurse = facts.uriDomain === undefined ? ('no' as const) : this.#policy.forward.recurse;
    const recordRoute = beginsDialog ? this.#policy.forward.recordRoute : ('no' as const);
    const options = { ...this.#policy.forward, recurse, recordRoute };
    const request = withoutCredentialsFor(facts.request, this.#ports.identity.domains);
    const stateless = facts.method === 'ACK' || this.#policy.mode === 'stateless';
    const { domains } = this.#ports.identity;
    const guarded = watch(plan, (response) => withoutOurChallenges(response, domains));
    if (!stateless) return { type: 'forward', plan: guarded, request, options };
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

function firstTarget(plan: Plan): Extract<Plan, { type: 'try' }>['target'] | undefined {
  if (plan.type === 'try') return plan.target;
  if (plan.type === 'after' || plan.type === 'watch') return firstTarget(plan.plan);
  const [first] = plan.of;
  return first === undefined ? undefined : firstTarget(first);
}

/** What needs no Record-Route (RFC 3261 §16.6 step 4); a method that nobody knows may begin a dialog. */
const BEGINS_NO_DIALOG: ReadonlySet<string> = new Set(['MESSAGE', 'OPTIONS', 'PUBLISH', 'REGISTER', 'ACK', 'CANCEL']);

const isExhausted = (decision: Decision): boolean => decision.type === 'reply' && decision.status === 483;

function toOf(facts: Facts): Uri | undefined {
  return tryParseUri(need(facts.request, to).uriText);
}

const userNameOf = (uri: SipUri): string | undefined => userOf(uri)?.normalize('NFC');

const then = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  isPromiseLike(value) ? value.then(next) : next(value);
