import type { Settings } from '../settings.ts';
import { type Finding, findingOf, note, ok } from './finding.ts';
import type { Machine } from './machine.ts';

/** Whether a server runs with these settings already, and where it listens. */
export interface Running {
  readonly finding: Finding;
  /** As `udp:192.0.2.1:5060`; none where no server runs or can be asked, undefined where it does not say yet. */
  readonly listening: readonly string[] | undefined;
}

export async function runningServer({ askServer }: Pick<Machine, 'askServer'>, settings: Settings): Promise<Running> {
  try {
    const answer = await askServer(settings);
    if (answer === undefined) return { finding: ok('server', 'none runs here now'), listening: [] };
    const listening = textsOf(answer.body, 'listening');
    if (answer.status !== 200 || listening === undefined)
      return { finding: note('server', 'runs here now and is starting or stopping'), listening: undefined };
    const domains = textsOf(answer.body, 'domains') ?? [];
    return { finding: ok('server', `runs here now for ${domains.join(', ')}`), listening };
  } catch (error) {
    // In memory two servers share nothing but the name that commands would find them by.
    const isOwnFault = error instanceof Error && error.name === 'ControlFault' && settings.data.type === 'memory';
    return { finding: findingOf('server', isOwnFault ? 'note' : 'fault', error), listening: [] };
  }
}

function textsOf(body: unknown, key: string): readonly string[] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Object.entries(body).find(([name]) => name === key)?.[1];
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}
