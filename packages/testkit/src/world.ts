import type { Clock } from '@strowger/sip/engine';
import { type Instant, type UnixMs, UsageFault } from '@strowger/sip/text';
import { type LadderOptions, printLadder } from './ladder.ts';
import { createLink, type Link } from './link.ts';
import { canonicalAddress, Network, type Note } from './network.ts';
import { type Conditions, PERFECT } from './path.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type RunOptions, Timeline } from './timeline.ts';
import type { Traffic } from './traffic.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { VirtualHost } from './virtual-host.ts';

export interface WorldOptions {
  /** Whatever is random follows from it; 1 when missing. */
  readonly seed?: number;
  /** What the wall clocks say when the world begins. */
  readonly unix?: UnixMs;
  /** How every path is until its link says otherwise: 10 ms and nothing ever lost. */
  readonly conditions?: Partial<Conditions>;
}

export interface HostOptions {
  /** The name in ladders and for `link`; the address when missing. */
  readonly name?: string;
  /** Further addresses of the same machine, for instance of the other family. */
  readonly also?: readonly string[];
}

/** A network, its hosts and its time, all virtual and all repeatable: the same seed gives the same ladder. */
export interface World {
  readonly seed: number;
  readonly now: Instant;
  readonly unix: UnixMs;
  /** Every message sent so far (of a very long run the newest 20,000), and what else happened. */
  readonly traffic: readonly Traffic[];
  readonly notes: readonly Note[];
  /** Lets things happen; see `RunOptions` and `Timeline.run`. */
  run(options?: RunOptions): Promise<void>;
  runFor(ms: number): Promise<void>;
  /** Plans something; returns how to cancel it. */
  at(instant: Instant, action: () => void): () => void;
  after(ms: number, action: () => void): () => void;
  /** For scripts that wait: resolves when so much virtual time has passed, which only `run` makes happen. */
  sleep(ms: number): Promise<void>;
  /** A clock with an alarm of its own. Its wall clock may be ahead of the world's, or behind it. */
  clock(options?: { readonly aheadMs?: number }): Clock;
  random(label: string): SeededRandom;
  /** The host with that address, made on first use. @throws UsageFault when the name or an address is another host's */
  host(address: string, options?: HostOptions): VirtualHost;
  /** The way between two hosts, by name or address, in both directions. @throws UsageFault when there is no such host */
  link(a: string, b: string): Link;
  /** Only the way from the first to the second. */
  path(from: string, to: string): Link;
  /** Writes something down for the report of a failed test. */
  note(text: string): void;
  ladder(options?: LadderOptions): string;
}

export function createWorld({ seed = 1, unix = FIRST_OF_JANUARY_2026, conditions = {} }: WorldOptions = {}): World {
  const timeline = new Timeline();
  const network = new Network<VirtualHost>(timeline, seed, { ...PERFECT, ...conditions });
  const addressOf = (nameOrAddress: string): string => {
    const found = network.hosts.find((host) => host.name === nameOrAddress) ?? network.hostAt(nameOrAddress);
    if (found === undefined) throw new UsageFault(`there is no host ${nameOrAddress} in this world`);
    return found.addresses[0] ?? '';
  };
  const linkOf = (...ways: readonly (readonly [string, string])[]): Link =>
    createLink(
      network,
      ways.map(([a, b]) => [addressOf(a), addressOf(b)]),
    );

  return {
    seed,
    get now() {
      return timeline.now;
    },
    get unix() {
      return unix + timeline.now;
    },
    traffic: network.traffic,
    notes: network.notes,
    run: (options) => timeline.run(options),
    runFor: (ms) => timeline.run({ until: timeline.now + ms }),
    at: (instant, action) => timeline.at(instant, action),
    after: (ms, action) => timeline.after(ms, action),
    sleep: (ms) => new Promise((resolve) => void timeline.after(ms, resolve)),
    clock: ({ aheadMs = 0 } = {}) => createVirtualClock(timeline, unix + aheadMs),
    random: (label) => network.random(label),
    host: (address, options = {}) => hostOf(network, canonicalAddress(address), options, unix),
    link: (a, b) => linkOf([a, b], [b, a]),
    path: (from, to) => linkOf([from, to]),
    note: (text) => network.note(text),
    ladder: (options) =>
      printLadder(
        network.traffic,
        { names: network.hosts.map((host) => host.name), nameOf: (a) => network.nameOf(a) },
        options,
      ),
  };
}

function hostOf(
  network: Network<VirtualHost>,
  address: string,
  { name = address, also = [] }: HostOptions,
  unix: UnixMs,
): VirtualHost {
  const known = network.hostAt(address);
  if (known !== undefined) {
    if (name === address || name === known.name) return known;
    throw new UsageFault(`${address} is ${known.name} already`);
  }
  const addresses = [address, ...also.map(canonicalAddress)];
  const other = network.hosts.find((host) => host.name === name || addresses.some((a) => host.addresses.includes(a)));
  if (other !== undefined) throw new UsageFault(`${other.name} has this name or one of these addresses already`);
  const host = new VirtualHost(network, name, addresses, unix);
  network.addHost(host);
  return host;
}

const FIRST_OF_JANUARY_2026 = Date.UTC(2026, 0, 1);
