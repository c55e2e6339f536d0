import type { Lab } from './lab.ts';
import { freePort } from './port.ts';
import { type Account, DOMAIN, type RunningServer } from './server.ts';

/** What a tool of SIPVicious said: its lines, and the first column of the table of what it found. */
export interface Hunt {
  readonly text: string;
  readonly found: readonly string[];
}

/** Looks for servers with svmap. */
export const svmap = (lab: Lab, server: RunningServer): Promise<Hunt> =>
  hunt(lab, 'svmap', ['-p', `${server.port}`, server.host]);

/** Looks for users with svwar: those of the list who are answered otherwise than somebody whom it made up. */
export const svwar = (lab: Lab, server: RunningServer, method: string, users: readonly string[]): Promise<Hunt> => {
  const list = lab.file(`users-${method}`, `${users.join('\n')}\n`);
  return hunt(lab, 'svwar', ['-d', list, '-m', method, '--force', `--domain=${DOMAIN}`, ...IN_TIME, targetOf(server)]);
};

/** Looks for the password of a user with svcrack, in the order of the list. */
export const svcrack = (
  lab: Lab,
  server: RunningServer,
  user: Account,
  passwords: readonly string[],
): Promise<Hunt> => {
  const list = lab.file(`passwords-${user.name}`, `${passwords.join('\n')}\n`);
  return hunt(lab, 'svcrack', ['-u', user.name, '-d', list, `--domain=${user.domain}`, ...IN_TIME, targetOf(server)]);
};

async function hunt(lab: Lab, tool: string, args: readonly string[]): Promise<Hunt> {
  const child = lab.start(tool, ['-P', `${await freePort()}`, ...args]);
  await child.exit(DEADLINE_MS);
  const rows = child.lines.filter((line) => line.startsWith('|')).map((line) => line.split('|')[1]?.trim() ?? '');
  return { text: child.lines.join('\n'), found: rows.slice(1) };
}

const targetOf = ({ host, port }: RunningServer): string => `udp://${host}:${port}`;

/** How many seconds it waits for somebody who says nothing. */
const IN_TIME = ['--maximumtime=2'];
const DEADLINE_MS = 20_000;
