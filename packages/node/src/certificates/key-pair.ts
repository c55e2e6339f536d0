import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CertificateFault } from './certificate-fault.ts';

/** Where a certificate and its key are. */
export interface CertificateFiles {
  /** PEM: the certificate, and behind it those between it and a root, if there are any. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

/** A certificate with its key, read and found to belong together. */
export interface KeyPair {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly leaf: X509Certificate;
}

/** Reads and checks a certificate and its key. @throws CertificateFault */
export function readKeyPair(files: CertificateFiles, now: Date): KeyPair {
  return keyPairOf(readPem(files.certificate, 'certificate'), readPem(files.key, 'key'), files, now);
}

/** The same of texts; `files` are what faults call them. @throws CertificateFault */
export function keyPairOf(certificatePem: string, keyPem: string, files: CertificateFiles, now: Date): KeyPair {
  const leaf = parse(() => new X509Certificate(certificatePem), files.certificate, 'certificate');
  const key: KeyObject = parse(() => createPrivateKey(keyPem), files.key, 'key');
  if (!leaf.checkPrivateKey(key))
    throw new CertificateFault(
      'NODE_E_CERTIFICATE_KEY',
      files.key,
      `the key ${files.key} does not belong to the certificate ${files.certificate}. Give the key that the certificate was asked for with.`,
    );
  const [from, to] = [leaf.validFromDate, leaf.validToDate];
  if (now > to) throw timeFault(files.certificate, `ended on ${dayOf(to)}. Renew it.`);
  if (now < from) throw timeFault(files.certificate, `begins on ${dayOf(from)}. Is the clock of this machine right?`);
  return { certificatePem, keyPem, leaf };
}

/** Reads a certificate, whatever its validity. @throws CertificateFault */
export const readCertificate = (file: string): X509Certificate =>
  parse(() => new X509Certificate(readPem(file, 'certificate')), file, 'certificate');

/** Reads the certificates of an authority: one file may hold several. @throws CertificateFault */
export function readAuthority(file: string): string {
  const pem = readPem(file, 'certificate');
  parse(() => new X509Certificate(pem), file, 'certificate');
  return pem;
}

/** The day of an instant: `2027-01-31`. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = READ_ERRORS[code] ?? `cannot be read (${code})`;
    throw new CertificateFault('NODE_E_CERTIFICATE_MISSING', file, `the ${what} file ${file} ${why}.`, error);
  }
}

function parse<T>(read: () => T, file: string, what: 'certificate' | 'key'): T {
  try {
    return read();
  } catch (error) {
    const wanted = what === 'key' ? 'private key without a passphrase' : 'certificate';
    const sentence = `${file} holds no ${wanted} in PEM (-----BEGIN …-----).`;
    throw new CertificateFault('NODE_E_CERTIFICATE_BROKEN', file, sentence, error);
  }
}

const timeFault = (file: string, how: string): CertificateFault =>
  new CertificateFault('NODE_E_CERTIFICATE_TIME', file, `the validity of the certificate ${file} ${how}`);

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
};
