import * as z from 'zod';
import { parseDomain } from './domain.ts';
import { choice, list, reading, text } from './fields.ts';
import { type Reading, refuse } from './reading.ts';

/** The keys for listeners with certificates, and for those that browsers speak to. */

const file = (what: string) => text(`the path of a PEM file with ${what}`, /^(?!\w+:\/\/)[^\0]+$/);

const DomainCertificateSchema = z
  .strictObject(
    {
      name: reading('a domain', parseDomain).meta({ description: 'One of domains; clients ask for it (SNI).' }),
      certificate: file('a certificate').meta({ description: 'As tls.certificate, for this domain.' }),
      key: file('a key').meta({ description: 'As tls.key, for this domain.' }),
    },
    { error: 'a certificate written as { name: …, certificate: …, key: … }' },
  )
  .readonly();

export const TlsSchema = z
  .strictObject(
    {
      certificate: file('a certificate').default('').meta({
        description:
          'The certificate with those between it and its root, relative to this file; left out, the server makes its own.',
      }),
      key: file('a key').default('').meta({ description: 'The key of the certificate, without a passphrase.' }),
      ca: list(file('certificates'), 'a list of PEM files such as [ca.pem]').meta({
        description:
          'Authorities to believe beside those of the system, and instead of them where clients show certificates.',
      }),
      clientCertificates: choice(['none', 'ask', 'require']).default('none').meta({
        description: 'Whether clients are asked for certificates, and turned away without a good one.',
      }),
      domains: list(
        DomainCertificateSchema,
        'a list of certificates such as [{ name: example.com, certificate: …, key: … }]',
      ).meta({ description: 'Certificates of their own for some domains.' }),
    },
    { error: 'settings written as { certificate: …, key: … }' },
  )
  .readonly();

export const WebSocketSchema = z
  .strictObject(
    {
      origins: list(
        reading('an origin such as https://phone.example.com', parseOrigin),
        'a list of origins such as [https://phone.example.com]',
      ).meta({
        description:
          'The pages whose scripts may connect; empty means all, since users prove who they are in any case.',
      }),
    },
    { error: 'settings written as { origins: … }' },
  )
  .readonly();

/** Reads what browsers send as Origin (RFC 6454 §6.1): scheme, host and, if it is not the usual one, port. In lower case. */
function parseOrigin(given: string): Reading<string> {
  const origin = given.toLowerCase();
  if (ORIGIN.test(origin)) return { value: origin };
  const [found] = /^https?:\/\/[^/]+(?=\/)/.exec(origin) ?? /^[\w.-]+(?::\d+)?$/.exec(origin) ?? [];
  const meant = found === undefined || found.includes('://') ? found : `https://${found}`;
  const hint = meant !== undefined && ORIGIN.test(meant) ? `did you mean ${meant}?` : undefined;
  return refuse('an origin such as https://phone.example.com', hint);
}

const ORIGIN = /^https?:\/\/(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;
