import { createAuthority, issueCertificate, type PemPair, type ServerNames } from '../src/certificates/authority.ts';
import { Credentials } from '../src/certificates/credentials.ts';
import { type KeyPair, keyPairOf } from '../src/certificates/key-pair.ts';

/** An authority made for one run of tests, and certificates of it. */
export interface SampleAuthority {
  readonly pem: PemPair;
  issue(names: Partial<ServerNames>): Promise<KeyPair>;
  /** Credentials that show one certificate, others by domain, and believe this authority. */
  credentials(own: KeyPair, domains?: ReadonlyMap<string, KeyPair>): Credentials;
}

export async function createSampleAuthority(): Promise<SampleAuthority> {
  const now = new Date();
  const pem = await createAuthority('Authority of a test', now);
  const files = { certificate: 'a test', key: 'a test' };
  return {
    pem,
    issue: async ({ domains = [], addresses = [] }) => {
      const made = await issueCertificate(pem, { domains, addresses }, now);
      return keyPairOf(made.certificatePem, made.keyPem, files, now);
    },
    credentials: (own, domains = new Map()) =>
      new Credentials(() => ({ own, domains, authorities: [pem.certificatePem] })),
  };
}
