import { callId as callIdOf, need } from '@strowger/sip/message';
import { Peer } from '@strowger/testkit';
import { createStage, SERVER, type Stage } from '../../conformance/support/stage.ts';
import { createEventLog } from '../../packages/cli/src/event-log.ts';
import { createLog } from '../../packages/cli/src/log.ts';
import { bytesOf } from '../corpus.ts';
import type { HostileCase } from './cases.ts';
import { busyTo, options, registrationOf } from './conversation.ts';
import { type Leak, leakIn } from './leaks.ts';
import { ALICE } from './secrets.ts';

/** What was wrong at a server after hostile cases; all empty when nothing was. */
export interface Damage {
  readonly faults: readonly unknown[];
  /** Batches after which a valid OPTIONS was not answered 200. */
  readonly silentAfter: readonly string[];
  readonly leaks: readonly Leak[];
  /** What is still there when all time has passed. */
  readonly leftOver: Readonly<Record<string, number>>;
  /** So that a server that throws everything away at the door is not praised for it. */
  readonly passedOn: number;
  readonly registered: number;
}

/** Sends the cases to a server of that configuration on the virtual network, then lets more time pass than anything may last. */
export async function besiege(
  cases: readonly HostileCase[],
  config: Readonly<Record<string, unknown>>,
): Promise<Damage> {
  let passedOn = 0;
  const answers = (text: string): readonly string[] => {
    if (text.startsWith('INVITE ')) passedOn += 1;
    return busyTo(text);
  };
  const stage = await createStage({ config: { ...CONFIG, ...config }, answers });
  const leaks = watchLog(stage, cases);
  const bob = new Peer(stage.world, stage.world.host(BOB));
  bob.send(registrationOf('desk.example'), SERVER_PLACE);
  const neighbour = new Peer(stage.world, stage.world.host(NEIGHBOUR));
  await stage.world.runFor(1_000);

  const silentAfter: string[] = [];
  let registered = 0;
  for (let from = 0; from < cases.length; from += BATCH) {
    for (const [at, one] of cases.slice(from, from + BATCH).entries()) {
      stage.say('datagram', bytesOf(one.text(from + at, 'UDP')));
      if (at % AT_ONCE === 0) await stage.world.runFor(20);
    }
    registered = Math.max(registered, await bindingsOf(stage));
    const callId = `alive-${from}`;
    // By a neighbour: whoever besieges a server may be shut out.
    neighbour.send(options(callId, 'UDP'), SERVER_PLACE);
    await stage.world.runFor(2_000);
    const isAnswered = neighbour.heard.some(
      ({ message }) => message.kind === 'response' && message.status === 200 && need(message, callIdOf) === callId,
    );
    if (!isAnswered) silentAfter.push(cases[from + BATCH - 1]?.name ?? 'the last');
  }
  await stage.world.runFor(LONGER_THAN_ANYTHING_MS);
  return { faults: stage.faults, silentAfter, leaks, leftOver: await leftOver(stage), passedOn, registered };
}

/** The log as the command writes it at its most talkative, with every line that it would only count. */
function watchLog(stage: Stage, cases: readonly HostileCase[]): readonly Leak[] {
  const leaks: Leak[] = [];
  const write = (line: string): void => {
    const leak = leakIn(line, cases);
    if (leak !== undefined) leaks.push(leak);
  };
  const log = createLog({ level: 'debug', format: 'json', write, now: () => 0, paint: (_, text) => text });
  let now = 0;
  const see = createEventLog(log, () => {
    now += A_LOG_WINDOW_MS;
    return now;
  });
  stage.server.observe(see);
  return leaks;
}

async function leftOver(stage: Stage): Promise<Damage['leftOver']> {
  const { servers, clients } = stage.tables;
  const { wheel } = stage.server.engine.core;
  // What expires bindings is always due again.
  return { servers, clients, deadlines: wheel.size - 1, bindings: await bindingsOf(stage) };
}

async function bindingsOf(stage: Stage): Promise<number> {
  let count = 0;
  for await (const _ of stage.server.locations.entries(stage.world.unix)) count += 1;
  return count;
}

const BOB = '203.0.113.9';
const NEIGHBOUR = '203.0.113.10';
const SERVER_PLACE = { host: SERVER, port: 5060 };
const CONFIG = {
  domains: [ALICE.domain],
  users: [
    { name: ALICE.name, password: ALICE.password },
    { name: 'bob', password: 'another-secret' },
  ],
  registrar: { maxBindings: 1_000 },
};
/** The only source that the strict server trusts: Bob's telephone, which needs no password there. */
export const TRUSTED = [`${BOB}/32`];
const BATCH = 500;
const AT_ONCE = 20;
const A_LOG_WINDOW_MS = 60_000;
/** The longest registration lasts an hour. */
const LONGER_THAN_ANYTHING_MS = 2 * 3_600_000;
