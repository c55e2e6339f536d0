import {
  createPhone,
  createVirtualStore,
  createWorld,
  Peer,
  type Phone,
  type PhoneOptions,
  type Place,
  play,
  type World,
  type WorldOptions,
} from '@strowger/testkit';
import { createVirtualServer, type VirtualServer, type VirtualServerOptions } from './virtual-server.ts';

export interface SiteOptions extends VirtualServerOptions {
  readonly world?: WorldOptions;
  /** How long the store takes for each answer; 0 when missing: it answers at once. */
  readonly storeMs?: number;
  /** The configuration; `example.com` with the users alice, bob and carol, whose passwords are their names, when missing. */
  readonly config?: string;
}

/** A world with one server, and the phones that tests want. */
export interface Site {
  readonly world: World;
  /** The server of now: another one after a restart. */
  readonly server: VirtualServer;
  /** The server crashes and starts again with what its store has. To be awaited inside of `play`. */
  restart(): Promise<void>;
  /** Where the server listens. */
  readonly place: Place;
  /** A phone of the server's domain at an address of its own; its password is its name. */
  phone(user: string, options?: Partial<PhoneOptions>): Phone;
  /** Phones that have registered. */
  registered(...users: readonly string[]): Promise<readonly Phone[]>;
  /** A bare socket at an address of its own. */
  peer(
    name: string,
    options?: { readonly at?: string; readonly port?: number; readonly protocol?: 'udp' | 'tcp' },
  ): Peer;
  play<T>(script: () => Promise<T>): Promise<T>;
  /** Lets time pass until nothing is left to do. @throws Error when something is */
  settle(ms?: number): Promise<void>;
}

export async function createSite(options: SiteOptions = {}): Promise<Site> {
  const { world: worldOptions, storeMs = 0, config = USUAL, ...rest } = options;
  const world = createWorld(worldOptions);
  const store = createVirtualStore(world, { latencyMs: storeMs });
  const place: Place = { host: '10.0.0.1', port: 5060 };
  const starting = createVirtualServer(world, place.host, config, { store, ...rest });
  let server = await play(world, () => starting);
  let last = 10;
  const nextAddress = (): string => {
    last += 1;
    return `10.0.0.${last}`;
  };
  const phone: Site['phone'] = (user, phoneOptions = {}) =>
    createPhone(world, {
      aor: `sip:${user}@example.com`,
      at: phoneOptions.at ?? nextAddress(),
      password: user,
      server: place,
      ...phoneOptions,
    });
  return {
    world,
    get server() {
      return server;
    },
    restart: async () => {
      world.host(place.host).crash();
      store.crash();
      server = await createVirtualServer(world, place.host, config, { store, ...rest });
    },
    place,
    phone,
    registered: (...users) =>
      play(world, async () => {
        const phones = users.map((user) => phone(user));
        for (const one of phones) {
          const { status } = await one.register();
          if (status !== 200) throw new Error(`${one.aor} could not register: ${status}`);
        }
        return phones;
      }),
    peer: (name, { at = nextAddress(), ...settings } = {}) => new Peer(world, world.host(at, { name }), settings),
    play: (script) => play(world, script),
    settle: async (ms = 300_000) => {
      await world.runFor(ms);
      const { servers, clients, wheel } = server.engine.core;
      if (servers.size + clients.size > 0 || wheel.size > 1)
        throw new Error(`left: ${[...servers.keys(), ...clients.keys()].join(', ')}; ${wheel.size} deadlines`);
    },
  };
}

export const USUAL = `
domains: [example.com]
users:
  - { name: alice, password: alice }
  - { name: bob, password: bob }
  - { name: carol, password: carol }
`;
