import { createRandom, expandWildcard } from '@strowger/node';
import {
  chanceOf,
  DeadTargets,
  type Family,
  type Found,
  type Goal,
  goalOf,
  type ResolvedTarget,
  type Resolver,
  TargetSearch,
  type TraceLine,
  type Way,
} from '@strowger/sip/resolve';
import { isAddress, type Protocol, type SipUri } from '@strowger/sip/uri';
import { CommandFault } from './command-fault.ts';

export interface PlaceSearchOptions {
  /** Where the story of the search is written. */
  readonly trace?: TraceLine[];
  /** The families of addresses to look for, best first; without them those that this machine has. */
  readonly families?: (() => readonly Family[]) | undefined;
}

/** The places where a URI leads to from this machine (RFC 3263), looked for as they are asked for, and kept. */
export class PlaceSearch {
  readonly #search: TargetSearch;
  readonly #found: ResolvedTarget[] = [];

  /** @throws CommandFault for a URI whose transport cannot be had */
  constructor(uri: SipUri, resolver: Resolver, { trace, families = familiesHere }: PlaceSearchOptions = {}) {
    const goal = goalOf(uri);
    if (typeof goal === 'string') throw new CommandFault(`${uri.text}: ${goal}.`);
    this.#search = new TargetSearch(goal, {
      ways: waysTo(goal, families),
      chance: chanceOf(createRandom()),
      resolver,
      dead: new DeadTargets(),
      ...(trace === undefined ? {} : { trace }),
    });
  }

  /** The place of this number, from 0. One call at a time, and no number without those before it. */
  async at(index: number): Promise<Found> {
    const known = this.#found[index];
    if (known !== undefined) return { type: 'target', target: known };
    const found = await this.#search.next(0);
    if (found.type === 'target') this.#found.push(found.target);
    return found;
  }
}

/** A person who writes an address means it, whatever addresses this machine has. */
function waysTo({ host }: Goal, families: () => readonly Family[]): readonly Way[] {
  const spoken = isAddress(host) ? BOTH : families();
  return PROTOCOLS.map((protocol) => ({ protocol, families: spoken }));
}

/** IPv6 first where the machine has an address of it that is not its own alone. */
function familiesHere(): readonly Family[] {
  return expandWildcard('::').some((address) => address !== '::1') ? BOTH : ['ipv4'];
}

const BOTH: readonly Family[] = ['ipv6', 'ipv4'];
/** In our order of preference. */
const PROTOCOLS: readonly Protocol[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];
