import type { UnixMs } from '@strowger/sip/text';
import { isRefusal, type Network, parseNetwork, type Reading } from '../config/index.ts';
import { refuse } from '../config/reading.ts';
import { IP4, type Source } from './source.ts';

/** A network from which nothing is taken. */
export interface Ban {
  /** As `printBanned` writes it. */
  readonly network: string;
  readonly reason: string;
  readonly by: 'guard' | 'administrator';
  readonly since: UnixMs;
  /** `undefined`: until it is removed. */
  readonly until: UnixMs | undefined;
  /** How many bans of the guard in a row this one is; 1 for the first. */
  readonly times: number;
}

/** Where bans outlive the process. What cannot be read or written rejects or throws. */
export interface BanStore {
  /** All that were put and not removed, also those that have ended. */
  list(): Iterable<Ban> | AsyncIterable<Ban>;
  /** Keeps a ban in the place of the one of the same network; done when it is committed. */
  put(ban: Ban): void | Promise<void>;
  /** False when there was none. */
  remove(network: string): boolean | Promise<boolean>;
}

/**
 * The network that a ban of this text is about: an address or CIDR block. An IPv6 address means its /64, which is what one
 * subscriber has; nothing smaller can be banned.
 */
export function parseBanned(text: string): Reading<Network> {
  const read = parseNetwork(text);
  if (isRefusal(read)) return read;
  const { family, prefix, base } = read.value;
  if (prefix === 0) return refuse('a network that is not the whole Internet'); // a slip that would shut out everybody
  return family === 6 && prefix > 64 ? parseNetwork(printBlock(base[0] ?? 0, base[1] ?? 0, 64)) : read;
}

/** One text for each network: `192.0.2.7`, `192.0.2.0/24`, `2001:db8:1:2::/64`. */
export function printBanned({ family, prefix, base }: Network): string {
  const [first = 0, second = 0] = base;
  if (family === 6) return printBlock(first, second, prefix);
  return prefix === 32 ? printIp4(first) : `${printIp4(first)}/${prefix}`;
}

/** The network of a source, as `printBanned` writes it. */
export const bannedOf = ({ high, low }: Source): string =>
  high === IP4 ? printIp4(low >>> 0) : printBlock(high >>> 0, low >>> 0, 64);

const printIp4 = (number: number): string =>
  `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;

function printBlock(first: number, second: number, prefix: number): string {
  const groups = [first >>> 16, first & 0xffff, second >>> 16, second & 0xffff];
  while (groups.at(-1) === 0) groups.pop();
  return `${groups.map((group) => group.toString(16)).join(':')}::/${prefix}`;
}
