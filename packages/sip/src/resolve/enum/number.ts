import { unescapePart } from '../../uri/escape.ts';
import { tryParseUri, type Uri } from '../../uri/uri.ts';

/** A number of E.164 with its plus and nothing between its digits: the Application Unique String of RFC 6116 §3.1. */
export type E164 = `+${string}`;

/**
 * The number that a URI names: a global tel: URI, or a SIP URI whose user is `+` and digits. What has no plus may be a dialled
 * string, which is never asked for (RFC 6116 §3.7).
 */
export function e164Of(uri: Uri): E164 | undefined {
  if (uri.type === 'tel') return uri.global ? parseE164(uri.digits) : undefined;
  if (uri.type !== 'sip' || uri.user === undefined) return undefined;
  return parseE164(unescapePart(uri.user).split(';')[0] ?? '');
}

/** The number in a text: `+44 20 7946 0148` with the separators that people use, or a URI. */
export function parseE164(text: string): E164 | undefined {
  const digits = /^\+([\d\-.() ]{1,64})$/.exec(text.trim())?.[1]?.replaceAll(/\D/g, '');
  if (digits !== undefined) return digits.length > 0 && digits.length <= E164_DIGITS ? `+${digits}` : undefined;
  const uri = text.includes(':') ? tryParseUri(text) : undefined;
  return uri === undefined ? undefined : e164Of(uri);
}

/** `8.4.1.0.6.4.9.7.0.2.4.4.e164.arpa` (RFC 6116 §3.2). */
export const enumDomainOf = (number: E164, suffix: string): string =>
  `${[...number.slice(1)].reverse().join('.')}.${suffix}`;

/** Where the numbers of the world are (RFC 6116 §3.2). */
export const ENUM_SUFFIX = 'e164.arpa';

/** ITU-T E.164 §6. */
const E164_DIGITS = 15;
