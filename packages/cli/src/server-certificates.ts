import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createOpener, expandWildcard, type Opener } from '@strowger/node';
import type { CertificateSettings, ServerCredentials, ServerNames } from '@strowger/node/certificates';
import { isEncrypted } from '@strowger/sip/uri';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** The certificates that a configuration names; a relative path is relative to its file. */
export function certificateSettings({ config, file }: Settings, folder: string): CertificateSettings {
  const at = (path: string): string => resolve(file === undefined ? folder : dirname(file), path);
  const { certificate, key, ca, domains } = config.tls;
  return {
    certificate: certificate === '' ? undefined : at(certificate),
    key: key === '' ? undefined : at(key),
    ca: ca.map(at),
    domains: domains.map((one) => ({ ...one, certificate: at(one.certificate), key: at(one.key) })),
  };
}

/** True when something is listened on that shows a certificate. */
export const needsCertificates = ({ config }: Settings): boolean =>
  config.listen.some(({ protocol }) => isEncrypted(protocol));

/**
 * The certificates for what a server listens on, made if need be; `undefined` where nothing needs one.
 * @throws CertificateFault (rejects)
 */
export async function openCertificates(
  settings: Settings,
  folder: string,
  domains: readonly string[],
): Promise<ServerCredentials | undefined> {
  if (!needsCertificates(settings)) return undefined;
  const { createServerCredentials } = await import('@strowger/node/certificates');
  return await createServerCredentials({
    settings: certificateSettings(settings, folder),
    data: settings.data.type === 'folder' ? settings.data.path : undefined,
    names: namesOf(settings, domains),
    now: () => new Date(),
  });
}

/** Opens what a configuration listens on, with its certificates. */
export const openerOf = ({ config }: Settings, certificates: ServerCredentials | undefined): Opener =>
  createOpener({
    ...(certificates === undefined ? {} : { credentials: certificates.credentials }),
    clientCertificates: config.tls.clientCertificates,
    origins: config.webSocket.origins,
    datagrams: config.datagrams,
  });

/**
 * Takes over new certificates while the server runs: when a file was replaced, at SIGHUP, and once a day to renew what the
 * server made for itself. Connections stay. Until the returned function is called.
 */
export function keepCertificates(certificates: ServerCredentials, log: Log): () => void {
  const { credentials } = certificates;
  const taken = async (load: () => Promise<void> | void): Promise<void> => {
    try {
      await load();
      log.info('certificates.loaded', { until: credentials.material.own.leaf.validToDate.toISOString() });
    } catch (error) {
      log.error('certificates.failed', { text: error instanceof Error ? error.message : String(error) });
    }
  };
  const reload = (): void => void taken(() => credentials.reload());
  const stopWatching = certificates.watch(reload);
  const daily = setInterval(() => void taken(() => certificates.renew()), DAY_MS);
  daily.unref();
  process.on('SIGHUP', reload);
  return () => {
    process.off('SIGHUP', reload);
    clearInterval(daily);
    stopWatching();
  };
}

/** True when the certificate that everybody is shown is for this host name or address. */
export function isNamedBy({ credentials }: ServerCredentials, host: string): boolean {
  const { leaf } = credentials.material.own;
  return (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined;
}

/** What a person should know of certificates that were just made. */
export function printMadeCertificates({ own }: ServerCredentials): readonly string[] {
  if (own === undefined || own.made === 'nothing') return [];
  if (own.made === 'certificate') return [`A new certificate was made: ${own.server.certificate}.`, ''];
  return [
    'For TLS the server made an authority of its own and a certificate. Phones trust it when they are given',
    `  ${own.authority.certificate}`,
    'as a trusted (CA) certificate; strowger cert show tells more.',
    '',
  ];
}

/** The domains and what is advertised; the addresses that are listened on, since phones are often given those. */
function namesOf({ config }: Settings, domains: readonly string[]): ServerNames {
  const listening = config.listen.filter(({ protocol }) => isEncrypted(protocol));
  const names = config.advertise.filter(({ kind }) => kind === 'name').map(({ host }) => host);
  const advertised = config.advertise.filter(({ kind }) => kind !== 'name').map(({ host }) => host);
  return {
    domains: [...new Set([...domains, ...names])],
    addresses: [...new Set([...listening.flatMap(({ host }) => expandWildcard(host)), ...advertised])],
  };
}

const DAY_MS = 86_400_000;
