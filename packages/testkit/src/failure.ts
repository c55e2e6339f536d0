import type { World } from './world.ts';

/** What to print when a simulation fails: how to run it again, the ladder, and what else happened last. */
export function describeFailure(seed: number, world: World): string {
  const { traffic, notes } = world;
  const messages = world.ladder({ last: MESSAGES });
  const events = notes.slice(-NOTES).map(({ at, text }) => `${String(Math.round(at)).padStart(6)}  ${text}`);
  return [
    `seed ${seed}: createWorld({ seed: ${seed} }) runs it again; the world is ${world.now} ms old`,
    heading('messages', Math.min(MESSAGES, traffic.length), traffic.length),
    messages === '' ? '        none' : messages,
    heading('events', events.length, notes.length),
    ...(events.length === 0 ? ['        none'] : events),
    '',
  ].join('\n');
}

const heading = (what: string, shown: number, all: number): string =>
  shown < all ? `${what}, the last ${shown} of ${all}:` : `${what}:`;
const MESSAGES = 100;
const NOTES = 30;
