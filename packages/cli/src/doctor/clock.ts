import { type Finding, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';

/** Whether the time can be true, and what it is read from. */
export async function clockFindings(
  machine: Pick<Machine, 'unix' | 'monotonicMs' | 'platform' | 'readFile'>,
): Promise<readonly Finding[]> {
  return [timeFinding(machine), ...(await sourceFinding(machine))];
}

function timeFinding({ unix, monotonicMs }: Pick<Machine, 'unix' | 'monotonicMs'>): Finding {
  const now = unix();
  const [first, second] = [monotonicMs(), monotonicMs()];
  const shown = `${new Date(now).toISOString().slice(0, 16)}Z`;
  if (now < EARLIEST_MS)
    return note('clock', `${shown} cannot be`, 'Set it, best by NTP: certificates and registrations hang on it.');
  if (second < first)
    return note('clock', `${shown}; the monotonic clock goes backwards`, 'Timers go wrong: restart this machine.');
  return ok('clock', `${shown}; the monotonic clock is in order`);
}

/** Some sources cost a system call each time that the server looks at its watch. */
async function sourceFinding({ platform, readFile }: Pick<Machine, 'platform' | 'readFile'>): Promise<Finding[]> {
  if (platform !== 'linux') return [];
  const source = await readFile(SOURCE_FILE).then(
    (text) => text.trim(),
    () => undefined,
  );
  if (source === undefined) return [];
  if (!SLOW_SOURCES.has(source)) return [ok('clock source', source)];
  const advice = `Each look at the clock is a system call: see whether ${SOURCE_FILE.replace('current', 'available')} names a faster one, such as tsc.`;
  return [note('clock source', source, advice)];
}

/** Nothing of this program is older. */
const EARLIEST_MS = Date.UTC(2026, 10, 1);
const SOURCE_FILE = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
const SLOW_SOURCES: ReadonlySet<string> = new Set(['acpi_pm', 'hpet', 'jiffies', 'pit', 'refined-jiffies', 'xen']);
