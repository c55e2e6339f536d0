import { expandWildcard } from '@strowger/node';
import type { Config } from '../server-config.ts';
import { type Finding, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';

/** The addresses that a wildcard to listen on stands for. */
export function addressFindings({ interfaces }: Pick<Machine, 'interfaces'>): readonly Finding[] {
  return FAMILIES.map(({ name, wildcard, loopback, advice }) => {
    const all = expandWildcard(wildcard, interfaces);
    const shown = all.length === 0 ? 'no address' : all.join(', ');
    if (all.some((address) => !loopback.test(address))) return ok(name, shown);
    return note(name, all.length === 0 ? shown : `${shown} alone, which no other machine reaches`, advice);
  });
}

/** Who is asked for names. Nobody is asked now. */
export function nameServiceFinding(
  { nameServers }: Pick<Machine, 'nameServers'>,
  configured: Config['dns']['servers'],
): Finding {
  if (configured.length > 0) return ok('name service', `${configured.join(', ')}, by the configuration`);
  if (nameServers.length > 0) return ok('name service', `${nameServers.join(', ')}, those of the system`);
  const advice =
    'Other domains are not found: name servers in the configuration (dns.servers), or in that of the system.';
  return note('name service', 'no name server', advice);
}

const FAMILIES = [
  {
    name: 'IPv4',
    wildcard: '0.0.0.0',
    loopback: /^127\./,
    advice: 'Phones that have IPv4 alone cannot come: give this machine an address if there are any.',
  },
  {
    name: 'IPv6',
    wildcard: '::',
    loopback: /^::1$/,
    advice: 'Phones that have IPv6 alone cannot come: give this machine an address if there are any.',
  },
] as const;
