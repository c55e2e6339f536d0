import type { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { CertificateFiles } from '@strowger/node/certificates';
import { certificateSettings, needsCertificates } from '../server-certificates.ts';
import type { Settings } from '../settings.ts';
import { type Finding, findingOf, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';

/** The certificates that a server with these settings would show. Without tls: and wss: it needs none. */
export async function certificateFindings(
  { unix }: Pick<Machine, 'unix'>,
  settings: Settings,
  folder: string,
): Promise<readonly Finding[]> {
  if (!needsCertificates(settings)) return [];
  const { readAuthority, readKeyPair } = await import('@strowger/node/certificates');
  const now = new Date(unix());
  const { certificate, key, ca, domains } = certificateSettings(settings, folder);
  const given = certificate === undefined || key === undefined ? undefined : { certificate, key };
  const pairs: readonly CertificateFiles[] = given === undefined ? domains : [given, ...domains];
  return [
    ...(given === undefined ? [await ownFinding(settings, now)] : []),
    ...pairs.map((files) => tried(() => givenFinding(files, readKeyPair(files, now).leaf, now))),
    ...ca.map((file) => tried(() => authorityFinding(file, readAuthority(file)))),
  ];
}

function givenFinding({ certificate }: CertificateFiles, { validToDate }: X509Certificate, now: Date): Finding {
  const days = Math.floor((validToDate.getTime() - now.getTime()) / DAY_MS);
  const found = `${certificate} is valid until ${dayOf(validToDate)}`;
  if (days >= SOON_DAYS) return ok(NAME, found);
  return note(NAME, `${found}, ${days === 1 ? '1 day' : `${days} days`} from now`, 'Renew it where it came from.');
}

const authorityFinding = (file: string, pem: string): Finding =>
  ok(NAME, `${file} holds ${pem.split('-----BEGIN CERTIFICATE').length === 2 ? 'an authority' : 'authorities'}`);

/** The server makes and renews its own; what is broken it makes anew, what it cannot read stops it. */
async function ownFinding({ data }: Settings, now: Date): Promise<Finding> {
  if (data.type === 'memory')
    return note(
      NAME,
      'made anew at each start, because the data are in memory',
      'Phones that were told to trust one will not trust the next: configure a folder.',
    );
  const { CertificateFault, ownCertificateFiles, readKeyPair } = await import('@strowger/node/certificates');
  const { server } = ownCertificateFiles(data.path);
  if (!existsSync(server.certificate)) return ok(NAME, 'the server makes one of its own at the first start');
  try {
    const { leaf } = readKeyPair(server, now);
    return ok(NAME, `${server.certificate} is valid until ${dayOf(leaf.validToDate)}, and the server renews it`);
  } catch (error) {
    if (!(error instanceof CertificateFault)) throw error;
    if (error.code === 'NODE_E_CERTIFICATE_MISSING' && existsSync(server.key)) return findingOf(NAME, 'fault', error);
    return note(NAME, findingOf(NAME, 'note', error).found, 'The server makes a new one when it starts.');
  }
}

function tried(look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && error.name === 'CertificateFault') return findingOf(NAME, 'fault', error);
    throw error;
  }
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

const NAME = 'certificate';
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
