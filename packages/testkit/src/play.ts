import { UsageFault } from '@strowger/sip/text';
import type { World } from './world.ts';

/**
 * Runs the world until a script is done, and returns what it returns. Scripts wait with `await world.sleep(…)`, for phones
 * and for peers; servers may go on with their own work afterwards.
 * @throws whatever the script throws; UsageFault when it waits for something that never happens within `limitMs`
 */
export async function play<T>(world: World, script: () => Promise<T>, limitMs = 3_600_000): Promise<T> {
  const until = world.now + limitMs;
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  const running = script().then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  await world.run({ until: () => outcome !== undefined || world.now >= until });
  if (outcome === undefined)
    throw new UsageFault(
      `the script did not end in ${limitMs} ms; the last messages are\n${world.ladder({ last: 30 })}`,
    );
  await running;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
