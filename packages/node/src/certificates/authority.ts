import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its key as texts. */
export interface PemPair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Whom a server certificate is for. */
export interface ServerNames {
  /** Each becomes `URI:sip:DOMAIN` and, unless it is an address, `DNS:DOMAIN` (RFC 5922 §6). */
  readonly domains: readonly string[];
  /** IP addresses without brackets. */
  readonly addresses: readonly string[];
}

/** Makes an authority that signs for nobody but this server. */
export async function createAuthority(name: string, now: Date): Promise<PemPair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [name] }],
    issuer: [{ CN: [name] }],
    notBefore: justBefore(now),
    notAfter: daysAfter(now, AUTHORITY_DAYS),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: certificate.toString('pem'), keyPem: await pemOf(keys.privateKey) };
}

/** Makes a certificate for a server, signed by an authority; for connections of either direction. */
export async function issueCertificate(authority: PemPair, names: ServerNames, now: Date): Promise<PemPair> {
  const issuer = new X509Certificate(authority.certificatePem);
  const signingKey = await keyOf(authority.keyPem);
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [commonNameOf(names)] }],
    issuer: issuer.subject,
    notBefore: justBefore(now),
    notAfter: daysAfter(now, SERVER_DAYS),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(altNamesOf(names)),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificatePem: certificate.toString('pem'), keyPem: await pemOf(keys.privateKey) };
}

function altNamesOf({ domains, addresses }: ServerNames) {
  const names = domains.filter((domain) => !isIp(domain));
  const all = [...new Set([...addresses, ...domains.filter(isIp)])];
  return [
    ...domains.map(
      (domain) => ({ type: 'url', value: `sip:${domain.includes(':') ? `[${domain}]` : domain}` }) as const,
    ),
    ...names.map((value) => ({ type: 'dns', value }) as const),
    ...all.map((value) => ({ type: 'ip', value }) as const),
  ];
}

/** A common name has 64 characters at most (RFC 5280, appendix A.1); nobody reads it where there are alternative names. */
const commonNameOf = ({ domains }: ServerNames): string => (domains[0] ?? 'strowger').slice(0, 64);

const isIp = (text: string): boolean => text.includes(':') || /^\d+(?:\.\d+){3}$/.test(text);

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  cryptoProvider.set(webcrypto);
  return await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), PemConverter.PrivateKeyTag)}\n`;
}

async function keyOf(pem: string): Promise<webcrypto.CryptoKey> {
  return await webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), KEY, false, ['sign']);
}

/** A positive number that nobody can guess (RFC 5280 §4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** Clocks of phones are late more often than early. */
const justBefore = (now: Date): Date => new Date(now.getTime() - 3_600_000);
const daysAfter = (now: Date, days: number): Date => new Date(now.getTime() + days * 86_400_000);

/** Small and cheap to sign with, and known to every phone that speaks TLS 1.2. */
const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const AUTHORITY_DAYS = 3_650;
/** Some systems refuse what lives longer than 825 days. */
const SERVER_DAYS = 800;
