import type { NameFault, RecordType } from '@strowger/sip/resolve';
import { exchange, type Outcome } from './exchange.ts';
import { type ServerAddress, systemServers } from './server-address.ts';
import { MAX_ALIASES } from './wire.ts';

export interface NameServersOptions {
  /** Those of the system when left out. */
  readonly servers?: readonly ServerAddress[];
  /** How long each server is given, in the first round and the next ones. */
  readonly roundsMs: readonly number[];
  /** How long one question may take in all. */
  readonly totalMs: number;
}

/** An answer with its lifetime, or why there is none. */
export type Learned<T extends RecordType> = Exclude<Outcome<T>, { type: 'alias' }>;

/** Several name servers as one: the one that answered last is asked first, the others when it is silent or fails. */
export class NameServers {
  readonly #options: NameServersOptions;
  #servers: readonly ServerAddress[];
  #first = 0;

  constructor(options: NameServersOptions) {
    this.#options = options;
    this.#servers = options.servers ?? systemServers();
  }

  /** Follows aliases with questions of their own where the answers do not. */
  async ask<T extends RecordType>(type: T, name: string): Promise<Learned<T>> {
    const endsAt = performance.now() + this.#options.totalMs;
    let ttlSeconds = Number.POSITIVE_INFINITY;
    let at = name;
    for (let i = 0; i <= MAX_ALIASES; i += 1) {
      const outcome = await this.#askAll(type, at, endsAt);
      if (outcome.type === 'fault') return outcome;
      ttlSeconds = Math.min(ttlSeconds, outcome.ttlSeconds);
      if (outcome.type === 'answer') return { ...outcome, ttlSeconds };
      at = outcome.name;
    }
    return { type: 'fault', code: 'limit', text: `more than ${MAX_ALIASES} aliases behind ${name}` };
  }

  async #askAll<T extends RecordType>(type: T, name: string, endsAt: number): Promise<Outcome<T>> {
    if (this.#servers.length === 0) return NO_SERVERS;
    let worst: NameFault | undefined;
    for (const roundMs of this.#options.roundsMs) {
      const first = this.#first;
      for (let i = 0; i < this.#servers.length; i += 1) {
        const at = (first + i) % this.#servers.length;
        const server = this.#servers[at];
        const leftMs = endsAt - performance.now();
        if (server === undefined || leftMs <= 0) break;
        const outcome = await exchange(server, name, type, Math.min(roundMs, leftMs));
        if (outcome.type !== 'fault') {
          this.#first = at;
          return outcome;
        }
        worst = worst === undefined || isSilence(worst) ? outcome : worst;
      }
      // A server that said no says it again; only silence is worth another round.
      if (worst !== undefined && !isSilence(worst)) break;
    }
    // The machine may have moved to another network.
    this.#servers = this.#options.servers ?? systemServers();
    return worst ?? NO_TIME;
  }
}

const isSilence = ({ code }: NameFault): boolean => code === 'timeout' || code === 'unreachable';

const NO_SERVERS = { type: 'fault', code: 'unreachable', text: 'this machine has no name server' } as const;
const NO_TIME = { type: 'fault', code: 'timeout', text: 'no answer in time' } as const;
