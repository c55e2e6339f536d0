import { examine } from '../doctor/doctor.ts';
import { printFindings } from '../doctor/finding.ts';
import type { Machine } from '../doctor/machine.ts';
import { thisMachine } from '../doctor/this-machine.ts';
import { EXIT } from '../exit.ts';
import { painterOf } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { settingsOf } from '../settings.ts';
import type { doctorOutline } from './doctor.ts';

export const runDoctor = doctorBody(thisMachine);

/** The body for a machine. */
export function doctorBody(machineFor: (folder: string) => Machine) {
  return async ({ flags, io }: InputOf<typeof doctorOutline>): Promise<number> => {
    const settings = await settingsOf({ config: flags.config }, io.folder, io.readFile);
    const findings = await examine(machineFor(io.folder), settings, io.folder);
    if (flags.json) io.out(JSON.stringify(findings, undefined, 2));
    else for (const line of printFindings(findings, painterOf(io, 'out'))) io.out(line);
    return findings.some(({ state }) => state === 'fault') ? EXIT.usage : EXIT.ok;
  };
}
