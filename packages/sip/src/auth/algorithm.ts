import { isDigit, sameIgnoringCase } from '../text/chars.ts';
import type { HashAlgorithm } from './hash.ts';

/** The values of the `algorithm` parameter that the house computes (RFC 7616 §3.3, RFC 8760 §2.7). */
export type DigestAlgorithm = HashAlgorithm | `${HashAlgorithm}-sess`;

/** Every algorithm, the strongest first; a session form stands behind its plain form. */
export const algorithmsByStrength: readonly DigestAlgorithm[] = [
  'SHA-512-256',
  'SHA-512-256-sess',
  'SHA-256',
  'SHA-256-sess',
  'MD5',
  'MD5-sess',
];

/** The algorithm of a parameter's value: MD5 where there is no parameter, `undefined` for one that is not known. */
export function parseAlgorithm(text: string | undefined): DigestAlgorithm | undefined {
  if (text === undefined) return 'MD5';
  for (const algorithm of algorithmsByStrength) if (sameIgnoringCase(algorithm, text)) return algorithm;
  return undefined;
}

/** True for the `-sess` forms. */
export const isSessionAlgorithm = (algorithm: DigestAlgorithm): boolean => algorithm.endsWith('-sess');

/** The hash function of an algorithm. */
export function hashOf(algorithm: DigestAlgorithm): HashAlgorithm {
  if (algorithm === 'MD5-sess') return 'MD5';
  if (algorithm === 'SHA-256-sess') return 'SHA-256';
  return algorithm === 'SHA-512-256-sess' ? 'SHA-512-256' : algorithm;
}

/** How many hexadecimal digits a digest has: 32 for MD5, 64 for the others (RFC 7616 §3.2). */
export const digestLengthOf = (algorithm: DigestAlgorithm): number => (hashOf(algorithm) === 'MD5' ? 32 : 64);

/** True for a digest as the algorithm makes it: lower-case hexadecimal digits in the right number (RFC 7616 §3.2). */
export function isDigest(text: string, algorithm: DigestAlgorithm): boolean {
  if (text.length !== digestLengthOf(algorithm)) return false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (!isDigit(c) && !(c >= 97 && c <= 102)) return false;
  }
  return true;
}
