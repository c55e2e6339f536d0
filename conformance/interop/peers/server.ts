import { fileURLToPath } from 'node:url';
import type { Child } from './child.ts';
import type { Lab } from './lab.ts';
import { freePort } from './port.ts';

/** Somebody with a telephone. */
export interface Account {
  readonly name: string;
  readonly password: string;
  readonly domain: string;
}

export type Transport = 'udp' | 'tcp';

/** The server under test, run as people run it. */
export interface RunningServer {
  readonly host: string;
  /** The same for UDP and TCP. */
  readonly port: number;
  readonly child: Child;
  /** `sip:HOST:PORT`, with the transport where it is not UDP. */
  readonly uri: (transport: Transport) => string;
}

export const HOST = '127.0.0.1';
export const DOMAIN = 'example.test';
const account = (name: string): Account => ({ name, password: `${name}-secret`, domain: DOMAIN });
export const ALICE = account('alice');
export const BOB = account('bob');
export const CAROL = account('carol');

/** Starts `strowger serve` with three users and these lines of configuration, and waits until it is ready. */
export async function startServer(lab: Lab, ...settings: readonly string[]): Promise<RunningServer> {
  const port = await freePort();
  const users = [ALICE, BOB, CAROL].map(({ name, password }) => `{ name: ${name}, password: ${password} }`);
  const config = lab.file(
    'strowger.yaml',
    [
      `domains: [${DOMAIN}]`,
      `listen: [udp:${HOST}:${port}, tcp:${HOST}:${port}]`,
      'data: ./data',
      `users: [${users.join(', ')}]`,
      'log: { level: debug }',
      ...settings,
    ].join('\n'),
  );
  const child = lab.start(process.execPath, [STROWGER, 'serve', '--config', config]);
  await child.line(/^ready /, START_MS);
  return { host: HOST, port, child, uri: (transport) => uriOf(HOST, port, transport) };
}

export const uriOf = (host: string, port: number, transport: Transport): string =>
  `sip:${host}:${port}${transport === 'tcp' ? ';transport=tcp' : ''}`;

export const addressOf = ({ name, domain }: Account): string => `sip:${name}@${domain}`;

/** The command as `npx strowger` finds it. */
const STROWGER = fileURLToPath(new URL('../../../node_modules/.bin/strowger', import.meta.url));
export const START_MS = 20_000;
