import type { HostileCase } from './cases.ts';
import { secretsIn } from './secrets.ts';

/** A log line that holds what no log line may hold. */
export interface Leak {
  /** The case that the line is about, as far as its Call-ID says so. */
  readonly about: string;
  readonly secrets: readonly string[];
}

/** What leaks in a log line; `undefined` where nothing does. The cases stand under the numbers that they were sent with. */
export function leakIn(line: string, cases: readonly HostileCase[]): Leak | undefined {
  const secrets = secretsIn(line);
  if (secrets.length === 0) return undefined;
  const number = /\b(\d{6})@elsewhere\.test/.exec(line)?.[1];
  const about = (number === undefined ? undefined : cases[Number(number)]?.name) ?? line.slice(0, 400);
  return { about, secrets };
}
