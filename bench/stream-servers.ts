import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lineFrom, startPinned, stop } from './process.ts';
import type { StreamProtocol } from './stream-client.ts';

/** A server with one listening address for streams. */
export interface StreamSubject {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface StreamSubjectOptions {
  readonly port: number;
  readonly cpu: number | undefined;
  readonly protocol: StreamProtocol;
}

export async function startStrowgerStreams({ port, cpu, protocol }: StreamSubjectOptions): Promise<StreamSubject> {
  const folder = folderWithCertificate();
  const config = [
    'domains: [bench.test]',
    `listen: ['${protocol}:127.0.0.1:${port}']`,
    'data: memory',
    'auth: none',
    'guard: { overload: false }',
    'log: { level: error }',
    ...(protocol === 'tls' ? ['tls: { certificate: certificate.pem, key: key.pem }'] : []),
  ].join('\n');
  writeFileSync(join(folder, 'strowger.yaml'), `${config}\n`);
  const bin = fileURLToPath(new URL('../packages/cli/bin/strowger.js', import.meta.url));
  const args = [bin, 'serve', '--config', join(folder, 'strowger.yaml')];
  return running('strowger', startPinned(cpu, process.execPath, args, folder), port, folder, /^ready /);
}

export async function startKamailioStreams({ port, cpu, protocol }: StreamSubjectOptions): Promise<StreamSubject> {
  const folder = folderWithCertificate();
  const config = readFileSync(new URL('./kamailio/streams.cfg', import.meta.url), 'utf8')
    .replaceAll('PROTOCOL', protocol === 'ws' ? 'tcp' : protocol)
    .replaceAll('PORT', String(port))
    .replaceAll('RUN', folder);
  writeFileSync(join(folder, 'kamailio.cfg'), config);
  const memory = ['-m', '4096', '-M', '256', '-x', 'fm', '-X', 'fm'];
  const args = ['-DD', '-E', '-f', join(folder, 'kamailio.cfg'), ...memory, '-P', join(folder, 'pid'), '-Y', folder];
  return running('kamailio', startPinned(cpu, 'kamailio', args, folder), port, folder, /Listening on|t[cl][ps]: 127/);
}

/** A folder with one certificate for all: ECDSA on P-256, as servers make them today. */
function folderWithCertificate(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=bench.test', '-addext', 'subjectAltName=DNS:bench.test,URI:sip:bench.test'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  execFileSync('openssl', [...request, ...names, ...files], { stdio: 'ignore' });
  return folder;
}

async function running(
  name: string,
  child: ChildProcess,
  port: number,
  folder: string,
  ready: RegExp,
): Promise<StreamSubject> {
  try {
    await lineFrom(child, ready, 15);
    await listening(port);
  } catch (error) {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    name,
    pid: child.pid ?? 0,
    stop: async () => {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Kamailio tells what it listens on before it does. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`nobody listens on port ${port}`);
}
