import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** The paths of a certificate and its key, PEM both. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates that last as long as a test. */
export interface Authority {
  /** The path of its own certificate. */
  readonly certificate: string;
  /** @param altNames as OpenSSL writes them: `DNS:example.test`, `URI:sip:example.test`, `IP:127.0.0.1` */
  issue(name: string, ...altNames: readonly string[]): Certificate;
}

/** Makes an authority with OpenSSL, which has no code in common with the server under test. */
export function createAuthority(lab: Lab, name = 'authority'): Authority {
  const own = make(lab, name, '-addext', 'basicConstraints=critical,CA:true');
  return {
    certificate: own.certificate,
    issue: (subject, ...altNames) =>
      make(lab, subject, ...['-CA', own.certificate, '-CAkey', own.key], ...LEAF, '-addext', altNamesLine(altNames)),
  };
}

/** Both in one file, as baresip wants it. */
export const pairFile = (lab: Lab, { certificate, key }: Certificate): string =>
  lab.file('pair.pem', [certificate, key].map((path) => readFileSync(path, 'utf8')).join(''));

function make(lab: Lab, name: string, ...args: readonly string[]): Certificate {
  const files = { certificate: join(lab.folder, `${name}.pem`), key: join(lab.folder, `${name}.key`) };
  const written = ['-keyout', files.key, '-out', files.certificate];
  execFileSync('openssl', ['req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...KEY, ...written, ...args], {
    stdio: 'pipe',
  });
  return files;
}

const altNamesLine = (altNames: readonly string[]): string => `subjectAltName=${altNames.join(',')}`;

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const LEAF = [
  ...['-addext', 'basicConstraints=critical,CA:false'],
  ...['-addext', 'extendedKeyUsage=serverAuth,clientAuth'],
];
