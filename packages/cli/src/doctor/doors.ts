import { expandWildcard, ListenFault } from '@strowger/node';
import type { TransportListener } from '@strowger/sip/engine';
import { type Config, type Listen, printListen } from '../server-config.ts';
import { type Finding, findingOf, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';

/**
 * Whether every address of the configuration can be listened on, by doing so for an instant; not where the server that runs
 * here does it already.
 * @param taken where that one listens; undefined: unknown
 */
export async function doorFindings(
  machine: Pick<Machine, 'open' | 'interfaces'>,
  listen: Config['listen'],
  taken: readonly string[] | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const one of listen)
    findings.push(
      taken === undefined
        ? note('listen', `${printListen(one)} was not tried, because of the server above`)
        : await doorFinding(machine, one, taken),
    );
  return findings;
}

async function doorFinding(
  { open, interfaces }: Pick<Machine, 'open' | 'interfaces'>,
  listen: Listen,
  taken: readonly string[],
): Promise<Finding> {
  const hosts = expandWildcard(listen.host, interfaces);
  const isOurs = hosts.length > 0 && hosts.every((host) => taken.includes(printListen({ ...listen, host })));
  if (isOurs) return ok('listen', `${printListen(listen)} is open: the server that runs here`);
  try {
    // Certificates are looked at elsewhere: what is tried is the port.
    const protocol = listen.protocol === 'udp' ? 'udp' : 'tcp';
    const opened = await open({ ...listen, protocol }, DEAF);
    await Promise.all(opened.map((transport) => transport.close()));
    const count = hosts.length === 1 ? '' : ` on ${hosts.length} addresses`;
    return ok('listen', `${printListen(listen)} can be opened${count}`);
  } catch (error) {
    if (!(error instanceof ListenFault)) throw error;
    const { code, host, port, cause } = error;
    return findingOf('listen', 'fault', new ListenFault(code, listen.protocol, host, port, cause));
  }
}

const DEAF: TransportListener = {
  onDatagrams: () => undefined,
  onData: () => undefined,
  onConnected: () => undefined,
  onClosed: () => undefined,
  onFailed: () => undefined,
};
