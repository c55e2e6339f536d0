import { withSentences } from './command-fault.ts';
import { type Administration, openAdministration, type Purpose } from './control-client.ts';
import { EXIT } from './exit.ts';
import { printFaults } from './fault-lines.ts';
import type { Io } from './io.ts';
import { type SettingsFlags, settingsOf } from './settings.ts';

/** Runs the work of a command on the data of the settings; what goes wrong is told in sentences. */
export async function withAdministration(
  command: string,
  purpose: Purpose,
  flags: Pick<SettingsFlags, 'config' | 'data'>,
  io: Io,
  work: (administration: Administration) => Promise<void>,
): Promise<number> {
  const { config, data } = flags;
  const result = await settingsOf({ config, data }, io.folder, io.readFile);
  if (result.type === 'faults') {
    printFaults(result.faults, io);
    return EXIT.usage;
  }
  return await withSentences(command, io, async () => {
    const administration = openAdministration(result.settings, purpose, io.folder);
    try {
      await work(administration);
      return EXIT.ok;
    } finally {
      await administration.close();
    }
  });
}
