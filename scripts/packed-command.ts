import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { excerptOf } from './command.ts';

/**
 * Uses an installed command as people do, since what runs there is a bundle that no test of the sources sees: a file is linted, a server
 * with TLS makes its certificates, and its writer thread puts a registration on the disk. Returns sentences about what went wrong.
 */
export async function packedCommandProblems(home: string, program: string): Promise<readonly string[]> {
  const folder = join(home, 'world');
  mkdirSync(folder);
  writeFileSync(join(folder, 'strowger.yaml'), CONFIG);
  writeFileSync(join(folder, 'options.sip'), OPTIONS);
  return [...lintProblems(program, folder), ...(await serverProblems(program, folder))];
}

function lintProblems(program: string, folder: string): readonly string[] {
  const { status, text } = run(program, ['lint', 'options.sip'], folder);
  return status === 0 ? [] : [`lint of a sound message exited with ${status}`, ...excerptOf(text, 10)];
}

async function serverProblems(program: string, folder: string): Promise<readonly string[]> {
  const server = spawn(program, ['serve'], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
  try {
    const ready = await readyLine(server);
    const port = /udp:127\.0\.0\.1:(\d+)/.exec(ready)?.[1];
    if (port === undefined || !ready.includes('tls:')) return ['serve did not open what it was told', ready];
    const words = ['register', 'sip:alice@a.test', '--password-stdin', '--proxy', `sip:127.0.0.1:${port}`];
    const { status, text } = run(program, words, folder);
    if (status !== 0) return [`register exited with ${status}`, ...excerptOf(text, 10)];
    server.kill('SIGTERM');
    const code = await ended;
    if (code !== 0) return [`serve was asked to stop and exited with ${code}`];
    const kept = run(program, ['bindings', '--json'], folder);
    return kept.text.includes('alice@') ? [] : ['a registration did not reach the disk', ...excerptOf(kept.text, 10)];
  } catch (error) {
    return [`serve did not get ready: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

function readyLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const take = (data: Buffer): void => {
      said += data.toString();
      const line = /^ready .*$/m.exec(said)?.[0];
      if (line !== undefined) resolve(line);
    };
    server.stdout?.on('data', take);
    server.stderr?.on('data', take);
    server.once('exit', () => reject(new Error(said)));
    server.once('error', reject);
  });
}

function run(program: string, words: readonly string[], cwd: string): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env: environment(), input: 'any\n' });
  return { status, text: `${stdout}${stderr}` };
}

/** The command is started by its first line, which asks for any Node: this one. */
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
});

const CONFIG = `domains: [a.test]
listen: ['udp:127.0.0.1:0', 'tls:127.0.0.1:0']
auth: none
durability: power
`;
const OPTIONS = [
  'OPTIONS sip:a.test SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1',
  'Max-Forwards: 70',
  'From: <sip:alice@a.test>;tag=1',
  'To: <sip:a.test>',
  'Call-ID: 1@192.0.2.1',
  'CSeq: 1 OPTIONS',
  'Contact: <sip:alice@192.0.2.1>',
  'Content-Length: 0',
  '\r\n',
].join('\r\n');
