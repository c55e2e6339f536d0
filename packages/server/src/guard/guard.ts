import type { Gate } from '@strowger/sip/engine';
import type { Instant, UnixMs } from '@strowger/sip/text';
import type { Network } from '../config/index.ts';
import { type BanPolicy, Bans, type BansPorts } from './bans.ts';
import { JUNK, METHOD_CLASSES, type MethodClass, methodClassOf, RESPONSE } from './method-class.ts';
import { BAN_POINTS, DECAY_PER_MS, OFFENCES, type Offence } from './offences.ts';
import { Source } from './source.ts';
import { EXEMPT, PROVED, Sources, STRANGER, UNKNOWN } from './sources.ts';
import { Tally } from './tally.ts';

export interface GuardPolicy {
  /** Messages a second that one source may send of each class, for as long as it likes. */
  readonly rates: Readonly<Record<MethodClass, number>>;
  /** Sources that are left alone. */
  readonly exempt: readonly Network[];
  readonly bans: BanPolicy;
}

export interface GuardPorts extends Omit<BansPorts, 'policy'> {
  readonly unix: () => UnixMs;
  readonly random: { uint32(): number };
  /** Something was dropped: `tally` is to be taken within a second. */
  readonly onCounting: () => void;
}

/**
 * Stands before the parser: what a source may send is decided on its address and the first bytes of what it sends. What is
 * found out later, of wrong passwords and scanners, comes back as offences, which add up to bans.
 */
export class Guard implements Gate {
  readonly bans: Bans;
  readonly tally: Tally;
  readonly #policy: GuardPolicy;
  readonly #unix: () => UnixMs;
  readonly #sources: Sources;
  readonly #source = new Source();
  /** Who was looked up last: one message asks several times for its own. */
  #host = '';
  #at: Instant = Number.NaN;
  #slot = -1;
  /** Milliseconds that one message of a class costs; and of those that have proved something. */
  readonly #costs: Float64Array;

  constructor(policy: GuardPolicy, ports: GuardPorts) {
    this.#policy = policy;
    this.#unix = ports.unix;
    this.bans = new Bans({ ...ports, policy: policy.bans });
    this.tally = new Tally(ports.onCounting);
    this.#sources = new Sources(SOURCES, ports.random.uint32());
    this.#costs = Float64Array.from(METHOD_CLASSES, (name) => 1000 / policy.rates[name]);
  }

  /** False: the bytes are to be dropped; that they were is counted. */
  admits(host: string, bytes: Uint8Array, now: Instant): boolean {
    const slot = this.#slotOf(host, now);
    if (slot < 0) return true;
    const standing = this.#sources.standingOf(slot);
    if (standing === EXEMPT) return true;
    if (this.#isBanned(slot)) return this.#refuse('banned');
    const methodClass = methodClassOf(bytes);
    if (methodClass === RESPONSE) return true;
    const cost = (this.#costs[methodClass] ?? 0) / (standing === PROVED ? PROVED_RATE : 1);
    return this.#sources.spend(slot, methodClass, cost, BURST_MS, now) || this.#trip(slot, methodClass, now);
  }

  /** False for a source that is banned: it gets no connection. */
  admitsConnection(host: string, now: Instant): boolean {
    const slot = this.#slotOf(host, now);
    return slot < 0 || this.#sources.standingOf(slot) === EXEMPT || !this.#isBanned(slot) || this.#refuse('banned');
  }

  /** True for a source that the guard leaves alone. */
  isExempt(host: string, now: Instant): boolean {
    const slot = this.#slotOf(host, now);
    return slot < 0 || this.#sources.standingOf(slot) === EXEMPT;
  }

  /** A user at this source has proved who he is: from now on it may send more, and what strangers can forge is not held against it. */
  prove(host: string, now: Instant): void {
    const slot = this.#slotOf(host, now);
    if (slot < 0 || this.#sources.standingOf(slot) !== STRANGER) return;
    this.#sources.setStanding(slot, PROVED);
    this.#sources.points[slot] = 0;
    this.#sources.users[slot] = 0;
  }

  /**
   * Holds an offence against a source. Anybody can write any address on a datagram, so what came in `datagrams` is not held
   * against a source that has proved something: a stranger could have an office banned. On `streams` the address is true.
   */
  offend(host: string, came: 'datagrams' | 'streams', offence: Offence, userHash: number, now: Instant): void {
    const slot = this.#slotOf(host, now);
    if (slot < 0) return;
    const standing = this.#sources.standingOf(slot);
    if (standing === EXEMPT || (standing === PROVED && came === 'datagrams')) return;
    this.#addPoints(slot, offence, userHash, now);
  }

  /** For where a message was dropped for a reason that only its reader could know. */
  count(reason: string): void {
    this.tally.add(reason);
  }

  #addPoints(slot: number, offence: Offence, userHash: number, now: Instant): void {
    const { points, scoredAt, users } = this.#sources;
    const bit = 1 << (userHash & 31);
    const isNew = ((users[slot] ?? 0) & bit) === 0;
    if (userHash !== 0) users[slot] = (users[slot] ?? 0) | bit;
    const { forNewUser, points: again } = OFFENCES[offence];
    const weight = this.#sources.standingOf(slot) === PROVED ? PROVED_WEIGHT : 1;
    const decayed = Math.max(0, (points[slot] ?? 0) - (now - (scoredAt[slot] ?? 0)) * DECAY_PER_MS);
    const total = decayed + (isNew ? forNewUser : again) * weight;
    points[slot] = total;
    scoredAt[slot] = now;
    if (total < BAN_POINTS || this.#isBanned(slot)) return;
    points[slot] = 0;
    users[slot] = 0;
    this.bans.punish(this.#source, offence);
  }

  #trip(slot: number, methodClass: number, now: Instant): false {
    const { floodedAt } = this.#sources;
    if (this.#sources.standingOf(slot) === STRANGER && now - (floodedAt[slot] ?? 0) >= 1000) {
      floodedAt[slot] = now;
      this.#addPoints(slot, 'flood', 0, now);
    }
    return this.#refuse(REASONS[methodClass] ?? REASONS[JUNK] ?? '');
  }

  #refuse(reason: string): false {
    this.tally.add(reason);
    return false;
  }

  /** The slot of the source at this address; -1 where the text is no address and so nobody can be held responsible. */
  #slotOf(host: string, now: Instant): number {
    if (host === this.#host && now === this.#at) return this.#slot;
    this.#host = host;
    this.#at = now;
    this.#slot = this.#source.read(host) ? this.#sources.slotOf(this.#source, now) : -1;
    if (this.#slot >= 0 && this.#sources.standingOf(this.#slot) === UNKNOWN) this.#meet(this.#slot);
    return this.#slot;
  }

  #meet(slot: number): void {
    const isExempt = this.#policy.exempt.some((network) => this.#source.isIn(network));
    this.#sources.setStanding(slot, isExempt ? EXEMPT : STRANGER);
  }

  /** Of the source that was looked up last. */
  #isBanned(slot: number): boolean {
    const { generation } = this.bans;
    let until = this.#sources.bannedUntil(slot, generation);
    if (until === undefined) {
      until = this.bans.untilOf(this.#source);
      this.#sources.setBannedUntil(slot, until, generation);
    }
    return until > 0 && until > this.#unix();
  }
}

/** What drops are counted as, by method class. */
const REASONS = METHOD_CLASSES.map((name) => `too many: ${name}`);

/** How many sources are remembered at once; a hundred bytes each. */
const SOURCES = 32_768;
/** A source may send at once what its rate allows in this time: all phones of an office after a power cut. */
const BURST_MS = 30_000;
/** Who has proved something has this many times the rates. */
const PROVED_RATE = 4;
/** And its offences on streams count for less: behind one address there are many phones. */
const PROVED_WEIGHT = 0.1;
