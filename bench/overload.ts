import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { remember } from './history.ts';
import { cpuMsOf, lineFrom, memoryOf, startPinned, stop } from './process.ts';
import { startStrowger } from './servers.ts';
import { runLoad, startCallee } from './sipp.ts';

/**
 * What becomes of the calls that are up when many times more new ones come than the server can carry: first the rate of calls that it
 * carries is measured, then long calls are set up, whose requests within the dialog are counted while new INVITEs come at
 * `--times` that rate. `node bench/overload.ts [--times 10] [--seconds 45] [--dialogs 500] [--no-history]`.
 */
const { values: flags } = parseArgs({
  options: {
    times: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '45' },
    dialogs: { type: 'string', default: '500' },
    'no-history': { type: 'boolean', default: false },
  },
});
const [times, seconds, dialogs] = [Number(flags.times), Number(flags.seconds), Number(flags.dialogs)];
const USERS = Array.from({ length: 1000 }, (_, i) => `u${String(i).padStart(6, '0')}`);
const PORT = 15_060;
const [SERVER_CPU, LOAD_CPU] = cpus().length > 1 ? [0, 1] : [undefined, undefined];
/** 100 INFO and a BYE, as the scenario has them. */
const REQUESTS_A_DIALOG = 101;

const subject = await startStrowger({
  port: PORT,
  cpu: SERVER_CPU,
  auth: 'none',
  mode: 'proxy',
  data: 'memory',
  users: USERS,
});
const load = { target: PORT, rate: 0, cpu: LOAD_CPU, users: USERS };
try {
  await runLoad({ ...load, scenario: 'uac-register', calls: USERS.length, rate: 1000, open: 500 });
  const callee = startCallee('uas-call', LOAD_CPU, USERS);
  await runLoad({ ...load, scenario: 'uac-call', calls: 15_000, open: 100 });
  const { successful, seconds: took } = await runLoad({ ...load, scenario: 'uac-call', calls: 15_000, open: 100 });
  await stop(callee);
  const carried = successful / took;
  console.log(`carries ${Math.round(carried)} calls a second`);

  const partner = startCallee('uas-dialog', LOAD_CPU, USERS);
  const calls = runLoad({
    ...load,
    scenario: 'uac-dialog',
    calls: dialogs,
    rate: 250,
    open: dialogs,
    patienceMs: 32_000,
  });
  await sleep((dialogs / 250) * 1000 + 1_000);
  const before = memoryOf(subject.pid) / 1e6;
  const flood = startPinned(LOAD_CPU, process.execPath, [
    fileURLToPath(new URL('./flood.ts', import.meta.url)),
    String(PORT),
    String(Math.round(carried * times)),
    String(seconds),
  ]);
  const told = lineFrom(flood, /sent/, seconds + 30);
  const memory: number[] = [];
  let busyMs = 0;
  for (let second = 0; second < seconds; second += 1) {
    const used = cpuMsOf(subject.pid);
    await sleep(1_000);
    busyMs += cpuMsOf(subject.pid) - used;
    memory.push(memoryOf(subject.pid) / 1e6);
  }
  const { sent, seconds: flooded, answers } = JSON.parse(await told);
  const { successful: whole, failed, retransmissions } = await calls;
  await stop(partner);
  const requests = dialogs * REQUESTS_A_DIALOG;
  const success = ((requests - failed) / requests) * 100;
  // what is kept of a transaction is kept for 32 seconds, so only then the memory can be level
  const level = memory.slice(-10);
  console.log(
    `${Math.round(sent / flooded)} new calls a second for ${flooded.toFixed(1)} s, answered ${answers}; the server was busy ${Math.round(busyMs / seconds / 10)} %`,
  );
  console.log(
    `${whole} of ${dialogs} calls went on to their end, ${success.toFixed(3)} % of ${requests} requests within them, ${retransmissions} sent again`,
  );
  console.log(`memory ${Math.round(before)} MB before, then ${memory.map((mb) => Math.round(mb)).join(' ')} MB`);
  if (!flags['no-history'])
    remember([
      {
        benchmark: `overload-${times}`,
        subject: 'strowger',
        value: success,
        unit: '% of requests in dialogs',
        ratio: undefined,
      },
      {
        benchmark: `overload-${times}`,
        subject: 'strowger',
        value: (level.at(-1) ?? 0) - (level[0] ?? 0),
        unit: 'MB grown in the last 10 s',
        ratio: undefined,
      },
    ]);
} finally {
  await subject.stop();
}
