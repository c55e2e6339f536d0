import { effectiveValuesOf, valuesOf } from './attributes.ts';
import type { Media, Sdp } from './sdp.ts';

/** Who opens the connection, TCP's or that of DTLS (RFC 4145 §4, RFC 5763 §5). */
export type Setup = 'active' | 'passive' | 'actpass' | 'holdconn';

/** `a=fingerprint`: the hash of a certificate (RFC 8122 §5). */
export interface Fingerprint {
  /** In lower case: `sha-256`. */
  readonly hash: string;
  /** Bytes in upper-case hexadecimal with colons between them. */
  readonly value: string;
}

/** The `a=setup` that holds for a media section, its own or the session's; `undefined` for none or an unknown role. */
export function setupOf(sdp: Sdp, media: Media): Setup | undefined {
  const value = effectiveValuesOf(sdp, media, 'setup')[0]?.trim();
  return SETUPS.find((setup) => setup === value);
}

/** The fingerprints that hold for a media section, its own or the session's; several name certificates or hashes to choose from. */
export const fingerprintsOf = (sdp: Sdp, media: Media): readonly Fingerprint[] =>
  effectiveValuesOf(sdp, media, 'fingerprint').flatMap((value) => parseFingerprint(value) ?? []);

/**
 * The value of `a=fingerprint`; `undefined` where it has another form.
 *
 * LENIENT(RFC 8122 §5): some DTLS libraries print the bytes in lower case.
 */
export function parseFingerprint(value: string): Fingerprint | undefined {
  const [hash = '', bytes = '', ...rest] = value.trim().split(/[ \t]+/);
  if (rest.length > 0 || !/^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*$/.test(bytes)) return undefined;
  return { hash: hash.toLowerCase(), value: bytes.toUpperCase() };
}

/** The value of an `a=fingerprint` attribute. */
export const printFingerprint = ({ hash, value }: Fingerprint): string => `${hash} ${value}`;

/** The values of `a=crypto`, as written (RFC 4568 §4.1). They hold keys: not to be logged. */
export const cryptosOf = (media: Media): readonly string[] => valuesOf(media, 'crypto');

/** The values of `a=candidate`, as written (RFC 8839 §5.1). */
export const candidatesOf = (media: Media): readonly string[] => valuesOf(media, 'candidate');

const SETUPS: readonly Setup[] = ['active', 'passive', 'actpass', 'holdconn'];
