import type { Lab } from './lab.ts';
import { STROWGER } from './server.ts';

/** Runs one command of ours to its end. */
export async function strowger(
  lab: Lab,
  ...args: readonly string[]
): Promise<{ readonly end: number | string; readonly text: string }> {
  const child = lab.start(process.execPath, [STROWGER, ...args]);
  const end = await child.exit(DEADLINE_MS);
  return { end, text: child.lines.join('\n') };
}

const DEADLINE_MS = 20_000;
