import { answerKeepAlive } from '@strowger/media/stun';
import type { Hash } from '@strowger/sip/auth';
import {
  type Clock,
  type Endpoint,
  Engine,
  type EngineEvent,
  type EngineListener,
  type Random,
  type Timed,
  Tokens,
  type Transport,
  type TransportListener,
  wayOf,
} from '@strowger/sip/engine';
import { enumDomainOf, type Resolver } from '@strowger/sip/resolve';
import { BoundFlows, Gruus, type Locations, loseFlow, type Settings, type Users } from '@strowger/sip/roles/registrar';
import { isPromiseLike, type Text } from '@strowger/sip/text';
import { DEFAULT_TIMING, type Timing } from '@strowger/sip/transaction';
import type { App } from './app.ts';
import { Authenticator } from './authenticator.ts';
import { claimedAddress } from './claim.ts';
import { advertisedFor, advertisedPort, anyContains, type Config, type Listen } from './config/index.ts';
import { withoutOurChallenges } from './consumed-credentials.ts';
import { Edge } from './edge.ts';
import { Exchange, type ExchangePolicy } from './exchange.ts';
import type { BanStore } from './guard/ban.ts';
import type { Bans } from './guard/bans.ts';
import { Guarding } from './guard/guarding.ts';
import { Identity } from './identity.ts';
import { Numbers } from './numbers.ts';
import { loadSecrets, nonceSecretOf } from './secrets.ts';
import { withoutAssertions } from './trust-border.ts';
import { LayeredUsers } from './users.ts';

/** What a server needs from the world. */
export interface ServerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly text: Text;
  readonly hash: Hash;
  readonly resolver: Resolver;
  readonly locations: Locations;
  readonly users: Users;
  readonly settings: Settings;
  /** Where bans outlive the process; without it they do not. */
  readonly bans?: BanStore;
  /** The share of the time, 0 to 1, in which the process was working since it was last asked; without it overload is not seen. */
  readonly busy?: () => number;
  /** Opens one listening address; a wildcard gives a transport for each local address. */
  readonly open: (listen: Listen, listener: TransportListener) => Promise<readonly Transport[]>;
}

export interface ServerOptions {
  /** Asked about what may pass, before the exchange decides where it goes; what the program passes the exchange decides. */
  readonly app?: App;
  readonly timing?: Timing;
}

/** A running server. */
export interface Server {
  readonly engine: Engine;
  readonly identity: Identity;
  readonly users: LayeredUsers;
  readonly locations: Locations;
  /** Who is shut out; `undefined` where the configuration wants no guard. */
  readonly bans: Bans | undefined;
  /** The actual addresses, with the ports that the system chose. */
  readonly listening: readonly Endpoint[];
  /** All events, or those of some types. */
  observe(listener: EngineListener, types?: readonly EngineEvent['type'][]): () => void;
  /** Takes no new request, lets the open ones end (at most `graceMs`), and closes every transport. */
  stop(graceMs: number): Promise<void>;
}

/** Opens every address and serves. Rejects, with nothing left open, when an address cannot be had. */
export async function createServer(config: Config, ports: ServerPorts, options: ServerOptions = {}): Promise<Server> {
  const secrets = await loadSecrets(ports.settings, ports.random);
  const identity = new Identity(config.domains.length > 0 ? config.domains : [secrets.domain]);
  const users = new LayeredUsers(config.users, identity.firstDomain, ports.users, ports.hash);
  const tokens = new Tokens(ports.random, secrets.token);
  const guarding = config.guard.enabled ? new Guarding(config, ports) : undefined;
  const authenticator = new Authenticator({
    users,
    hash: ports.hash,
    isOurs: (uri) => identity.isOurs(uri),
    algorithms: config.digest,
    random: ports.random,
    secret: nonceSecretOf(config.login.secret, secrets, ports.hash),
    since: ports.clock.unix(),
    retransmissions: config.proxy.stateless ? 'come' : 'absorbed',
    login: {
      attempts: config.login.attempts,
      windowMs: config.login.window * 1000,
      lockoutMs: config.login.lockout * 1000,
    },
    events: () => engine.core.events,
    onGuess: (account, flow) => guarding?.guessed(account, flow),
  });
  const flows = new BoundFlows();
  const exchange = new Exchange(
    {
      identity,
      judge: (token, callId, fromTag, toTag, nextHop, sender) =>
        tokens.judgeRouteToken(token, callId, fromTag, toTag, wayOf(nextHop, claimedAddress(sender, identity))),
      judgeFlow: (token, callId, callerTag, source) => {
        const verdict = tokens.flows.judge(token, { type: 'call', callId, callerTag }, source);
        return verdict.type === 'incoming' ? verdict.flow : undefined;
      },
      edge: new Edge(config.edge.domains, {
        tokens: tokens.flows,
        listener: (protocol, near) => engine.core.transports.toward(protocol, near, undefined)?.local,
        advertise: (local) => engine.core.advertise(local),
      }),
      isTrusted: (host) => anyContains(config.trusted, host),
      authenticator,
      locations: ports.locations,
      users,
      gruus: new Gruus(secrets.token, ports.random),
      flows,
      ...(config.enum.suffix === undefined
        ? {}
        : { numbers: numbersOf(config.enum.suffix, ports.resolver, () => engine) }),
      onHidden: (request, flow) => guarding?.searched(request, flow),
      ...(options.app === undefined ? {} : { app: options.app }),
    },
    policyOf(config),
  );
  await guarding?.guard.bans.load();
  await guarding?.remember(ports.locations, ports.clock.now());
  const engine = new Engine({
    clock: ports.clock,
    text: ports.text,
    tokens,
    resolver: ports.resolver,
    timing: options.timing ?? DEFAULT_TIMING,
    advertise: (local) => advertisedFor(config.advertise, local) ?? local,
    handler: guarding?.judging(exchange.handle) ?? exchange.handle,
    ...(guarding === undefined ? {} : { gate: guarding.guard, relief: guarding.relief }),
    claimOf: (uriText) => claimedAddress(uriText, identity),
    // Nothing is kept that would say whose answer it is, so nobody's word on who answers is taken (RFC 3325 §5).
    passing: (response) => withoutAssertions(withoutOurChallenges(response, identity.domains)),
    keepAliveSeconds: config.registrar.flowTimer === 'off' ? 0 : config.registrar.flowTimer,
    unmatchedCancel: config.proxy.stateless ? 'handle' : 'answer',
    foreign: answerKeepAlive,
    onFlowClosed: (flow) => {
      for (const aor of flows.closed(flow))
        loseFlow(ports.locations, aor, flow, ports.clock.unix()).catch((error: unknown) =>
          engine.core.events.emit({ type: 'fault', where: 'lost flow', error }),
        );
    },
  });
  const transports = await openAll(config, ports, engine);
  for (const transport of transports) {
    engine.attach(transport);
    identity.listensOn(transport.local);
    for (const advertised of config.advertise)
      identity.isAdvertisedAs(advertised, advertisedPort(advertised, transport.local));
  }
  guarding?.watch(engine);
  const expiry = expireRegularly(engine, ports);
  return {
    engine,
    identity,
    users,
    locations: ports.locations,
    bans: guarding?.guard.bans,
    listening: transports.map((transport) => transport.local),
    observe: (listener, types) => engine.observe(listener, types),
    stop: async (graceMs) => {
      expiry.stop();
      await engine.drain(graceMs);
      guarding?.stop();
      await Promise.all(transports.map((transport) => transport.close()));
    },
  };
}

const policyOf = (config: Config): ExchangePolicy => ({
  auth: config.auth,
  registration: {
    minSeconds: config.registrar.minExpires,
    maxSeconds: config.registrar.maxExpires,
    defaultSeconds: config.registrar.maxExpires,
    maxBindings: config.registrar.maxBindings,
    nat: config.registrar.nat,
    ...(config.registrar.flowTimer === 'off' ? {} : { flowTimerSeconds: config.registrar.flowTimer }),
  },
  serviceRoute: config.registrar.serviceRoute.map((uri) => `<${uri}>`),
  plan: { fork: config.proxy.fork },
  forward: {
    recordRoute: config.proxy.recordRoute ? 'yes' : 'no',
    timerCMs: config.proxy.timerC * 1000,
    recurse: config.proxy.recurse ? 'yes' : 'no',
  },
  mode: config.redirect ? 'redirect' : config.proxy.stateless ? 'stateless' : 'proxy',
});

async function openAll(config: Config, ports: ServerPorts, engine: Engine): Promise<readonly Transport[]> {
  const opened: Transport[] = [];
  try {
    for (const listen of config.listen) opened.push(...(await ports.open(listen, engine)));
    return opened;
  } catch (fault) {
    await Promise.all(opened.map((transport) => transport.close()));
    throw fault;
  }
}

/** Deletes expired bindings in slices, so that a million of them never hold up a call. */
function expireRegularly(engine: Engine, ports: ServerPorts): { stop(): void } {
  const { wheel, events } = engine.core;
  let state: 'running' | 'stopped' = 'running';
  const again = (count: number): void => wheel.set(entry, engine.core.now + (count < EXPIRY_SLICE ? EXPIRY_MS : 20));
  const failed = (error: unknown): void => {
    events.emit({ type: 'fault', where: 'expiry', error });
    again(0);
  };
  /** An answer that comes after the end changes nothing: neither the clock nor the store may be touched any more. */
  const unlessStopped = (work: () => void): void => {
    if (state === 'running') engine.core.resume(work);
  };
  const entry: Timed = {
    dueAt: Number.POSITIVE_INFINITY,
    next: undefined,
    previous: undefined,
    place: -1,
    onDue: () => {
      try {
        const expired = ports.locations.expire(ports.clock.unix(), EXPIRY_SLICE);
        if (!isPromiseLike(expired)) return again(expired.length);
        expired.then(
          (gone) => unlessStopped(() => again(gone.length)),
          (error: unknown) => unlessStopped(() => failed(error)),
        );
      } catch (error) {
        failed(error);
      }
    },
  };
  engine.core.resume(() => again(0));
  return {
    stop: () => {
      state = 'stopped';
      wheel.remove(entry);
    },
  };
}

const EXPIRY_MS = 5_000;
const EXPIRY_SLICE = 500;

/** Numbers are looked up in ENUM (RFC 6116); what fails there is told as a host that could not be found. */
const numbersOf = (suffix: string, resolver: Resolver, engine: () => Engine): Numbers =>
  new Numbers({
    resolver,
    suffix,
    onFailed: (number, reason) =>
      engine().core.events.emit({ type: 'target.unknown', host: enumDomainOf(number, suffix), reason }),
  });
