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

export interface ServerOptions {
  /** Where it listens beside UDP and TCP, such as `tls:127.0.0.1:5061`. */
  readonly listen?: readonly string[];
  /** What it answers for beside `DOMAIN`. */
  readonly domains?: readonly string[];
  /** Lines of configuration. */
  readonly settings?: readonly string[];
  /** Its address, and the network namespace where it has it. */
  readonly host?: string;
  readonly namespace?: string;
}

/** Starts `strowger serve` with three users and these lines of configuration, and waits until it is ready. */
export const startServer = (lab: Lab, ...settings: readonly string[]): Promise<RunningServer> =>
  startServerWith(lab, { settings });

export async function startServerWith(
  lab: Lab,
  { listen = [], domains = [], settings = [], host = HOST, namespace }: ServerOptions,
): Promise<RunningServer> {
  const port = await freePort();
  const users = [ALICE, BOB, CAROL].map(({ name, password }) => `{ name: ${name}, password: ${password} }`);
  const config = lab.file(
    'strowger.yaml',
    [
      `domains: [${[DOMAIN, ...domains].join(', ')}]`,
      `listen: [${[`udp:${host}:${port}`, `tcp:${host}:${port}`, ...listen].join(', ')}]`,
      'data: ./data',
      `users: [${users.join(', ')}]`,
      'log: { level: debug }',
      ...settings,
    ].join('\n'),
  );
  const child = lab.start(process.execPath, [STROWGER, 'serve', '--config', config], {
    ...(namespace === undefined ? {} : { namespace }),
  });
  await child.line(/^ready /, START_MS);
  return { host, port, child, uri: (transport) => uriOf(host, port, transport) };
}

export const uriOf = (host: string, port: number, transport: Transport): string =>
  `sip:${host}:${port}${transport === 'tcp' ? ';transport=tcp' : ''}`;

export const addressOf = ({ name, domain }: Account): string => `sip:${name}@${domain}`;

/** The command as `npx strowger` finds it. */
export const STROWGER = fileURLToPath(new URL('../../../node_modules/.bin/strowger', import.meta.url));
export const START_MS = 20_000;
