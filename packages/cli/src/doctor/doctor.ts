import { printFault } from '../server-config.ts';
import type { SettingsResult } from '../settings.ts';
import { certificateFindings } from './certificates.ts';
import { clockFindings } from './clock.ts';
import { dataFindings } from './data.ts';
import { bufferFinding, datagramFinding } from './datagrams.ts';
import { doorFindings } from './doors.ts';
import { type Finding, findingOf, ok } from './finding.ts';
import type { Machine } from './machine.ts';
import { addressFindings, nameServiceFinding } from './network.ts';
import { runningServer } from './running-server.ts';
import { coresFinding, memoryFinding, nodeFinding, openFilesFinding } from './runtime.ts';

/**
 * Everything that can be said of a machine, and of a configuration on it. With faults in the configuration, what hangs on it is
 * left out.
 * @param folder the working folder
 */
export async function examine(machine: Machine, result: SettingsResult, folder: string): Promise<readonly Finding[]> {
  const config = result.type === 'settings' ? result.settings.config : undefined;
  return [
    nodeFinding(machine),
    coresFinding(machine),
    memoryFinding(machine),
    ...openFilesFinding(machine),
    ...(await clockFindings(machine)),
    await datagramFinding(machine, config?.datagrams ?? 'auto'),
    ...(await bufferFinding(machine)),
    ...addressFindings(machine),
    ...(await configurationFindings(machine, result, folder)),
  ];
}

async function configurationFindings(
  machine: Machine,
  result: SettingsResult,
  folder: string,
): Promise<readonly Finding[]> {
  if (result.type === 'faults') return result.faults.map((one) => findingOf('configuration', 'fault', printFault(one)));
  const { settings } = result;
  const { config, data, file } = settings;
  const { finding, listening } = await runningServer(machine, settings);
  return [
    ok('configuration', file === undefined ? 'no file: the defaults are used' : `${file} is in order`),
    nameServiceFinding(machine, config.dns.servers),
    ...(await dataFindings(machine, data)),
    ...(await certificateFindings(machine, settings, folder)),
    finding,
    ...(await doorFindings(machine, config.listen, listening)),
  ];
}
