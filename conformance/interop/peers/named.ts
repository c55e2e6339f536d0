import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { freePort } from './port.ts';

/** BIND as the name server of a few zones. */
export interface Named {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Gives a zone these records instead and waits until they are answered with. */
  change(zone: string, records: readonly string[]): Promise<void>;
}

/** Starts BIND with zones by name, each a list of records; a name without a dot at its end is below the zone, `@` is the zone. */
export async function startNamed(lab: Lab, zones: Readonly<Record<string, readonly string[]>>): Promise<Named> {
  const port = await freePort();
  let serial = 1;
  const write = (zone: string, records: readonly string[]): void => {
    lab.file(`${zone}.zone`, [...headOf(serial), ...records, ''].join('\n'));
  };
  for (const [zone, records] of Object.entries(zones)) write(zone, records);
  const pidFile = join(lab.folder, 'named.pid');
  const config = lab.file('named.conf', configOf(lab.folder, port, pidFile, Object.keys(zones)));
  const child = lab.start('/usr/sbin/named', ['-g', '-n', '1', '-c', config]);
  await child.line(/ running$/, START_MS);
  return {
    address: `127.0.0.1:${port}`,
    change: async (zone, records) => {
      serial += 1;
      write(zone, records);
      process.kill(Number(readFileSync(pidFile, 'latin1')), 'SIGHUP');
      await child.line(new RegExp(`zone ${zone}/IN: loaded serial ${serial}$`), START_MS);
    },
  };
}

const headOf = (serial: number): readonly string[] => [
  `$TTL ${TTL_SECONDS}`,
  `@ SOA ns hostmaster ${serial} 3600 600 86400 ${TTL_SECONDS}`,
  '@ NS ns',
  'ns A 127.0.0.1',
];

/** Nothing but these zones: no control channel, no other server is asked. */
const configOf = (folder: string, port: number, pidFile: string, zones: readonly string[]): string =>
  [
    `options {`,
    `  directory "${folder}"; pid-file "${pidFile}"; session-keyfile none;`,
    `  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };`,
    `  recursion no; dnssec-validation no; notify no; minimal-responses yes;`,
    `};`,
    `controls { };`,
    ...zones.map((zone) => `zone "${zone}" { type primary; file "${zone}.zone"; };`),
    '',
  ].join('\n');

/** Of all records. */
export const TTL_SECONDS = 5;
const START_MS = 10_000;
