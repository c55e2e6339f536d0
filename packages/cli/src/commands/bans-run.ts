import type { ShownBan } from '@strowger/server';
import type { InputOf } from '../outline.ts';
import { printSeconds, printTable } from '../table.ts';
import { withAdministration } from '../with-administration.ts';
import type { bansAddOutline, bansListOutline, bansRemoveOutline } from './bans.ts';

export async function runBansList({ flags, io }: InputOf<typeof bansListOutline>): Promise<number> {
  return await withAdministration('bans list', 'read', flags, io, async (administration) => {
    const bans = readBans(await administration.ask('GET', '/v1/bans'));
    if (flags.json) io.out(JSON.stringify({ bans }, undefined, 2));
    else if (bans.length === 0) io.err('Nobody is banned.');
    else for (const line of printTable(HEAD, bans.map(rowOf))) io.out(line);
  });
}

export async function runBansAdd({ args, flags, io }: InputOf<typeof bansAddOutline>): Promise<number> {
  return await withAdministration('bans add', 'make', flags, io, async (administration) => {
    const { seconds, reason } = flags;
    const body = {
      network: args.network,
      ...(reason === undefined ? {} : { reason }),
      ...(seconds === 0 ? {} : { seconds }),
    };
    const answer = await administration.ask('POST', '/v1/bans', { body });
    const network = isRecord(answer) && isRecord(answer.ban) ? String(answer.ban.network) : args.network;
    io.out(`${network} is banned ${seconds === 0 ? 'until the ban is removed' : `for ${printSeconds(seconds)}`}.`);
  });
}

export async function runBansRemove({ args, flags, io }: InputOf<typeof bansRemoveOutline>): Promise<number> {
  return await withAdministration('bans remove', 'change', flags, io, async (administration) => {
    await administration.ask('DELETE', `/v1/bans/${encodeURIComponent(args.network)}`);
    io.out(`${args.network} is not banned any more.`);
  });
}

const rowOf = ({ network, reason, by, times, expiresInSeconds }: ShownBan): readonly string[] => [
  network,
  times > 1 ? `${reason}, ${times} times in a row` : reason,
  by,
  expiresInSeconds === null ? 'when removed' : `in ${printSeconds(expiresInSeconds)}`,
];

/** The server is of the same version: what it calls bans are bans. */
function readBans(answer: unknown): readonly ShownBan[] {
  const bans: unknown = isRecord(answer) ? answer.bans : undefined;
  return Array.isArray(bans) ? (bans as readonly ShownBan[]) : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const HEAD = ['NETWORK', 'REASON', 'BY', 'ENDS'];
