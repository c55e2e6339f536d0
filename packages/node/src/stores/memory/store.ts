import type { Settings } from '@strowger/sip/roles/registrar';
import type { Store } from '../store.ts';
import { MemoryBans } from './bans.ts';
import { MemoryLocations } from './locations.ts';
import { MemoryUsers } from './users.ts';

/** A store that lasts as long as its process: for tests, and for edges that forget on purpose. */
export function createMemoryStore(): Store {
  return {
    locations: new MemoryLocations(),
    users: new MemoryUsers(),
    settings: new MemorySettings(),
    bans: new MemoryBans(),
    close: () => {},
  };
}

class MemorySettings implements Settings {
  readonly #values = new Map<string, string>();

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  put(name: string, value: string): void {
    this.#values.set(name, value);
  }
}
