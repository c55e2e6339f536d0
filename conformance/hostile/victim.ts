import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { busyTo, registrationOf } from '../../fuzz/hostile/conversation.ts';
import { ALICE } from '../../fuzz/hostile/secrets.ts';
import type { Child } from '../interop/peers/child.ts';
import type { Lab } from '../interop/peers/lab.ts';
import { freePort } from '../interop/peers/port.ts';
import { START_MS } from '../interop/peers/server.ts';

/** The server under siege, run as people run it, with Bob's telephone registered, so that calls to him go on. */
export interface Victim {
  readonly host: string;
  readonly port: number;
  readonly child: Child;
  /** How many bytes of memory it has now. */
  residentBytes(): number;
  /** How many datagrams the system threw away before the server could take them. */
  droppedDatagrams(): number;
  /** Calls that reached the telephone. */
  readonly calls: { count: number };
  close(): Promise<void>;
}

/**
 * Starts it on UDP and the protocol of the road, which has the same port. The guard is off: it would shut the source out,
 * and nothing behind it would be tried.
 */
export async function startVictim(lab: Lab, protocol: string, settings: readonly string[]): Promise<Victim> {
  const port = await freePort();
  const roads = new Set(['udp', protocol]);
  const config = lab.file(
    'strowger.yaml',
    [
      `domains: [${ALICE.domain}]`,
      `listen: [${[...roads].map((road) => `${road}:${HOST}:${port}`).join(', ')}]`,
      'data: ./data',
      `users: [{ name: ${ALICE.name}, password: ${ALICE.password} }, { name: bob, password: another-secret }]`,
      `trusted: [${PHONE_HOST}/32]`,
      'guard: { enabled: false }',
      'registrar: { maxBindings: 1000 }',
      'log: { level: debug, format: json }',
      ...settings,
    ].join('\n'),
  );
  const child = lab.start(process.execPath, [STROWGER, 'serve', '--config', config]);
  await child.line(/"ready"/, START_MS);
  const phone = await startPhone({ host: HOST, port });
  const pid = pidOf(config);
  return {
    host: HOST,
    port,
    child,
    residentBytes: () => numberIn(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m) * 1_024,
    droppedDatagrams: () => numberIn('/proc/net/udp', new RegExp(`^ *\\d+: 0100007F:${hex(port)} .* (\\d+) *$`, 'm')),
    calls: phone.calls,
    close: phone.close,
  };
}

/** A telephone that is always busy, at an address that the server trusts. */
async function startPhone(server: { host: string; port: number }): Promise<Pick<Victim, 'calls' | 'close'>> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BYTES });
  const calls = { count: 0 };
  const registered = new Promise<void>((resolve) => {
    socket.on('message', (bytes, { port, address }) => {
      const text = bytes.toString('latin1');
      if (text.startsWith('SIP/2.0 200 ')) resolve();
      if (text.startsWith('INVITE ')) calls.count += 1;
      for (const answer of busyTo(text)) socket.send(Buffer.from(answer, 'latin1'), port, address);
    });
  });
  socket.bind(0, PHONE_HOST);
  await once(socket, 'listening');
  socket.send(registrationOf(`${PHONE_HOST}:${socket.address().port}`), server.port, server.host);
  await registered;
  return {
    calls,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The process whose command line names this file. */
function pidOf(config: string): string {
  const found = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && commandLineOf(entry).includes(config));
  if (found === undefined) throw new Error(`no process was started with ${config}`);
  return found;
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

function numberIn(file: string, pattern: RegExp): number {
  const found = pattern.exec(readFileSync(file, 'latin1'))?.[1];
  if (found === undefined) throw new Error(`${file} has nothing like ${pattern}`);
  return Number(found);
}

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

const HOST = '127.0.0.1';
const PHONE_HOST = '127.0.0.9';
const STROWGER = fileURLToPath(new URL('../../node_modules/.bin/strowger', import.meta.url));
const RECEIVE_BYTES = 4 * 1_048_576;
