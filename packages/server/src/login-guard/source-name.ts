import { Source } from '../guard/source.ts';

/** One text for everything that one subscriber has: an IPv4 address, or the /64 of an IPv6 address (RFC 6177 §2). */
export function sourceNameOf(host: string): string {
  if (!host.includes(':')) return host;
  return source.read(host) ? `${source.high}:${source.low}` : host;
}

const source = new Source();
