/** Why certificates cannot be used. Codes are stable; the reference page is printed from this table. */
export const CERTIFICATE_FAULTS = {
  NODE_E_CERTIFICATE_MISSING: 'A file of a certificate, a key or an authority is not there or cannot be read.',
  NODE_E_CERTIFICATE_BROKEN: 'A file does not hold what it should, in PEM.',
  NODE_E_CERTIFICATE_KEY: 'A key is not the one that the certificate was made for.',
  NODE_E_CERTIFICATE_TIME: 'A certificate is no longer valid, or not yet.',
  NODE_E_CERTIFICATE_UNWRITABLE: 'The certificates that the server makes for itself cannot be stored.',
} as const;

export type CertificateFaultCode = keyof typeof CERTIFICATE_FAULTS;

/** A certificate that cannot be used. The message names the file, the cause and the cure. */
export class CertificateFault extends Error {
  readonly code: CertificateFaultCode;
  readonly file: string;
  constructor(code: CertificateFaultCode, file: string, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'CertificateFault';
    this.code = code;
    this.file = file;
  }
}
