import type { X509Certificate } from 'node:crypto';
import type { CertificateNames } from '@strowger/sip/uri';

/** The names in a certificate that may say whose it is. */
export function namesOf(certificate: X509Certificate): CertificateNames {
  const altNames = certificate.subjectAltName;
  const all = altNames === undefined ? [] : splitAltNames(altNames);
  const valuesOf = (kind: string): string[] => all.filter((name) => name.kind === kind).map(({ value }) => value);
  return {
    altNames: altNames === undefined ? 'absent' : 'present',
    uris: valuesOf('URI'),
    dnsNames: valuesOf('DNS'),
    addresses: valuesOf('IP Address'),
    commonNames: commonNamesOf(certificate.subject),
  };
}

interface AltName {
  readonly kind: string;
  readonly value: string;
}

/** Node prints the names as `KIND:VALUE, KIND:VALUE`; a value that could be mistaken for more is a JSON string. */
function splitAltNames(text: string): readonly AltName[] {
  const names: AltName[] = [];
  for (const [, kind = '', quoted, plain = ''] of text.matchAll(ALT_NAME))
    names.push({ kind, value: quoted === undefined ? plain : unquoted(quoted) });
  return names;
}

/** A certificate is the work of a stranger: what cannot be read names nobody. */
function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}

/** Node prints a subject with one attribute a line, special characters escaped by a backslash; `undefined` for none at all. */
function commonNamesOf(subject: string | undefined): readonly string[] {
  return (subject ?? '')
    .split('\n')
    .filter((line) => line.startsWith('CN='))
    .map((line) => line.slice('CN='.length));
}

/** [1] kind, [2] value in quotes, [3] value without. One behind the other: what is none ends the list, and the time that it takes. */
const ALT_NAME = /([A-Za-z][A-Za-z0-9 ]*):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/gy;
