import type { App, Server } from '@strowger/server';
import { createPhone, createWorld, type Phone, type PhoneOptions, play, type World } from '@strowger/testkit';
import { createVirtualServer } from '../../packages/server/sim/virtual-server.ts';

/** A lane of a figure: its name, its address and its host name (RFC 3665 §1.2). */
const LANES = {
  Alice: ['192.0.2.101', 'client.atlanta.example.com'],
  Bob: ['192.0.2.201', 'client.biloxi.example.com'],
  'Proxy 1': ['192.0.2.111', 'ss1.atlanta.example.com'],
  'Proxy 2': ['192.0.2.222', 'ss2.biloxi.example.com'],
  'SIP Server': ['192.0.2.222', 'ss2.biloxi.example.com'],
  'Redirect Server': ['192.0.2.222', 'ss2.biloxi.example.com'],
  'Proxy 3': ['192.0.2.233', 'ss3.chicago.example.com'],
  'SIP ALG': ['192.0.2.128', 'alg1.atlanta.example.com'],
} as const;

export type Lane = keyof typeof LANES;

/** Where Bob is when he is in Chicago. */
export const CHICAGO_CLIENT = '192.0.2.100';

/** The host name of each address. */
export const NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(LANES)),
  [CHICAGO_CLIENT]: 'client.chicago.example.com',
};

/** A world with the people and the servers of a figure, from left to right. */
export interface Cast {
  readonly world: World;
  /** A server of ours in the place of one of the RFC's. */
  server(lane: Lane, config: string, app?: App): Promise<Server>;
  /** Alice or Bob, who send everything to this server. */
  phone(lane: 'Alice' | 'Bob', server: Lane, options?: Partial<PhoneOptions>): Phone;
  play<T>(script: () => Promise<T>): Promise<T>;
}

export function createCast(...lanes: readonly Lane[]): Cast {
  const world = createWorld();
  for (const lane of lanes) world.host(LANES[lane][0], { name: lane, also: lane === 'Bob' ? [CHICAGO_CLIENT] : [] });
  return {
    world,
    server: (lane, config, app) => {
      const [address, host] = LANES[lane];
      const options = { name: lane, names: DNS, ...(app !== undefined && { app }) };
      return play(world, () => createVirtualServer(world, address, `${config}\nadvertise: ${host}`, options));
    },
    phone: (lane, server, options = {}) =>
      createPhone(world, {
        aor: lane === 'Alice' ? 'sip:alice@atlanta.example.com' : 'sip:bob@biloxi.example.com',
        name: lane,
        at: LANES[lane][0],
        password: lane.toLowerCase(),
        server: { host: LANES[server][0], port: 5060 },
        names: Object.fromEntries(Object.entries(NAMES).map(([address, name]) => [name, address])),
        ...options,
      }),
    play: (script) => play(world, script),
  };
}

export const ATLANTA = 'domains: [atlanta.example.com]\nusers: [{ name: alice, password: alice }]';
export const BILOXI = 'domains: [biloxi.example.com]\nusers: [{ name: bob, password: bob }]';
export const CHICAGO = 'domains: [chicago.example.com]\nusers: [{ name: bob, password: bob }]';

const DNS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.values(LANES).map(([address, host]) => [host, [address]])),
  'atlanta.example.com': ['192.0.2.111'],
  'biloxi.example.com': ['192.0.2.222'],
  'chicago.example.com': ['192.0.2.233'],
};
