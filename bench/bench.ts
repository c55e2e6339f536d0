import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { medianOf, remember } from './history.ts';
import { cpuMsOf, memoryOf, stop } from './process.ts';
import { type Subject, type SubjectOptions, startKamailio, startStrowger } from './servers.ts';
import { runLoad, startCallee } from './sipp.ts';

/**
 * This server and Kamailio in turn under the same SIPp load, pinned alike: CPU milliseconds for 1,000 calls or requests, calls a
 * second, memory. `npm run bench -- [--only call,register] [--rounds 3] [--seconds 6] [--no-history]`.
 */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    'no-history': { type: 'boolean', default: false },
  },
});

interface Mix {
  readonly name: string;
  readonly scenario: string;
  readonly callee?: 'uas-call' | 'uas-message';
  readonly auth: 'digest' | 'none';
  readonly mode: 'proxy' | 'redirect';
  readonly open: number;
}

const MIXES: readonly Mix[] = [
  { name: 'call', scenario: 'uac-call', callee: 'uas-call', auth: 'none', mode: 'proxy', open: 100 },
  { name: 'message', scenario: 'uac-message', callee: 'uas-message', auth: 'none', mode: 'proxy', open: 200 },
  { name: 'register', scenario: 'uac-register', auth: 'none', mode: 'proxy', open: 500 },
  { name: 'register-auth', scenario: 'uac-register-auth', auth: 'digest', mode: 'proxy', open: 500 },
  { name: 'options', scenario: 'uac-options', auth: 'none', mode: 'proxy', open: 500 },
  { name: 'redirect', scenario: 'uac-redirect', auth: 'none', mode: 'redirect', open: 500 },
];
const SUBJECTS: readonly (readonly [
  name: string,
  data: 'memory' | 'disk',
  start: (options: SubjectOptions) => Promise<Subject>,
])[] = [
  ['strowger', 'memory', startStrowger],
  ['strowger (disk)', 'disk', startStrowger],
  ['kamailio', 'memory', startKamailio],
];
const USERS = Array.from({ length: 1000 }, (_, i) => `u${String(i).padStart(6, '0')}`);
const PORT = 15_060;
const [SERVER_CPU, LOAD_CPU] = cpus().length > 1 ? [0, 1] : [undefined, undefined];

interface Row {
  readonly mix: string;
  readonly subject: string;
  readonly cpuMsPer1000: number;
  readonly perSecond: number;
  readonly failed: number;
  readonly retransmissions: number;
  readonly megabytes: number;
}

async function measure(mix: Mix, [, data, start]: (typeof SUBJECTS)[number], rows: Row[]): Promise<void> {
  const subject = await start({ port: PORT, cpu: SERVER_CPU, auth: mix.auth, mode: mix.mode, data, users: USERS });
  const callee = mix.callee === undefined ? undefined : startCallee(mix.callee, LOAD_CPU, USERS);
  const load = { scenario: mix.scenario, target: PORT, rate: 0, open: mix.open, cpu: LOAD_CPU, users: USERS };
  try {
    if (mix.auth === 'none')
      await runLoad({ ...load, scenario: 'uac-register', calls: USERS.length, rate: 1000, open: 500 });
    const warm = await runLoad({ ...load, calls: WARM_CALLS[mix.name] ?? 20_000 });
    const calls = Math.ceil((warm.successful / warm.seconds) * Number(flags.seconds));
    const cpuBefore = cpuMsOf(subject.pid);
    const result = await runLoad({ ...load, calls });
    const cpuMs = cpuMsOf(subject.pid) - cpuBefore;
    rows.push({
      mix: mix.name,
      subject: subject.name,
      cpuMsPer1000: (cpuMs / result.successful) * 1000,
      perSecond: result.successful / result.seconds,
      failed: result.failed,
      retransmissions: result.retransmissions,
      megabytes: memoryOf(subject.pid) / 1e6,
    });
  } finally {
    if (callee !== undefined) await stop(callee);
    await subject.stop();
  }
}

const WARM_CALLS: Readonly<Record<string, number>> = { call: 15_000, message: 30_000 };

const wanted = flags.only?.split(',');
const rows: Row[] = [];
for (const mix of MIXES.filter(({ name }) => wanted === undefined || wanted.includes(name))) {
  for (let round = 0; round < Number(flags.rounds); round += 1)
    for (const subject of SUBJECTS)
      if (subject[1] === 'memory' || mix.name.startsWith('register')) await measure(mix, subject, rows);
  const peer = medianOf(rows.filter((r) => r.mix === mix.name && r.subject === 'kamailio').map((r) => r.cpuMsPer1000));
  for (const [name] of SUBJECTS) {
    const mine = rows.filter((r) => r.mix === mix.name && r.subject === name);
    if (mine.length === 0) continue;
    const cpu = mine.map((r) => r.cpuMsPer1000);
    const line = [
      mix.name.padEnd(14),
      name.padEnd(16),
      `${medianOf(cpu).toFixed(1).padStart(8)} ms CPU per 1,000 (${Math.min(...cpu).toFixed(1)}–${Math.max(...cpu).toFixed(1)})`,
      `${(medianOf(cpu) / peer).toFixed(2)} of Kamailio`,
      `${Math.round(medianOf(mine.map((r) => r.perSecond)))} a second`,
      `${mine.reduce((sum, r) => sum + r.failed, 0)} failed, ${mine.reduce((sum, r) => sum + r.retransmissions, 0)} sent again`,
      `${Math.round(medianOf(mine.map((r) => r.megabytes)))} MB`,
    ];
    console.log(line.join('  '));
    if (!flags['no-history'])
      remember([
        {
          benchmark: mix.name,
          subject: name,
          value: medianOf(cpu),
          unit: 'ms CPU per 1000',
          ratio: medianOf(cpu) / peer,
        },
      ]);
  }
}
