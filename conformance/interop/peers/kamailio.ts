import { readFileSync } from 'node:fs';
import type { Certificate } from './authority.ts';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { freePort, taken } from './port.ts';
import type { Account } from './server.ts';

/** A proxy and registrar of somebody else, at an address of its own. */
export interface Kamailio {
  readonly host: string;
  /** For UDP. */
  readonly port: number;
  readonly child: Child;
}

/** How it speaks TLS: its certificate, and the one authority whose certificates it asks for and believes. */
export interface KamailioTls extends Certificate {
  readonly port: number;
  readonly ca: string;
}

/** Somebody who has a telephone there, and needs no password. */
export const DAVE: Account = { name: 'dave', password: '', domain: 'kamailio.test' };

/** Linux has all of 127.0.0.0/8, so the neighbour and its phones can be told from our phones. */
export const KAMAILIO_HOST = '127.0.0.2';

/** Starts Kamailio; it sends what is not for `kamailio.test` to the URI `nextHop`. It speaks UDP, and TLS where `tls` is given. */
export async function startKamailio(lab: Lab, nextHop: string, tls?: KamailioTls): Promise<Kamailio> {
  const port = await freePort();
  const config = TEMPLATE.replaceAll('$STREAMS', tls === undefined ? 'disable_tcp=yes' : tlsLines(tls))
    .replaceAll('$HOST', KAMAILIO_HOST)
    .replaceAll('$PORT', `${port}`)
    .replaceAll('$NEXT_HOP', nextHop);
  const file = lab.file('kamailio.cfg', config);
  // In the foreground, errors to standard error, with little memory.
  const child = lab.start('kamailio', ['-DD', '-E', '-f', file, '-Y', lab.folder, '-m', '32', '-M', '4']);
  await taken(port, () => child.hasEnded).catch((error) => {
    throw new Error(`${error}\n${child.tail()}`);
  });
  return { host: KAMAILIO_HOST, port, child };
}

const tlsLines = ({ port, certificate, key, ca }: KamailioTls): string => `
enable_tls=yes
tcp_children=1
listen=tls:$HOST:${port}
loadmodule "tls.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "certificate", "${certificate}")
modparam("tls", "private_key", "${key}")
modparam("tls", "ca_list", "${ca}")
modparam("tls", "verify_certificate", 1)
modparam("tls", "require_certificate", 1)
`;

const TEMPLATE = readFileSync(new URL('kamailio.cfg', import.meta.url), 'utf8');
