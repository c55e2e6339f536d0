import { type Io, painterOf } from './io.ts';
import { type ConfigFault, printFault } from './server-config.ts';

/** Prints the faults of a configuration, a line each, and how many there are. */
export function printFaults(faults: readonly ConfigFault[], io: Io): void {
  const paint = painterOf(io, 'err');
  for (const fault of faults) io.err(printFault(fault));
  io.err(paint('red', faults.length === 1 ? '1 fault' : `${faults.length} faults`));
}
