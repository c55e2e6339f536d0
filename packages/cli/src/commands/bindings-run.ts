import type { ShownBinding } from '@strowger/server';
import type { InputOf } from '../outline.ts';
import { printSeconds, printTable } from '../table.ts';
import { withAdministration } from '../with-administration.ts';
import type { bindingsOutline } from './bindings.ts';

export async function runBindings({ args, flags, io }: InputOf<typeof bindingsOutline>): Promise<number> {
  return await withAdministration('bindings', 'read', flags, io, async (administration) => {
    const query = new Map(args.aor === undefined ? [] : [['aor', args.aor] as const]);
    const bindings = readBindings(await administration.ask('GET', '/v1/bindings', { query }));
    if (flags.json) io.out(JSON.stringify({ bindings }, undefined, 2));
    else if (bindings.length === 0)
      io.err(args.aor === undefined ? 'Nobody is registered.' : `${args.aor} is not registered.`);
    else for (const line of printTable(HEAD, bindings.map(rowOf))) io.out(line);
  });
}

const rowOf = (binding: ShownBinding): readonly string[] => [
  binding.aor,
  binding.contact,
  printSeconds(binding.expiresInSeconds),
  binding.receivedFrom,
  binding.userAgent ?? '-',
];

/** The server is of the same version: what it calls bindings are bindings. */
function readBindings(answer: unknown): readonly ShownBinding[] {
  const isList =
    typeof answer === 'object' && answer !== null && 'bindings' in answer && Array.isArray(answer.bindings);
  return isList ? (answer.bindings as readonly ShownBinding[]) : [];
}

const HEAD = ['ADDRESS', 'CONTACT', 'EXPIRES IN', 'RECEIVED FROM', 'USER AGENT'];
