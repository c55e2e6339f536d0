import { isAddress } from '../uri/transport.ts';
import type { Answer, RecordType, Resolver } from './records.ts';
import { familyOf } from './target.ts';

/** A name service that knows nothing but addresses, and those at once: a table in the place of the DNS. */
export const tableResolver = (addressesOf: (name: string) => readonly string[]): Resolver => ({
  ask: (type, name) => answerTo(type, name, addressesOf) as Answer<typeof type>,
});

function answerTo(
  type: RecordType,
  name: string,
  addressesOf: (name: string) => readonly string[],
): Answer<'A' | 'AAAA'> {
  if (type !== 'A' && type !== 'AAAA') return { type: 'none', why: 'nodata' };
  const addresses = addressesOf(name);
  const family = type === 'A' ? 'ipv4' : 'ipv6';
  const records = addresses.filter((address) => isAddress(address) && familyOf(address) === family);
  if (records.length > 0) return { type: 'records', records };
  return { type: 'none', why: addresses.length === 0 ? 'nxdomain' : 'nodata' };
}
