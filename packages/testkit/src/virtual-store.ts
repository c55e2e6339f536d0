import type { Digests, HashAlgorithm } from '@strowger/sip/auth';
import {
  type Binding,
  LOST_CONNECTION,
  type Loaded,
  type Located,
  type Locations,
  requireStorable,
  requireUser,
  type Settings,
  type UserName,
  type Users,
} from '@strowger/sip/roles/registrar';
import type { UnixMs } from '@strowger/sip/text';
import type { World } from './world.ts';

export interface VirtualStoreOptions {
  /** How long each answer takes, in milliseconds of virtual time; 0: it is given at once, not promised. */
  readonly latencyMs?: number;
}

/** A store of the virtual world: it outlives the crash of its server, as a disk does. */
export interface VirtualStore {
  readonly locations: Locations;
  readonly users: Users;
  readonly settings: Settings;
  /** The server is gone: what it asked for and was not told has not happened, and its connections are lost. */
  crash(): void;
}

export function createVirtualStore(world: World, { latencyMs = 0 }: VirtualStoreOptions = {}): VirtualStore {
  let life = 0;
  const later = <T>(work: () => T): T | Promise<T> => {
    if (latencyMs === 0) return work();
    const asked = life;
    return new Promise((resolve, reject) => {
      world.after(latencyMs, () => {
        if (asked !== life) return;
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  };
  const locations = new VirtualLocations(later);
  return {
    locations,
    users: new VirtualUsers(later),
    settings: new VirtualSettings(later),
    crash: () => {
      life += 1;
      locations.loseConnections();
    },
  };
}

type Later = <T>(work: () => T) => T | Promise<T>;

interface BindingSet {
  bindings: readonly Binding[];
  version: number;
}

class VirtualLocations implements Locations {
  readonly #later: Later;
  readonly #sets = new Map<string, BindingSet>();
  #lastVersion = 0;

  constructor(later: Later) {
    this.#later = later;
  }

  load(aor: string, now: UnixMs): Loaded | Promise<Loaded> {
    return this.#later(() => ({ bindings: this.#live(aor, now), version: this.#sets.get(aor)?.version ?? 0 }));
  }

  save(aor: string, bindings: readonly Binding[], version: number): boolean | Promise<boolean> {
    requireStorable(bindings);
    const wanted = [...bindings];
    return this.#later(() => {
      if ((this.#sets.get(aor)?.version ?? 0) !== version) return false;
      this.#lastVersion += 1;
      if (wanted.length === 0) this.#sets.delete(aor);
      else this.#sets.set(aor, { bindings: wanted, version: this.#lastVersion });
      return true;
    });
  }

  lookup(aor: string, now: UnixMs): readonly Binding[] | Promise<readonly Binding[]> {
    return this.#later(() => this.#live(aor, now));
  }

  expire(now: UnixMs, limit: number): readonly Located[] | Promise<readonly Located[]> {
    return this.#later(() => {
      const gone: Located[] = [];
      for (const [aor, set] of this.#sets) {
        set.bindings = set.bindings.filter((binding) => {
          if (binding.expiresAt > now || gone.length >= limit) return true;
          gone.push({ aor, binding });
          return false;
        });
        if (set.bindings.length === 0) this.#sets.delete(aor);
      }
      return gone;
    });
  }

  *entries(now: UnixMs, after = ''): Iterable<Located> {
    const aors = [...this.#sets.keys()].filter((aor) => aor > after).sort();
    for (const aor of aors) for (const binding of this.#live(aor, now)) yield { aor, binding };
  }

  loseConnections(): void {
    for (const set of this.#sets.values())
      set.bindings = set.bindings.map((binding) =>
        binding.flow.connection === 0
          ? binding
          : { ...binding, flow: { ...binding.flow, connection: LOST_CONNECTION } },
      );
  }

  #live(aor: string, now: UnixMs): readonly Binding[] {
    return this.#sets.get(aor)?.bindings.filter((binding) => binding.expiresAt > now) ?? [];
  }
}

class VirtualUsers implements Users {
  readonly #later: Later;
  readonly #users = new Map<string, Digests>();

  constructor(later: Later) {
    this.#later = later;
  }

  find(username: string, realm: string): Digests | undefined | Promise<Digests | undefined> {
    return this.#later(() => this.#users.get(keyOf({ username, realm })));
  }

  findByUserhash(
    algorithm: HashAlgorithm,
    userhash: string,
    realm: string,
  ): Digests | undefined | Promise<Digests | undefined> {
    return this.#later(() =>
      [...this.#users.values()].find((user) => user.realm === realm && user.userhashes[algorithm] === userhash),
    );
  }

  list(): Iterable<UserName> {
    return [...this.#users]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, { username, realm }]) => ({ username, realm }));
  }

  put(user: Digests): void | Promise<void> {
    requireUser(user);
    return this.#later(() => void this.#users.set(keyOf(user), user));
  }

  remove(username: string, realm: string): boolean | Promise<boolean> {
    return this.#later(() => this.#users.delete(keyOf({ username, realm })));
  }
}

class VirtualSettings implements Settings {
  readonly #later: Later;
  readonly #values = new Map<string, string>();

  constructor(later: Later) {
    this.#later = later;
  }

  get(name: string): string | undefined | Promise<string | undefined> {
    return this.#later(() => this.#values.get(name));
  }

  put(name: string, value: string): void | Promise<void> {
    return this.#later(() => void this.#values.set(name, value));
  }
}

const keyOf = ({ username, realm }: UserName): string => `${realm} ${username}`;
