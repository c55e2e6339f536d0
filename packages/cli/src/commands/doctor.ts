import { toggle } from '../flag.ts';
import { outline } from '../outline.ts';
import { dataFlags } from '../settings.ts';

export const doctorFlags = { config: dataFlags.config, json: toggle('print JSON') };

/** Exit codes: 0 nothing stands in the way of the server, 1 something does. */
export const doctorOutline = outline({
  name: 'doctor',
  summary: 'Say what this machine gives the server, and what could be better',
  positionals: {},
  flags: doctorFlags,
  examples: [
    { line: 'doctor', does: 'prints a line per finding; exits with 1 when the server could not start' },
    { line: 'doctor --config strowger.yaml --json', does: 'looks at what this file needs, and prints JSON' },
  ],
});
