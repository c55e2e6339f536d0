import { readFileSync } from 'node:fs';
import type { Lab } from './lab.ts';
import { freePort, taken } from './port.ts';
import type { Account } from './server.ts';

/** A proxy and registrar of somebody else, at an address of its own. */
export interface Kamailio {
  readonly host: string;
  readonly port: number;
}

/** Somebody who has a telephone there, and needs no password. */
export const DAVE: Account = { name: 'dave', password: '', domain: 'kamailio.test' };

/** Linux has all of 127.0.0.0/8, so the neighbour and its phones can be told from our phones. */
export const KAMAILIO_HOST = '127.0.0.2';

/** Starts Kamailio over UDP; it sends what is not for `kamailio.test` to `nextHop`. */
export async function startKamailio(lab: Lab, nextHop: { host: string; port: number }): Promise<Kamailio> {
  const port = await freePort();
  const config = TEMPLATE.replaceAll('$HOST', KAMAILIO_HOST)
    .replaceAll('$PORT', `${port}`)
    .replaceAll('$NEXT_HOP', `${nextHop.host}:${nextHop.port}`);
  const file = lab.file('kamailio.cfg', config);
  // In the foreground, errors to standard error, with little memory.
  const child = lab.start('kamailio', ['-DD', '-E', '-f', file, '-Y', lab.folder, '-m', '32', '-M', '4']);
  await taken(port, () => child.hasEnded).catch((error) => {
    throw new Error(`${error}\n${child.tail()}`);
  });
  return { host: KAMAILIO_HOST, port };
}

const TEMPLATE = readFileSync(new URL('kamailio.cfg', import.meta.url), 'utf8');
