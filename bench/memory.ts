import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { remember } from './history.ts';
import { memoryOf } from './process.ts';
import { type Subject, startKamailio, startStrowger } from './servers.ts';
import { runLoad } from './sipp.ts';

/**
 * Memory of a running server, by the proportional set size of its processes: bytes for each binding (REGISTERs of `--users` different
 * users) and for each finished transaction that is still kept (OPTIONS; RFC 3261 §17.2.2 Timer J).
 * `node bench/memory.ts [--users 50000] [--requests 50000] [--no-history]`.
 */
const { values: flags } = parseArgs({
  options: {
    users: { type: 'string', default: '50000' },
    requests: { type: 'string', default: '50000' },
    'no-history': { type: 'boolean', default: false },
  },
});
const PORT = 15_060;
const WARM = 10_000;
const users = Array.from({ length: Number(flags.users) }, (_, i) => `u${String(i).padStart(6, '0')}`);

for (const start of [startStrowger, startKamailio]) {
  const subject = await start({ port: PORT, cpu: 0, auth: 'none', mode: 'proxy', data: 'memory', users: [] });
  try {
    const load = { target: PORT, open: 500, cpu: 1, users };
    await runLoad({ ...load, scenario: 'uac-register', calls: WARM, rate: 2000, users: users.slice(0, 100) });
    await settled(subject);
    const before = memoryOf(subject.pid);
    await runLoad({ ...load, scenario: 'uac-register', calls: users.length, rate: 2000 });
    await settled(subject);
    tell('memory of a binding', subject, (memoryOf(subject.pid) - before) / users.length);
    const requests = Number(flags.requests);
    const idle = memoryOf(subject.pid);
    await runLoad({ ...load, scenario: 'uac-options', calls: requests, rate: 2500 });
    tell('memory of a kept transaction', subject, (memoryOf(subject.pid) - idle) / requests);
  } finally {
    await subject.stop();
  }
}

/** The transactions of what was sent have ended, and a garbage collector has had reason to run. */
async function settled(subject: Subject): Promise<void> {
  await sleep(34_000);
  await runLoad({
    scenario: 'uac-options',
    target: subject.port,
    calls: 3000,
    rate: 300,
    open: 100,
    cpu: 1,
    users: users.slice(0, 100),
  });
}

function tell(what: string, subject: Subject, bytes: number): void {
  console.log(`${what.padEnd(30)} ${subject.name.padEnd(10)} ${Math.round(bytes)} bytes`);
  if (!flags['no-history'])
    remember([{ benchmark: what, subject: subject.name, value: bytes, unit: 'bytes', ratio: undefined }]);
}
