import type { Engine, EngineEvent, Flow, Timed } from '@strowger/sip/engine';
import type { Request } from '@strowger/sip/message';
import type { Locations } from '@strowger/sip/roles/registrar';
import { type Decision, drop, type Handler } from '@strowger/sip/routing';
import { type Instant, isPromiseLike, type UnixMs } from '@strowger/sip/text';
import { isReliable } from '@strowger/sip/uri';
import type { Config } from '../config/index.ts';
import type { BanStore } from './ban.ts';
import { policyOf } from './bans.ts';
import { Guard } from './guard.ts';
import { conductOf, hashOf, searchFor } from './offences.ts';
import { OverloadRelief } from './relief.ts';
import { isFromScanner } from './scanners.ts';

export interface GuardingPorts {
  readonly clock: { unix(): UnixMs };
  readonly random: { uint32(): number };
  readonly bans?: BanStore;
  readonly busy?: () => number;
}

/**
 * A guard and the engine that it stands before: what it drops and bans is told in the engine's events, what is answered and
 * what cannot be read comes back to it as conduct.
 */
export class Guarding {
  readonly guard: Guard;
  readonly relief = new OverloadRelief(() => this.guard.count('overload'));
  readonly #busy: (() => number) | undefined;
  readonly #auth: Config['auth'];
  #engine: Engine | undefined;
  #endWatch: () => void = () => undefined;
  readonly #telling = timed(() => this.#tell());
  readonly #sampling = timed((now) => this.#sample(now));
  readonly #clock: GuardingPorts['clock'];
  #sampleAt: Instant = Number.POSITIVE_INFINITY;

  constructor(config: Config, ports: GuardingPorts) {
    const { rates, exempt } = config.guard;
    this.#auth = config.auth;
    this.#clock = ports.clock;
    this.#busy = config.guard.overload ? ports.busy : undefined;
    this.guard = new Guard(
      {
        rates,
        exempt: [...config.trusted, ...exempt],
        bans: policyOf(config.guard),
      },
      {
        store: ports.bans,
        unix: () => ports.clock.unix(),
        random: ports.random,
        onBanned: ({ network, reason, by, until }) => this.#emit({ type: 'guard.banned', network, reason, by, until }),
        onUnbanned: (network) => this.#emit({ type: 'guard.unbanned', network }),
        onFailed: (error) => this.#emit({ type: 'fault', where: 'bans', error }),
        onCounting: () => this.#engine?.core.wheel.set(this.#telling, this.#engine.core.now + TELLING_MS),
      },
    );
  }

  /** The handler, told to the guard: who asks like a scanner gets no answer, and every answer says something of who asked. */
  judging(handler: Handler): Handler {
    return (ctx) => {
      const { guard } = this;
      const { host } = ctx.flow;
      if (guard.isExempt(host, ctx.now)) return handler(ctx);
      if (isFromScanner(ctx.request)) {
        guard.offend(host, cameBy(ctx.flow), 'scanner', 0, ctx.now);
        guard.count('scanner');
        return drop('scanner');
      }
      const judge = (decision: Decision): Decision => {
        const conduct = decision.type === 'reply' ? conductOf(ctx.request, decision) : undefined;
        if (conduct === undefined) return decision;
        if (conduct.type !== 'proved') guard.offend(host, cameBy(ctx.flow), conduct.type, conduct.userHash, ctx.now);
        else if (this.#auth === 'digest') guard.prove(host, ctx.now);
        return decision;
      };
      const decision = handler(ctx);
      return isPromiseLike(decision) ? decision.then(judge) : judge(decision);
    };
  }

  /** A wrong password for an account came from this flow, and from nowhere else. */
  guessed(account: string, flow: Flow): void {
    const now = this.#engine?.core.now;
    if (now !== undefined) this.guard.offend(flow.host, cameBy(flow), 'wrong password', hashOf(account), now);
  }

  /** A request for a user who does not exist came from this flow; it was answered as for one who is away. */
  searched(request: Request, flow: Flow): void {
    const now = this.#engine?.core.now;
    const { type, userHash } = searchFor(request);
    if (now !== undefined) this.guard.offend(flow.host, cameBy(flow), type, userHash, now);
  }

  /** From now on this engine tells what the guard does, and the guard hears what the engine cannot read. */
  watch(engine: Engine): void {
    this.#engine = engine;
    this.#endWatch = engine.observe(
      (event) => {
        if (event.type !== 'message.malformed' || HONEST.has(event.answered)) return;
        this.guard.offend(event.flow.host, cameBy(event.flow), 'malformed', 0, engine.core.now);
      },
      ['message.malformed'],
    );
    this.#tell(); // what came while the addresses were being opened
    if (this.#busy !== undefined) engine.core.resume(() => this.#sample(engine.core.now));
  }

  /** Where users were registered before the process began, users have proved who they are. */
  async remember(locations: Pick<Locations, 'entries'>, now: Instant): Promise<void> {
    if (this.#auth === 'none') return;
    let left = MOST_REMEMBERED;
    for await (const { binding } of locations.entries(this.#clock.unix())) {
      this.guard.prove(binding.flow.host, now);
      left -= 1;
      if (left === 0) return;
    }
  }

  stop(): void {
    this.#endWatch();
    this.#engine?.core.wheel.remove(this.#telling);
    this.#engine?.core.wheel.remove(this.#sampling);
    this.#tell();
    this.#engine = undefined;
  }

  /** How late the sample is taken is how long all other work waits for its turn. */
  #sample(now: Instant): void {
    if (this.#engine === undefined || this.#busy === undefined) return;
    const lateMs = Math.max(0, now - this.#sampleAt);
    this.relief.load.sample({ busy: this.#busy(), lateMs }, now, this.#clock.unix());
    this.#sampleAt = now + SAMPLING_MS;
    this.#engine.core.wheel.set(this.#sampling, this.#sampleAt);
  }

  #tell(): void {
    for (const [reason, count] of this.guard.tally.take()) this.#emit({ type: 'guard.dropped', reason, count });
  }

  #emit(event: EngineEvent): void {
    this.#engine?.core.events.emit(event);
  }
}

const timed = (onDue: (now: Instant) => void): Timed => ({
  dueAt: Number.POSITIVE_INFINITY,
  next: undefined,
  previous: undefined,
  place: -1,
  onDue,
});

const cameBy = (flow: Flow): 'datagrams' | 'streams' => (isReliable(flow.local.protocol) ? 'streams' : 'datagrams');

/** More would keep the server from starting, and the guard remembers no more. */
const MOST_REMEMBERED = 20_000;
const TELLING_MS = 1_000;
const SAMPLING_MS = 100;
/** Refusals of messages that were written well: a scheme that is not ours, a late CANCEL, one request too many. */
const HONEST: ReadonlySet<number> = new Set([416, 481, 503]);
