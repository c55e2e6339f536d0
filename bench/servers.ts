import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeKamailioDatabase } from './kamailio/database.ts';
import { lineFrom, startPinned, stop } from './process.ts';

/** A server under load. */
export interface Subject {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

export interface SubjectOptions {
  readonly port: number;
  readonly cpu: number | undefined;
  readonly auth: 'digest' | 'none';
  /** `relay`: to where the Request-URI says, for everybody, without looking up users and without Record-Route. */
  readonly mode: 'proxy' | 'redirect' | 'relay';
  readonly data: 'memory' | 'disk';
  /** User names for digest authentication; every password is `secret`. */
  readonly users: readonly string[];
  /** More lines for the configuration of this server; Kamailio heeds none. */
  readonly settings?: readonly string[];
}

export async function startStrowger(options: SubjectOptions): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const users =
    options.auth === 'digest' ? options.users.map((name) => `  - { name: ${name}, password: secret }`).join('\n') : '';
  const config = [
    'domains: [bench.test]',
    `listen: [udp:127.0.0.1:${options.port}]`,
    `data: ${options.data === 'memory' ? 'memory' : './data'}`,
    `auth: ${options.auth}`,
    `redirect: ${options.mode === 'redirect'}`,
    'log: { level: error }',
    ...(options.mode === 'relay' ? ['trusted: [127.0.0.1]', 'proxy: { recordRoute: false }'] : []),
    ...(users === '' ? [] : [`users:\n${users}`]),
    ...(options.settings ?? []),
  ].join('\n');
  writeFileSync(join(folder, 'strowger.yaml'), `${config}\n`);
  const bin = fileURLToPath(new URL('../packages/cli/bin/strowger.js', import.meta.url));
  const child = startPinned(
    options.cpu,
    process.execPath,
    [bin, 'serve', '--config', join(folder, 'strowger.yaml')],
    folder,
  );
  return running(`strowger${options.data === 'disk' ? ' (disk)' : ''}`, child, options.port, folder, /^ready /);
}

export async function startKamailio(options: SubjectOptions): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const config = fileURLToPath(new URL('./kamailio/bench.cfg', import.meta.url));
  const flags = [
    '-DD',
    '-E',
    '-f',
    config,
    '-m',
    '4096',
    '-M',
    '16',
    '-b',
    '4194304',
    '-x',
    'fm',
    '-X',
    'fm',
    '-A',
    `PORT=${options.port}`,
    `--substdef=!RUN!${folder}!`,
    '-P',
    join(folder, 'pid'),
    '-Y',
    folder,
  ];
  if (options.auth === 'digest') flags.push('-A', 'WITH_AUTH');
  if (options.mode === 'redirect') flags.push('-A', 'WITH_REDIRECT');
  if (options.mode === 'relay') flags.push('-A', 'WITH_RELAY');
  if (options.data === 'disk') {
    flags.push('-A', 'WITH_DATABASE');
    makeKamailioDatabase(folder);
  }
  const child = startPinned(options.cpu, 'kamailio', flags, folder);
  return running(
    `kamailio${options.data === 'disk' ? ' (sqlite)' : ''}`,
    child,
    options.port,
    folder,
    /Listening on|udp: 127/,
  );
}

/** The proxy of the npm package `sip`: users in memory, transactions, Record-Route (`peers/record-routing-proxy.ts`). */
export async function startSipPackage(options: SubjectOptions): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const script = fileURLToPath(new URL('./peers/record-routing-proxy.ts', import.meta.url));
  const child = startPinned(options.cpu, process.execPath, [script, String(options.port)], folder);
  return running('npm sip', child, options.port, folder, /^ready/);
}

async function running(
  name: string,
  child: ChildProcess,
  port: number,
  folder: string,
  ready: RegExp,
): Promise<Subject> {
  try {
    await lineFrom(child, ready, 15);
  } catch (error) {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    name,
    pid: child.pid ?? 0,
    port,
    stop: async () => {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
