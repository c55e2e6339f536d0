import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { installPacked } from '../scripts/check-pack.ts';
import { runCommand } from '../scripts/command.ts';
import { type Figure, medianOf, remember } from './history.ts';
import { lineFrom, startPinned, stop } from './process.ts';

/**
 * From nothing to `ready`: milliseconds of a packed and installed `strowger serve` and of this clone, the first time (nothing is in
 * the compile cache) and after that; resident memory when it has been idle for five seconds, and how much of it stands in no file:
 * the rest is pages of Node's own program, which all its processes share. `node bench/start.ts [--rounds 9] [--no-history]`.
 */
const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, 'no-history': { type: 'boolean', default: false } },
});
const ROOT = join(import.meta.dirname, '..');
const WORLD = mkdtempSync(join(tmpdir(), 'strowger-start-'));
const UDP = ['--listen', 'udp:127.0.0.1:0'];
const ALL = ['udp', 'tcp', 'tls', 'wss'].flatMap((protocol) => ['--listen', `${protocol}:127.0.0.1:0`]);
const [FIRST_ROUNDS, IDLE_MS] = [3, 5_000];
const MEMORY = ['--data', 'memory'];
const folder = (name: string): string => mkdtempSync(join(WORLD, `${name}-`));
const EMPTY_PROCESS = 'setInterval(() => {}, 1e6); console.log("ready")';

interface Kind {
  readonly name: string;
  /** For Node. */
  readonly words: readonly string[];
}

interface Started {
  readonly ms: number;
  /** Bytes. */
  readonly idle: { readonly all: number; readonly own: number } | undefined;
}

async function start({ words }: Kind, cwd: string, cache: string, thenIdleMs: number): Promise<Started> {
  const begun = performance.now();
  const child = startPinned(undefined, 'env', [`NODE_COMPILE_CACHE=${cache}`, process.execPath, ...words], cwd);
  await lineFrom(child, /^ready/, 30);
  const ms = performance.now() - begun;
  const { pid } = child;
  await sleep(thenIdleMs);
  const idle = thenIdleMs === 0 || pid === undefined ? undefined : residentOf(pid);
  await stop(child);
  return { ms, idle };
}

/** Of a process without descendants: `env` became the server. */
function residentOf(pid: number): NonNullable<Started['idle']> {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const bytesOf = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1024;
  return { all: bytesOf('VmRSS'), own: bytesOf('RssAnon') };
}

async function measure(kind: Kind): Promise<readonly Figure[]> {
  const first: number[] = [];
  for (let round = 0; round < FIRST_ROUNDS; round += 1)
    first.push((await start(kind, folder('new'), folder('cache'), 0)).ms);
  const [home, cache] = [folder('home'), folder('cache')];
  for (let round = 0; round < 2; round += 1) await start(kind, home, cache, 0);
  const warm: number[] = [];
  for (let round = 0; round < Number(flags.rounds); round += 1) warm.push((await start(kind, home, cache, 0)).ms);
  const { idle } = await start(kind, home, cache, IDLE_MS);
  const megabytes = (bytes: number | undefined): number => (bytes ?? Number.NaN) / 1e6;
  return [
    figureOf('first start', kind, first, 'ms'),
    figureOf('start', kind, warm, 'ms'),
    figureOf('idle memory', kind, [megabytes(idle?.all)], 'MB'),
    figureOf('idle memory outside files', kind, [megabytes(idle?.own)], 'MB'),
  ];
}

const figureOf = (benchmark: string, { name }: Kind, values: readonly number[], unit: string): Figure => ({
  benchmark,
  subject: name,
  value: medianOf(values),
  unit,
  ratio: undefined,
  ...(values.length > 1 ? { range: [Math.min(...values), Math.max(...values)] as const } : {}),
});

/** The packed packages, installed; the declarations and JavaScript that they are made of are brought up to date before. */
async function install(): Promise<string> {
  await runCommand(ROOT, 'tsc', ['-b']);
  const installed = await installPacked(ROOT, WORLD, () => {});
  if (installed.type === 'problems') throw new Error(installed.problems.join('\n'));
  return join(installed.home, 'node_modules/strowger/bin/strowger.js');
}

function tell({ benchmark, subject, value, unit, range }: Figure): void {
  const ends = range === undefined ? '' : `  (${range.map((end) => end.toFixed(0)).join('–')})`;
  console.log(`${benchmark.padEnd(26)} ${subject.padEnd(28)} ${value.toFixed(0).padStart(5)} ${unit}${ends}`);
}

try {
  const packed = await install();
  const clone = join(ROOT, 'packages/cli/bin/strowger.js');
  const serve = ['serve', '--domain', 'a.test'];
  const kinds: readonly Kind[] = [
    { name: 'node with nothing to do', words: ['-e', EMPTY_PROCESS] },
    { name: 'packed udp memory', words: [packed, ...serve, ...UDP, ...MEMORY] },
    { name: 'packed udp disk', words: [packed, ...serve, ...UDP] },
    { name: 'packed all memory', words: [packed, ...serve, ...ALL, ...MEMORY] },
    { name: 'packed all disk', words: [packed, ...serve, ...ALL] },
    { name: 'clone udp disk', words: [clone, ...serve, ...UDP] },
  ];
  for (const kind of kinds) {
    const figures = await measure(kind);
    figures.forEach(tell);
    if (!flags['no-history']) remember(figures);
  }
} finally {
  rmSync(WORLD, { recursive: true, force: true });
}
