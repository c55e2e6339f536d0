import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** SIPp as caller and callee, over UDP on loopback. */

export const CALLEE_PORT = 15_090;

export interface Load {
  /** A file of `scenarios/` without its ending. */
  readonly scenario: string;
  readonly target: number;
  /** The port of 127.0.0.1 in the Request-URI of the first request; without it `target`. */
  readonly aimedAt?: number;
  readonly calls: number;
  /** New calls a second; 0: as fast as `open` allows. */
  readonly rate: number;
  /** How many calls may be open at once. */
  readonly open: number;
  readonly cpu: number | undefined;
  readonly users: readonly string[];
  /** How long a message is waited for, 8,000 when missing. */
  readonly patienceMs?: number;
}

export interface LoadResult {
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  readonly seconds: number;
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-sipp-'));
  try {
    writeUsers(folder, load.users);
    const began = performance.now();
    const rate =
      load.rate > 0 ? ['-r', String(load.rate), '-l', String(load.open)] : ['-r', '200000', '-l', String(load.open)];
    const child = sipp(folder, load.cpu, [
      `127.0.0.1:${load.target}`,
      '-sf',
      scenario(load.scenario),
      '-p',
      String(CALLER_PORT),
      '-m',
      String(load.calls),
      ...rate,
      '-trace_stat',
      '-stf',
      join(folder, 'stat'),
      '-fd',
      '1',
      '-timeout',
      '120',
      '-key',
      'ruri',
      `127.0.0.1:${load.aimedAt ?? load.target}`,
      '-key',
      'contact',
      `127.0.0.1:${CALLEE_PORT}`,
      '-recv_timeout',
      String(load.patienceMs ?? 8_000),
      '-default_behaviors',
      'all,-abortunexp',
    ]);
    await new Promise((resolve) => child.once('exit', resolve));
    const seconds = (performance.now() - began) / 1000;
    const {
      'SuccessfulCall(C)': ok,
      'FailedCall(C)': failed,
      'Retransmissions(C)': again,
    } = lastRow(join(folder, 'stat'));
    return { successful: Number(ok ?? 0), failed: Number(failed ?? 0), retransmissions: Number(again ?? 0), seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A callee that answers every call; ended by its `kill`. */
export function startCallee(
  name: 'uas-call' | 'uas-dialog' | 'uas-message',
  cpu: number | undefined,
  users: readonly string[],
): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-sipp-'));
  writeUsers(folder, users);
  const child = sipp(folder, cpu, [
    '-sf',
    scenario(name),
    '-p',
    String(CALLEE_PORT),
    '-deadcall_wait',
    '0',
    '-default_behaviors',
    'all,-abortunexp',
  ]);
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return child;
}

const sipp = (folder: string, cpu: number | undefined, args: readonly string[]): ChildProcess => {
  const all = [
    '-i',
    '127.0.0.1',
    '-t',
    'u1',
    '-nostdin',
    '-buff_size',
    '4000000',
    '-max_recv_loops',
    '1000',
    '-timer_resol',
    '1',
    '-key',
    'domain',
    'bench.test',
    '-inf',
    join(folder, 'users.csv'),
    ...args,
  ];
  const [first = 'sipp', ...rest] =
    cpu === undefined ? ['sipp', ...all] : ['taskset', '-c', String(cpu), 'sipp', ...all];
  return spawn(first, rest, { cwd: folder, stdio: 'ignore', env: { ...process.env, TERM: 'xterm' } });
};

/** callee; caller; credentials */
const writeUsers = (folder: string, users: readonly string[]): void =>
  writeFileSync(
    join(folder, 'users.csv'),
    `SEQUENTIAL\n${users.map((user) => `${user};caller;[authentication username=${user} password=secret]`).join('\n')}\n`,
  );

const scenario = (name: string): string => fileURLToPath(new URL(`./scenarios/${name}.xml`, import.meta.url));

function lastRow(file: string): Record<string, string | undefined> {
  const [head = '', ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  const values = rows.at(-1)?.split(';') ?? [];
  return Object.fromEntries(head.split(';').map((name, i) => [name, values[i]]));
}

const CALLER_PORT = 15_080;
