import { isIP, isIPv6 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { Protocol } from '@strowger/sip/engine';
import { ListenFault } from './faults.ts';

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * The local addresses that a host to listen on stands for: a wildcard gives every address of its family, anything else
 * itself. One socket for each of them makes Via, Record-Route and the source of replies right by themselves.
 */
export function expandWildcard(host: string, interfaces: Interfaces = networkInterfaces()): readonly string[] {
  if (!isWildcard(host)) return [host];
  const family = isIPv6(host) ? 'IPv6' : 'IPv4';
  const found = new Set<string>();
  for (const addresses of Object.values(interfaces)) {
    for (const info of addresses ?? []) {
      if (info.family === family && !isLinkLocal6(info)) found.add(info.address);
    }
  }
  return [...found];
}

/** A socket is opened on one IP address, never on a name or a wildcard. @throws ListenFault */
export function requireOneAddress(protocol: Protocol, host: string, port: number): void {
  if (isWildcard(host)) throw new ListenFault('NODE_E_WILDCARD', protocol, host, port);
  if (isIP(host) === 0) throw new ListenFault('NODE_E_NOT_LOCAL', protocol, host, port);
}

/** True for 0.0.0.0 and every way to write `::`. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || (isIPv6(host) && /^[0:.]+$/.test(host));
}

/** A link-local IPv6 address is only complete with a zone (RFC 4007 §11), and a SIP message has no place for one. */
function isLinkLocal6(info: NetworkInterfaceInfo): boolean {
  return info.family === 'IPv6' && info.scopeid !== 0;
}
