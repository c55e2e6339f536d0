import { isHostName, parseIp } from './address.ts';
import { type Reading, refuse } from './reading.ts';

/** Reads the host part of the addresses a server is responsible for, in lower case as URIs compare it (RFC 3261 §19.1.4). */
export function parseDomain(text: string): Reading<string> {
  const domain = text.toLowerCase();
  if (isHostName(domain) || parseIp(domain)?.family === 4) return { value: domain };
  if (domain.startsWith('[') && domain.endsWith(']') && parseIp(domain.slice(1, -1))?.family === 6) {
    return { value: domain };
  }
  return refuse('a domain such as example.com, or an IP address', hintFor(domain));
}

function hintFor(domain: string): string | undefined {
  if (parseIp(domain)?.family === 6) return `an IPv6 address needs brackets here: "[${domain}]"`;
  if (/^sips?:/.test(domain)) return 'leave the scheme out';
  if (domain.endsWith('.')) return 'leave the final dot out';
  if (domain.includes('@')) return 'leave the user name out';
  if (/:\d+$/.test(domain)) return 'leave the port out; ports belong to listen';
  return undefined;
}
