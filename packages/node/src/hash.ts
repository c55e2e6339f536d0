import { hash } from 'node:crypto';
import type { Hash, HashAlgorithm } from '@strowger/sip/auth';

/** The hash functions of digest authentication, from OpenSSL, in one call each. */
export function createHash(): Hash {
  return (algorithm, data) => hash(OPENSSL_NAMES[algorithm], data, 'hex');
}

const OPENSSL_NAMES: Readonly<Record<HashAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};
