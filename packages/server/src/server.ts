import type { Hash } from '@strowger/sip/auth';
import {
  type AddressResolver,
  type Clock,
  destinationOf,
  type Endpoint,
  Engine,
  type EngineEvent,
  type EngineListener,
  type Random,
  type Timed,
  Tokens,
  type Transport,
  type TransportListener,
} from '@strowger/sip/engine';
import type { Locations, Settings, Users } from '@strowger/sip/roles/registrar';
import type { Handler } from '@strowger/sip/routing';
import { isPromiseLike, type Text } from '@strowger/sip/text';
import { DEFAULT_TIMING, type Timing } from '@strowger/sip/transaction';
import type { App } from './app.ts';
import { Authenticator } from './authenticator.ts';
import { advertisedFor, anyContains, type Config, type Listen } from './config/index.ts';
import { withoutOurChallenges } from './consumed-credentials.ts';
import { Exchange, type ExchangePolicy } from './exchange.ts';
import { Identity } from './identity.ts';
import { loadSecrets } from './secrets.ts';
import { LayeredUsers } from './users.ts';

/** What a server needs from the world. */
export interface ServerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly text: Text;
  readonly hash: Hash;
  readonly resolver: AddressResolver;
  readonly locations: Locations;
  readonly users: Users;
  readonly settings: Settings;
  /** Opens one listening address; a wildcard gives a transport for each local address. */
  readonly open: (listen: Listen, listener: TransportListener) => Promise<readonly Transport[]>;
}

export interface ServerOptions {
  /** Asked before the exchange; what it passes the exchange decides. */
  readonly app?: App;
  readonly timing?: Timing;
}

/** A running server. */
export interface Server {
  readonly engine: Engine;
  readonly identity: Identity;
  readonly users: LayeredUsers;
  readonly locations: Locations;
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
  const authenticator = new Authenticator({
    users,
    hash: ports.hash,
    isOurs: (uri) => identity.isOurs(uri),
    algorithms: config.digest,
    random: ports.random,
    secret: secrets.nonce,
    since: ports.clock.unix(),
    retransmissions: config.proxy.stateless ? 'come' : 'absorbed',
  });
  const exchange = new Exchange(
    {
      identity,
      judge: (token, callId, fromTag, toTag, nextHop) =>
        tokens.judgeRouteToken(token, callId, fromTag, toTag, destinationOf(nextHop)),
      isTrusted: (host) => anyContains(config.trusted, host),
      authenticator,
      locations: ports.locations,
      users,
    },
    policyOf(config),
  );
  const engine = new Engine({
    clock: ports.clock,
    text: ports.text,
    tokens,
    resolver: ports.resolver,
    timing: options.timing ?? DEFAULT_TIMING,
    advertise: (local) =>
      advertisedFor(config.advertise, { ...local, protocol: local.protocol === 'udp' ? 'udp' : 'tcp' }) ?? local,
    handler: handlerOf(options.app, exchange),
    passing: (response) => withoutOurChallenges(response, identity.domains),
    unmatchedCancel: config.proxy.stateless ? 'handle' : 'answer',
  });
  const transports = await openAll(config, ports, engine);
  for (const transport of transports) {
    engine.attach(transport);
    identity.listensOn(transport.local);
    for (const advertised of config.advertise)
      identity.isAdvertisedAs(advertised, advertised.port ?? transport.local.port);
  }
  const expiry = expireRegularly(engine, ports);
  return {
    engine,
    identity,
    users,
    locations: ports.locations,
    listening: transports.map((transport) => transport.local),
    observe: (listener, types) => engine.observe(listener, types),
    stop: async (graceMs) => {
      expiry.stop();
      await engine.drain(graceMs);
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

function handlerOf(app: App | undefined, exchange: Exchange): Handler {
  if (app === undefined) return exchange.handle;
  return (ctx) => app.handle(ctx, exchange.handle);
}

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
