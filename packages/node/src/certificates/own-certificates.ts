import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalHost } from '@strowger/sip/uri';
import { makeOwnFolder } from '../own-folder.ts';
import type { PemPair, ServerNames } from './authority.ts';
import { CertificateFault } from './certificate-fault.ts';
import { type CertificateFiles, keyPairOf } from './key-pair.ts';
import { namesOf } from './peer-names.ts';

/** The certificates that a server makes for itself, in its data folder. */
export interface OwnCertificates {
  readonly server: CertificateFiles;
  /** Phones that are given its certificate trust the server, also after a renewal. */
  readonly authority: CertificateFiles;
  /** What was made just now. */
  readonly made: 'everything' | 'certificate' | 'nothing';
}

/** Where the certificates of a data folder are, whether they were made or not. */
export function ownCertificateFiles(data: string): Pick<OwnCertificates, 'server' | 'authority'> {
  const pair = (name: string): CertificateFiles => ({
    certificate: join(data, FOLDER, `${name}.pem`),
    key: join(data, FOLDER, `${name}.key`),
  });
  return { server: pair('server'), authority: pair('authority') };
}

/**
 * Makes what is missing, what is about to end, and what does not name the server as it is now; with `forced` a new
 * certificate in any case. The authority stays as long as it lives.
 * @throws CertificateFault (rejects)
 */
export async function ensureOwnCertificates(
  data: string,
  names: ServerNames,
  now: Date,
  when: 'due' | 'forced',
): Promise<OwnCertificates> {
  const files = ownCertificateFiles(data);
  const known = readPair(files.authority);
  const authority = known !== undefined && isFresh(known, now) ? known : undefined;
  if (when === 'due' && authority !== undefined && isCurrent(readPair(files.server), authority, names, now))
    return { ...files, made: 'nothing' };
  const { createAuthority, issueCertificate } = await import('./authority.ts');
  const signer = authority ?? (await createAuthority(authorityName(names), now));
  const server = await issueCertificate(signer, names, now);
  makeCertificateFolder(join(data, FOLDER));
  if (authority === undefined) writePair(files.authority, signer);
  writePair(files.server, server);
  return { ...files, made: authority === undefined ? 'everything' : 'certificate' };
}

/** The same for a server that keeps nothing. */
export async function makeOwnCertificates(
  names: ServerNames,
  now: Date,
): Promise<{ readonly server: PemPair; readonly authority: PemPair }> {
  const { createAuthority, issueCertificate } = await import('./authority.ts');
  const authority = await createAuthority(authorityName(names), now);
  return { authority, server: await issueCertificate(authority, names, now) };
}

const authorityName = ({ domains }: ServerNames): string => `Strowger at ${domains[0] ?? 'home'}`.slice(0, 64);

/** What is there and belongs together; anything else is made anew. */
function readPair(files: CertificateFiles): PemPair | undefined {
  if (!existsSync(files.certificate) || !existsSync(files.key)) return undefined;
  try {
    return { certificatePem: readFileSync(files.certificate, 'utf8'), keyPem: readFileSync(files.key, 'utf8') };
  } catch (error) {
    throw unwritable(files.certificate, 'read', error);
  }
}

function isCurrent(pair: PemPair | undefined, authority: PemPair, names: ServerNames, now: Date): boolean {
  if (pair === undefined || !isFresh(pair, now)) return false;
  const leaf = new X509Certificate(pair.certificatePem);
  if (!leaf.checkIssued(new X509Certificate(authority.certificatePem))) return false;
  const found = namesOf(leaf);
  const addresses = new Set(found.addresses.map(canonicalAddress));
  return (
    names.domains.every((domain) => found.uris.includes(`sip:${domain.includes(':') ? `[${domain}]` : domain}`)) &&
    names.addresses.every((address) => addresses.has(canonicalAddress(address)))
  );
}

function isFresh({ certificatePem, keyPem }: PemPair, now: Date): boolean {
  const files = { certificate: '', key: '' };
  try {
    return keyPairOf(certificatePem, keyPem, files, now).leaf.validToDate.getTime() - now.getTime() > RENEWAL_MS;
  } catch (fault) {
    if (fault instanceof CertificateFault) return false;
    throw fault;
  }
}

function writePair(files: CertificateFiles, { certificatePem, keyPem }: PemPair): void {
  // The key first: whoever sees the new certificate finds its key.
  writeOwn(files.key, keyPem);
  writeOwn(files.certificate, certificatePem);
}

/** For the owner only, and never half written. */
function writeOwn(file: string, text: string): void {
  try {
    writeFileSync(`${file}.new`, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600); // It may have been left there by somebody else's hand.
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw unwritable(file, 'written', error);
  }
}

function makeCertificateFolder(folder: string): void {
  const failure = makeOwnFolder(folder);
  if (failure !== undefined) throw unwritable(folder, 'made', failure.cause, failure.why);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

function unwritable(file: string, verb: string, error: unknown, why = codeOf(error)): CertificateFault {
  return new CertificateFault('NODE_E_CERTIFICATE_UNWRITABLE', file, `${file} cannot be ${verb} (${why}).`, error);
}

const canonicalAddress = (address: string): string => canonicalHost(address.includes(':') ? `[${address}]` : address);

const FOLDER = 'certificates';
const RENEWAL_MS = 30 * 86_400_000;
