import { unwatchFile, watchFile } from 'node:fs';
import type { ServerNames } from './authority.ts';
import { Credentials } from './credentials.ts';
import { type CertificateFiles, keyPairOf, readAuthority, readKeyPair } from './key-pair.ts';
import { ensureOwnCertificates, makeOwnCertificates, type OwnCertificates } from './own-certificates.ts';

/** The key `tls` of a configuration, with paths that can be opened. */
export interface CertificateSettings {
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly ca: readonly string[];
  readonly domains: readonly (CertificateFiles & { readonly name: string })[];
}

export interface ServerCredentialsOptions {
  readonly settings: CertificateSettings;
  /** The data folder, where a server without a certificate keeps those that it makes; `undefined`: it keeps nothing. */
  readonly data: string | undefined;
  readonly names: ServerNames;
  readonly now: () => Date;
  /** How often files are looked at, for `watch`; two seconds when missing. */
  readonly lookMs?: number;
}

/** The certificates of a server, and where they come from. */
export interface ServerCredentials {
  readonly credentials: Credentials;
  /** `undefined` where the configuration names a certificate, or nothing is kept. */
  readonly own: OwnCertificates | undefined;
  /** Makes a new certificate if the server's own is about to end; what is in files is read again in any case. */
  renew(): Promise<void>;
  /** Calls `changed` some seconds after one of the files was replaced, until the returned function is called. */
  watch(changed: () => void): () => void;
}

/** @throws CertificateFault (rejects) */
export async function createServerCredentials(options: ServerCredentialsOptions): Promise<ServerCredentials> {
  const { settings, data, names, now } = options;
  const { certificate, key } = settings;
  if (certificate !== undefined && key !== undefined)
    return fromFiles({ certificate, key }, settings.ca, options, undefined);
  if (data === undefined) return await inMemory(options);
  const own = await ensureOwnCertificates(data, names, now(), 'due');
  return fromFiles(own.server, [...settings.ca, own.authority.certificate], options, own);
}

/** Reads and checks every file that the settings name, and nothing else. @throws CertificateFault */
export function checkCertificates({ certificate, key, ca, domains }: CertificateSettings, now: Date): void {
  if (certificate !== undefined && key !== undefined) readKeyPair({ certificate, key }, now);
  for (const pair of domains) readKeyPair(pair, now);
  for (const file of ca) readAuthority(file);
}

function fromFiles(
  files: CertificateFiles,
  authorities: readonly string[],
  { settings, data, names, now, lookMs = LOOK_MS }: ServerCredentialsOptions,
  own: OwnCertificates | undefined,
): ServerCredentials {
  const credentials = new Credentials(() => ({
    own: readKeyPair(files, now()),
    domains: new Map(settings.domains.map((pair) => [pair.name.toLowerCase(), readKeyPair(pair, now())])),
    authorities: authorities.map(readAuthority),
  }));
  const watched = [files, ...settings.domains].flatMap(({ certificate, key }) => [certificate, key]);
  return {
    credentials,
    own,
    renew: async () => {
      if (own !== undefined && data !== undefined) await ensureOwnCertificates(data, names, now(), 'due');
      credentials.reload();
    },
    watch: (changed) => watchAll([...watched, ...authorities], lookMs, changed),
  };
}

async function inMemory({
  settings,
  names,
  now,
  lookMs = LOOK_MS,
}: ServerCredentialsOptions): Promise<ServerCredentials> {
  let made = await makeOwnCertificates(names, now());
  const files = { certificate: 'the certificate in memory', key: 'the key in memory' };
  const pairs = settings.domains.flatMap(({ certificate, key }) => [certificate, key]);
  const credentials = new Credentials(() => ({
    own: keyPairOf(made.server.certificatePem, made.server.keyPem, files, now()),
    domains: new Map(settings.domains.map((pair) => [pair.name.toLowerCase(), readKeyPair(pair, now())])),
    authorities: [...settings.ca.map(readAuthority), made.authority.certificatePem],
  }));
  return {
    credentials,
    own: undefined,
    renew: async () => {
      made = await makeOwnCertificates(names, now());
      credentials.reload();
    },
    watch: (changed) => watchAll([...pairs, ...settings.ca], lookMs, changed),
  };
}

/** By looking at them every few seconds: programs that renew certificates exchange links as often as they write files. */
function watchAll(files: readonly string[], lookMs: number, changed: () => void): () => void {
  let waiting: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, lookMs / 4);
    waiting.unref(); // A certificate and its key do not change in the same instant.
  };
  for (const file of files) watchFile(file, { interval: lookMs, persistent: false }, soon);
  return () => {
    clearTimeout(waiting);
    for (const file of files) unwatchFile(file, soon);
  };
}

const LOOK_MS = 2_000;
