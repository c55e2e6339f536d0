export type { ServerNames } from './authority.ts';
export { CERTIFICATE_FAULTS, CertificateFault, type CertificateFaultCode } from './certificate-fault.ts';
export { type CredentialMaterial, Credentials } from './credentials.ts';
export {
  type CertificateFiles,
  type KeyPair,
  keyPairOf,
  readAuthority,
  readCertificate,
  readKeyPair,
} from './key-pair.ts';
export { ensureOwnCertificates, type OwnCertificates, ownCertificateFiles } from './own-certificates.ts';
export { namesOf } from './peer-names.ts';
export {
  type CertificateSettings,
  checkCertificates,
  createServerCredentials,
  type ServerCredentials,
  type ServerCredentialsOptions,
} from './server-credentials.ts';
