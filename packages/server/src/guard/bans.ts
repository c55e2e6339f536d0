import type { UnixMs } from '@strowger/sip/text';
import { type Config, isRefusal, type Network } from '../config/index.ts';
import { type Ban, type BanStore, bannedOf, parseBanned, printBanned } from './ban.ts';
import type { Source } from './source.ts';

export interface BanPolicy {
  /** How long the first ban of the guard lasts; each further one lasts twice as long as the one before. */
  readonly firstMs: number;
  /** The longest ban of the guard; who has kept quiet for as long after a ban begins anew. */
  readonly longestMs: number;
}

export interface BansPorts {
  /** Nothing outlives the process without one. */
  readonly store: BanStore | undefined;
  readonly policy: BanPolicy;
  readonly unix: () => UnixMs;
  readonly onBanned: (ban: Ban) => void;
  readonly onUnbanned: (network: string) => void;
  /** What was banned stays banned in this process when it cannot be written down. */
  readonly onFailed: (error: unknown) => void;
}

/** Who is shut out: a small table in memory, written through to the store. */
export class Bans {
  /** Changes with every ban; what was looked up under another one has to be looked up again. */
  generation = 0;
  readonly #ports: BansPorts;
  readonly #byNetwork = new Map<string, Ban>();
  /** Those that are more than one source. */
  readonly #wide = new Map<string, Network>();

  constructor(ports: BansPorts) {
    this.#ports = ports;
  }

  /** Takes in what the store has. */
  async load(): Promise<void> {
    for await (const ban of this.#ports.store?.list() ?? []) this.#enter(ban);
  }

  /** Those that last, by network. */
  list(): readonly Ban[] {
    const now = this.#ports.unix();
    return [...this.#byNetwork.values()]
      .filter((ban) => endOf(ban) > now)
      .sort((a, b) => (a.network < b.network ? -1 : a.network > b.network ? 1 : 0));
  }

  /** Until when a source is banned, in Unix milliseconds; 0 when it is not, `Infinity` until somebody removes it. */
  untilOf(source: Source): number {
    const own = this.#byNetwork.get(bannedOf(source));
    let until = endOf(own);
    for (const [text, network] of this.#wide)
      if (source.isIn(network)) until = Math.max(until, endOf(this.#byNetwork.get(text)));
    return until > this.#ports.unix() ? until : 0;
  }

  /** Bans a source for as long as its past says. */
  punish(source: Source, reason: string): Ban {
    const { firstMs, longestMs } = this.#ports.policy;
    const since = this.#ports.unix();
    const network = bannedOf(source);
    const before = this.#byNetwork.get(network);
    const times = before === undefined || endOf(before) + longestMs <= since ? 1 : before.times + 1;
    const until = since + Math.min(longestMs, firstMs * 2 ** Math.min(times - 1, 40));
    const ban: Ban = { network, reason, by: 'guard', since, until, times };
    void this.#keep(ban)?.then(undefined, this.#ports.onFailed);
    return ban;
  }

  /** Bans a network by hand, in the place of what was there; done when it is written down. Undefined: there is no room. */
  async add(network: Network, reason: string, until: UnixMs | undefined): Promise<Ban | undefined> {
    const ban: Ban = {
      network: printBanned(network),
      reason,
      by: 'administrator',
      since: this.#ports.unix(),
      until,
      times: 0,
    };
    const mine = [...this.#byNetwork.values()].filter(({ by }) => by === 'administrator').length;
    if (mine >= MAX_BANS / 2 && !this.#byNetwork.has(ban.network)) return undefined;
    await this.#keep(ban);
    return ban;
  }

  /** Ends the ban of exactly this network, its past forgotten; false when there is none that lasts. */
  async remove(network: Network): Promise<boolean> {
    const text = printBanned(network);
    const ban = this.#byNetwork.get(text);
    if (ban === undefined) return false;
    const lasted = endOf(ban) > this.#ports.unix();
    this.#forget(text);
    if (lasted) this.#ports.onUnbanned(text);
    await this.#ports.store?.remove(text);
    return lasted;
  }

  #keep(ban: Ban): Promise<void> | undefined {
    this.#makeRoom(ban);
    this.#enter(ban);
    this.#ports.onBanned(ban);
    return this.#written(() => this.#ports.store?.put(ban));
  }

  async #written(write: () => unknown): Promise<void> {
    await write();
  }

  /** Forgets those whose past counts no more and, in a full table, the one of the guard that ends first. */
  #makeRoom(next: Ban): void {
    if (this.#byNetwork.size < MAX_BANS || this.#byNetwork.has(next.network)) return;
    const { longestMs } = this.#ports.policy;
    let first: Ban | undefined;
    for (const ban of this.#byNetwork.values()) {
      if (endOf(ban) + longestMs <= next.since) this.#drop(ban);
      else if (ban.by === 'guard' && (first === undefined || endOf(ban) < endOf(first))) first = ban;
    }
    if (this.#byNetwork.size >= MAX_BANS && first !== undefined) this.#drop(first);
  }

  #drop({ network }: Ban): void {
    this.#forget(network);
    void this.#written(() => this.#ports.store?.remove(network)).then(undefined, this.#ports.onFailed);
  }

  #enter(ban: Ban): void {
    const read = parseBanned(ban.network);
    if (isRefusal(read)) return; // of a store that somebody has edited
    this.#byNetwork.set(ban.network, ban);
    if (!isOneSource(read.value)) this.#wide.set(ban.network, read.value);
    this.generation = (this.generation + 1) | 0;
  }

  #forget(network: string): void {
    this.#byNetwork.delete(network);
    this.#wide.delete(network);
    this.generation = (this.generation + 1) | 0;
  }
}

/** The bans of a server that does not run: what is changed is told to nobody. @throws what the store throws (rejects) */
export async function createOfflineBans(store: BanStore, { guard }: Config, unix: () => UnixMs): Promise<Bans> {
  const nobody = (): void => undefined;
  const policy = policyOf(guard);
  const bans = new Bans({ store, policy, unix, onBanned: nobody, onUnbanned: nobody, onFailed: nobody });
  await bans.load();
  return bans;
}

export const policyOf = ({ banSeconds, maxBanSeconds }: Config['guard']): BanPolicy => ({
  firstMs: banSeconds * 1000,
  longestMs: maxBanSeconds * 1000,
});

/** 0 for no ban. */
const endOf = (ban: Ban | undefined): number => (ban === undefined ? 0 : (ban.until ?? Number.POSITIVE_INFINITY));

const isOneSource = ({ family, prefix }: Network): boolean => prefix === (family === 4 ? 32 : 64);

const MAX_BANS = 10_000;
