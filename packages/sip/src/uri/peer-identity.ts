import { canonicalHost } from './host.ts';
import { bracketed, isAddress } from './transport.ts';
import { tryParseUri } from './uri.ts';

/** The names in a certificate, as they stand in it. */
export interface CertificateNames {
  /** Whether the certificate has alternative names of any kind; where it has, its common names count for nothing. */
  readonly altNames: 'present' | 'absent';
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  /** IP addresses without brackets. */
  readonly addresses: readonly string[];
  readonly commonNames: readonly string[];
}

/**
 * The SIP domains that a certificate stands for (RFC 5922 §7.1): the hosts of its sip: URIs without a user; its DNS names
 * where there is no such URI; its common names where it has no alternative names at all. In lower case.
 */
export function domainsOf(names: CertificateNames): readonly string[] {
  const byUri = names.uris.map(domainOfUri).filter((domain) => domain !== undefined);
  if (byUri.length > 0) return [...new Set(byUri)];
  const others = names.altNames === 'present' ? names.dnsNames : names.commonNames.filter(isDomainName);
  return [...new Set(others.map(canonicalDomain))];
}

/**
 * Whether a certificate proves `expected`: the domain or address of the URI that was looked for (RFC 5922 §7.2, §7.3). Names are
 * compared whole and without regard to case; a wildcard stands for nothing but itself.
 */
export function isProvedBy(names: CertificateNames, expected: string): boolean {
  const wanted = canonicalDomain(expected);
  // DEVIATION(RFC 5922 §7.1): whoever writes an address into a URI also finds it among the addresses of the certificate.
  if (isAddress(wanted) && names.addresses.some((address) => canonicalDomain(address) === wanted)) return true;
  return domainsOf(names).includes(wanted);
}

/** The sentence for a certificate that does not prove what it should; `undefined` for one that does. */
export function provedFault(names: CertificateNames, expected: string): string | undefined {
  if (isProvedBy(names, expected)) return undefined;
  const found = [...domainsOf(names), ...names.addresses.map((address) => canonicalDomain(address))];
  const what = found.length === 0 ? 'no SIP identity' : [...new Set(found)].join(', ');
  return `expected a certificate for ${canonicalDomain(expected)}, found one for ${what}`;
}

function domainOfUri(text: string): string | undefined {
  const uri = tryParseUri(text);
  return uri?.type === 'sip' && !uri.secure && uri.user === undefined ? canonicalDomain(uri.host) : undefined;
}

/** RFC 4343: case is nothing. The dot of an absolute name is nothing either. */
function canonicalDomain(text: string): string {
  const lower = text.toLowerCase().replace(/\.$/, '');
  return lower.includes(':') ? canonicalHost(bracketed(lower)) : lower;
}

/** A common name may be anything, such as the name of a person. */
const isDomainName = (text: string): boolean => /^[a-z0-9*_-]+(?:\.[a-z0-9_-]+)*\.?$/i.test(text);
