import { isHostName, parseIp } from './address.ts';
import type { Listen } from './listen.ts';
import { type Reading, refuse } from './reading.ts';

/** A public address for Via and Record-Route, where the one a socket is bound to means nothing to the peer. */
export interface Advertised {
  /** An IP address without brackets, or a host name. */
  readonly host: string;
  readonly kind: 'ip4' | 'ip6' | 'name';
  /** Undefined: the port of the listening address. */
  readonly port: number | undefined;
}

/** Reads `HOST` or `HOST:PORT`; an IPv6 address with a port stands in brackets. */
export function parseAdvertised(text: string): Reading<Advertised> {
  const bare = parseIp(text);
  const place = ADDRESS.exec(text);
  const host = bare === undefined ? (place?.[1] ?? place?.[2] ?? '') : text;
  const port = bare === undefined ? place?.[3] : undefined;
  const kind = kindOf(host);
  if (kind === undefined || (place?.[1] !== undefined && kind !== 'ip6')) return refuse(EXPECTED, hintFor(text));
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return refuse('a port from 1 to 65535');
  return { value: { host: host.toLowerCase(), kind, port: port === undefined ? undefined : Number(port) } };
}

/**
 * What a listening address calls itself: the advertised address of its family, else the advertised host name, else
 * undefined (its own address). An advertised port is that of UDP and TCP; the others keep the port that they listen on.
 */
export function advertisedFor(
  advertise: readonly Advertised[],
  listen: Listen,
): { readonly host: string; readonly port: number } | undefined {
  const family = listen.host.includes(':') ? 'ip6' : 'ip4';
  const found = advertise.find(({ kind }) => kind === family) ?? advertise.find(({ kind }) => kind === 'name');
  return found === undefined ? undefined : { host: found.host, port: advertisedPort(found, listen) };
}

/** The port that goes with an advertised address where `listen` is what is reached by it. */
export function advertisedPort({ port }: Advertised, listen: Listen): number {
  return listen.protocol === 'udp' || listen.protocol === 'tcp' ? (port ?? listen.port) : listen.port;
}

function kindOf(host: string): Advertised['kind'] | undefined {
  const ip = parseIp(host);
  if (ip !== undefined) return ip.family === 4 ? 'ip4' : 'ip6';
  return isHostName(host) ? 'name' : undefined;
}

function hintFor(text: string): string | undefined {
  const [, word] = /^(udp|tcp|sips?):/i.exec(text) ?? [];
  return word === undefined ? undefined : `leave ${word}: out; one address serves every protocol`;
}

const EXPECTED = 'a public address such as 203.0.113.5, [2001:db8::5]:5060 or sip.example.com';
/** [1] host in brackets, [2] host without, [3] port. */
const ADDRESS = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/;
