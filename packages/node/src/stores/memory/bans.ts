import type { Ban, BanStore } from '@strowger/server';

/** Bans in the memory of one process. */
export class MemoryBans implements BanStore {
  readonly #byNetwork = new Map<string, Ban>();

  list(): Iterable<Ban> {
    return [...this.#byNetwork.values()];
  }

  put(ban: Ban): void {
    this.#byNetwork.set(ban.network, { ...ban });
  }

  remove(network: string): boolean {
    return this.#byNetwork.delete(network);
  }
}
