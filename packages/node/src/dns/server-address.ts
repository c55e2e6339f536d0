import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import { addressText } from '../faults.ts';

/** Where a name server is. */
export interface ServerAddress {
  /** An IP address without brackets; of a link-local one the zone belongs to it. */
  readonly host: string;
  readonly port: number;
}

/** Reads `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`; `undefined` for anything else. */
export function parseServerAddress(text: string): ServerAddress | undefined {
  if (isIP(text) !== 0) return { host: text, port: DNS_PORT };
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[1] ?? found?.[2] ?? '';
  const port = Number(found?.[3] ?? DNS_PORT);
  return isIP(host) !== 0 && port > 0 && port < 65_536 ? { host, port } : undefined;
}

/** The name servers of this machine; a new resolver of the system library reads them from its configuration. */
export const systemServers = (): readonly ServerAddress[] =>
  new Resolver().getServers().flatMap((text) => parseServerAddress(text) ?? []);

/** `192.0.2.1:53`. */
export const printServer = ({ host, port }: ServerAddress): string => addressText(host, port);

const DNS_PORT = 53;
