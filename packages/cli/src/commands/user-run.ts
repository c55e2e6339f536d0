import type { Administration } from '../control-client.ts';
import type { Io } from '../io.ts';
import type { InputOf } from '../outline.ts';
import { type NewPassword, newPassword } from '../password.ts';
import { printTable } from '../table.ts';
import { withAdministration } from '../with-administration.ts';
import type { userAddOutline, userListOutline, userPasswordOutline, userRemoveOutline } from './user.ts';

export async function runUserAdd({ args, flags, io }: InputOf<typeof userAddOutline>): Promise<number> {
  return await withAdministration('user add', 'make', flags, io, async (administration) => {
    const password = await passwordFor(io, flags.passwordStdin);
    const named = flags.domain === undefined ? {} : { domain: flags.domain };
    const body = { name: args.name, password: password.text, ...named };
    const { user } = readUser(await administration.ask('POST', '/v1/users', { body }));
    io.out(`sip:${user} was added.`);
    showMade(io, password);
  });
}

export async function runUserList({ flags, io }: InputOf<typeof userListOutline>): Promise<number> {
  return await withAdministration('user list', 'read', flags, io, async (administration) => {
    const users = readUsers(await administration.ask('GET', '/v1/users'));
    if (flags.json) io.out(JSON.stringify({ users }, undefined, 2));
    else if (users.length === 0) io.err('There are no users yet; strowger user add NAME makes one.');
    else for (const line of printTable(HEAD, users.map(rowOf))) io.out(line);
  });
}

export async function runUserRemove({ args, flags, io }: InputOf<typeof userRemoveOutline>): Promise<number> {
  return await withAdministration('user remove', 'change', flags, io, async (administration) => {
    const domain = flags.domain ?? (await firstDomain(administration));
    const { user } = readUser(await administration.ask('DELETE', pathOf(args.name, domain)));
    io.out(`sip:${user} was removed.`);
  });
}

export async function runUserPassword({ args, flags, io }: InputOf<typeof userPasswordOutline>): Promise<number> {
  return await withAdministration('user password', 'change', flags, io, async (administration) => {
    const domain = flags.domain ?? (await firstDomain(administration));
    const password = await passwordFor(io, flags.passwordStdin);
    const body = { password: password.text };
    const { user } = readUser(await administration.ask('PATCH', pathOf(args.name, domain), { body }));
    io.out(`sip:${user} has a new password.`);
    showMade(io, password);
  });
}

async function passwordFor(io: Io, isOnInput: boolean): Promise<NewPassword> {
  const { createRandom } = await import('@strowger/node');
  return await newPassword(io, isOnInput ? 'stdin' : 'person', createRandom());
}

/** A password that nobody typed is shown this once. */
function showMade(io: Io, { text, origin }: NewPassword): void {
  if (origin === 'made') io.out(`The password, shown this once: ${text}`);
}

async function firstDomain(administration: Administration): Promise<string> {
  const answer = await administration.ask('GET', '/v1/server');
  const domains = isRecord(answer) && Array.isArray(answer.domains) ? answer.domains : [];
  return String(domains[0]);
}

const pathOf = (name: string, domain: string): string =>
  `/v1/users/${encodeURIComponent(domain)}/${encodeURIComponent(name)}`;

function readUser(answer: unknown): { readonly user: string } {
  return { user: isRecord(answer) ? String(answer.user) : '' };
}

interface ListedUser {
  readonly name: string;
  readonly domain: string;
  readonly origin: string;
}

function readUsers(answer: unknown): readonly ListedUser[] {
  const list: unknown = isRecord(answer) ? answer.users : undefined;
  return (Array.isArray(list) ? list : [])
    .filter(isRecord)
    .map(({ name, domain, origin }) => ({ name: String(name), domain: String(domain), origin: String(origin) }));
}

const rowOf = ({ name, domain, origin }: ListedUser): readonly string[] => [
  `sip:${name}@${domain}`,
  origin === 'configuration' ? 'configuration (read-only)' : origin,
];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const HEAD = ['ADDRESS', 'FROM'];
