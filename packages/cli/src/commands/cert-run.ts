import type { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { CertificateFiles } from '@strowger/node/certificates';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import { printFaults } from '../fault-lines.ts';
import type { Io } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { certificateSettings } from '../server-certificates.ts';
import { type Settings, settingsOf } from '../settings.ts';
import { printable } from '../table.ts';
import type { certRenewOutline, certShowOutline } from './cert.ts';

export async function runCertShow({ flags, io }: InputOf<typeof certShowOutline>): Promise<number> {
  return await withSettings('cert show', flags, io, async (settings) => {
    const { readKeyPair } = await import('@strowger/node/certificates');
    const { placed, phones } = await placedCertificates(settings, io.folder);
    const shown = placed.map(({ what, files }) => shownOf(what, files, readKeyPair(files, new Date()).leaf));
    if (flags.json) io.out(JSON.stringify({ certificates: shown }, undefined, 2));
    else for (const line of [...shown.flatMap(printShown), ...phones]) io.out(line);
  });
}

export async function runCertRenew({ flags, io }: InputOf<typeof certRenewOutline>): Promise<number> {
  return await withSettings('cert renew', flags, io, async (settings) => {
    const { ensureOwnCertificates, namesOf, ownCertificateFiles, readCertificate } = await import(
      '@strowger/node/certificates'
    );
    const data = ownFolder(settings);
    const { certificate } = ownCertificateFiles(data).server;
    if (!existsSync(certificate)) throw noneYet(data);
    const { uris, addresses } = namesOf(readCertificate(certificate));
    const domains = uris.map((uri) => uri.slice('sip:'.length).replace(/^\[(.*)\]$/, '$1'));
    await ensureOwnCertificates(data, { domains, addresses }, new Date(), 'forced');
    io.out(`${certificate} is new. A running server takes it within seconds.`);
  });
}

async function withSettings(
  command: string,
  flags: { readonly config?: string | undefined; readonly data?: string | undefined },
  io: Io,
  work: (settings: Settings) => Promise<void>,
): Promise<number> {
  const result = await settingsOf({ config: flags.config, data: flags.data }, io.folder, io.readFile);
  if (result.type === 'faults') {
    printFaults(result.faults, io);
    return EXIT.usage;
  }
  return await withSentences(command, io, async () => {
    await work(result.settings);
    return EXIT.ok;
  });
}

interface Placed {
  readonly what: string;
  readonly files: CertificateFiles;
}

/** The certificates in the order that they matter, and what a person has to do with them. */
async function placedCertificates(
  settings: Settings,
  folder: string,
): Promise<{ readonly placed: readonly Placed[]; readonly phones: readonly string[] }> {
  const { certificate, key, domains } = certificateSettings(settings, folder);
  const others = domains.map(({ name, ...files }) => ({ what: `for ${name}`, files }));
  if (certificate !== undefined && key !== undefined)
    return { placed: [{ what: 'of the server', files: { certificate, key } }, ...others], phones: [] };
  const data = ownFolder(settings);
  const { ownCertificateFiles } = await import('@strowger/node/certificates');
  const own = ownCertificateFiles(data);
  if (!existsSync(own.server.certificate)) throw noneYet(data);
  return {
    placed: [
      { what: 'of the server', files: own.server },
      ...others,
      { what: 'of its authority', files: own.authority },
    ],
    phones: [
      `Give phones ${own.authority.certificate} as a trusted (CA) certificate.`,
      'Never give away the files that end in .key.',
    ],
  };
}

interface Shown {
  readonly what: string;
  readonly certificate: string;
  readonly key: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
}

const shownOf = (what: string, files: CertificateFiles, leaf: X509Certificate): Shown => ({
  what,
  certificate: files.certificate,
  key: files.key,
  subject: oneLine(leaf.subject),
  issuer: oneLine(leaf.issuer),
  names: leaf.subjectAltName?.split(', ') ?? [],
  validFrom: leaf.validFromDate.toISOString(),
  validTo: leaf.validToDate.toISOString(),
  sha256: leaf.fingerprint256,
});

function printShown({ what, certificate, key, subject, issuer, names, validFrom, validTo, sha256 }: Shown): string[] {
  const rows = [
    ['file', certificate],
    ['key', key],
    ['subject', subject],
    ['issuer', issuer],
    ...(names.length === 0 ? [] : [['names', names.join(', ')]]),
    ['valid', `${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`],
    ['SHA-256', sha256],
  ];
  return [
    `Certificate ${what}`,
    ...rows.map(([name = '', value = '']) => `  ${name.padEnd(8)} ${printable(value)}`),
    '',
  ];
}

/** Where the server keeps what it makes for itself. */
function ownFolder({ config, data }: Settings): string {
  if (config.tls.certificate !== '')
    throw new CommandFault(`the certificate ${config.tls.certificate} comes from elsewhere; renew it there.`);
  if (data.type === 'memory')
    throw new CommandFault('a server whose data is in memory makes a new certificate each time.');
  return data.path;
}

const noneYet = (data: string): CommandFault =>
  new CommandFault(`there is no certificate in ${data} yet; strowger serve makes one when it listens on tls: or wss:.`);

const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ');
