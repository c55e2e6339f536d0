import { cpus } from 'node:os';
import { type Mix, needsUsers } from './mixes.ts';
import { cpuMsOf, memoryOf, stop } from './process.ts';
import { CALLEE_PORT, type Load, runLoad, startCallee } from './sipp.ts';
import type { SubjectKind } from './subjects.ts';

/** New calls a second, or as many as the server carries. */
export type Rate = number | 'saturation';

/** One server under one mix at one rate, in one round. */
export interface Sample {
  readonly mix: string;
  readonly asked: Rate;
  /** Lower than asked where the server could not live with that. */
  readonly rate: Rate;
  readonly subject: string;
  readonly round: number;
  readonly cpuMsPer1000: number;
  readonly perSecond: number;
  readonly failed: number;
  readonly retransmissions: number;
  readonly megabytes: number;
}

export interface Measuring {
  readonly round: number;
  readonly rates: readonly Rate[];
  /** How long the load of each rate lasts. */
  readonly seconds: number;
}

/** Starts the server anew, warms it up and measures it at each rate, the low ones first: they leave the least behind. */
export async function measure(mix: Mix, kind: SubjectKind, measuring: Measuring): Promise<readonly Sample[]> {
  const { auth, mode } = mix;
  const { data, settings } = kind;
  const options = { port: PORT, cpu: SERVER_CPU, auth, mode, data, users: USERS };
  const subject = await kind.start({ ...options, ...(settings === undefined ? {} : { settings }) });
  const callee = mix.callee === undefined ? undefined : startCallee(mix.callee, LOAD_CPU, USERS);
  const aimedAt = mix.aimedAt === 'callee' ? CALLEE_PORT : PORT;
  const load = { scenario: mix.scenario, target: PORT, aimedAt, open: mix.open, cpu: LOAD_CPU, users: USERS };
  try {
    if (needsUsers(mix)) await registerUsers(kind.mostPerSecond ?? 1000);
    const tooMany = kind.mostPerSecond === undefined ? 1 : 5;
    const warm = await runLoad({ ...load, calls: Math.ceil(mix.warm / tooMany), rate: 0 });
    const carried = warm.successful / warm.seconds;
    const samples: Sample[] = [];
    for (const asked of measuring.rates.toSorted(slowestFirst)) {
      const rate = asked === 'saturation' ? asked : Math.min(asked, kind.mostPerSecond ?? asked);
      const figures = await sample(subject.pid, atRate(load, rate, carried, measuring.seconds));
      samples.push({ mix: mix.name, subject: kind.name, round: measuring.round, asked, rate, ...figures });
    }
    return samples;
  } finally {
    if (callee !== undefined) await stop(callee);
    await subject.stop();
  }
}

async function sample(
  pid: number,
  load: Load,
): Promise<Pick<Sample, 'cpuMsPer1000' | 'perSecond' | 'failed' | 'retransmissions' | 'megabytes'>> {
  const before = cpuMsOf(pid);
  const { successful, failed, retransmissions, seconds } = await runLoad(load);
  return {
    cpuMsPer1000: ((cpuMsOf(pid) - before) / successful) * 1000,
    perSecond: successful / seconds,
    failed,
    retransmissions,
    megabytes: memoryOf(pid) / 1e6,
  };
}

/** At saturation as many calls are open as the mix says; at a given rate calls come whether earlier ones are over or not. */
function atRate(load: Omit<Load, 'rate' | 'calls'>, rate: Rate, carried: number, seconds: number): Load {
  if (rate === 'saturation') return { ...load, rate: 0, calls: Math.max(1, Math.ceil(carried * seconds)) };
  return { ...load, rate, open: rate * OPEN_SECONDS, calls: Math.ceil(rate * seconds) };
}

const registerUsers = (rate: number): Promise<unknown> =>
  runLoad({
    scenario: 'uac-register',
    target: PORT,
    calls: USERS.length,
    rate,
    open: 500,
    cpu: LOAD_CPU,
    users: USERS,
  });

const slowestFirst = (a: Rate, b: Rate): number =>
  (a === 'saturation' ? Number.MAX_VALUE : a) - (b === 'saturation' ? Number.MAX_VALUE : b);

const USERS = Array.from({ length: 1000 }, (_, i) => `u${String(i).padStart(6, '0')}`);
const PORT = 15_060;
/** The server has a processor of its own, apart from the callers and callees. */
export const [SERVER_CPU, LOAD_CPU] = cpus().length > 1 ? [0, 1] : [undefined, undefined];
/** Longer than any call lasts that goes well. */
const OPEN_SECONDS = 8;
