import { SyntaxFault } from '../text/faults.ts';
import { type Line, type SdpMode, Words } from './line.ts';

/** `c=`: where media goes (RFC 8866 §5.7). */
export interface Connection {
  /** `IN` */
  readonly nettype: string;
  /** `IP4` or `IP6` */
  readonly addrtype: string;
  /** The address or domain name; TTL and count of multicast addresses included, as are subfields of other address types. */
  readonly address: string;
}

/** What a connection address says in its parts (RFC 8866 §5.7). */
export interface AddressRange {
  readonly base: string;
  /** Time to live of IPv4 multicast, 0 to 255. */
  readonly ttl: number | undefined;
  /** How many multicast addresses follow each other; 1 for unicast. */
  readonly count: number;
}

/** @throws SyntaxFault with an offset in the whole text */
export function readConnection(line: Line, mode: SdpMode): Connection {
  const words = new Words(line, mode);
  const nettype = words.token('a network type');
  const addrtype = words.token('an address type');
  const first = words.word('a connection address');
  const address = [first.text];
  if (isIp(addrtype)) words.done();
  while (words.left > 0) address.push(words.word('a subfield').text);
  const connection = { nettype, addrtype, address: address.join(' ') };
  if (mode === 'strict' && addressRangeOf(connection) === undefined)
    throw new SyntaxFault(first.at, 'an address with TTL and count as its type has them');
  return connection;
}

export const printConnection = (c: Connection): string => `c=${c.nettype} ${c.addrtype} ${c.address}`;

/**
 * The parts of a connection address: `base[/ttl[/count]]` for IP4, `base[/count]` for IP6; `undefined` where the text has
 * another form. Addresses of other types are taken whole.
 */
export function addressRangeOf(connection: Connection): AddressRange | undefined {
  const { addrtype, address } = connection;
  if (!isIp(addrtype)) return { base: address, ttl: undefined, count: 1 };
  const found = (addrtype === 'IP4' ? IP4_RANGE : IP6_RANGE).exec(address);
  if (found === null) return undefined;
  const { base = '', ttl, count = '1' } = found.groups ?? {};
  const range = { base, ttl: ttl === undefined ? undefined : Number(ttl), count: Number(count) };
  return (range.ttl ?? 0) <= 255 && range.count <= COUNT ? range : undefined;
}

const isIp = (addrtype: string): boolean => addrtype === 'IP4' || addrtype === 'IP6';

const IP4_RANGE = /^(?<base>[^/\s]+)(?:\/(?<ttl>0|[1-9]\d{0,2})(?:\/(?<count>[1-9]\d*))?)?$/;
const IP6_RANGE = /^(?<base>[^/\s]+)(?:\/(?<count>[1-9]\d*))?$/;
/** As many addresses as there are ports to go with them. */
const COUNT = 65_535;
