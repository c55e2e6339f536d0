import type { BindingsPage, ShownBinding } from '@strowger/server';
import type { Administration } from '../control-client.ts';
import type { InputOf } from '../outline.ts';
import { printSeconds, printTable } from '../table.ts';
import { withAdministration } from '../with-administration.ts';
import type { bindingsOutline } from './bindings.ts';

export async function runBindings({ args, flags, io }: InputOf<typeof bindingsOutline>): Promise<number> {
  return await withAdministration('bindings', 'read', flags, io, async (administration) => {
    const bindings = await allBindings(administration, args.aor);
    if (flags.json) io.out(JSON.stringify({ bindings }, undefined, 2));
    else if (bindings.length === 0)
      io.err(args.aor === undefined ? 'Nobody is registered.' : `${args.aor} is not registered.`);
    else for (const line of printTable(HEAD, bindings.map(rowOf))) io.out(line);
  });
}

/** Page by page: the server goes on with its calls between them. */
async function allBindings(administration: Administration, aor: string | undefined): Promise<readonly ShownBinding[]> {
  const all: ShownBinding[] = [];
  const about: readonly (readonly [string, string])[] = aor === undefined ? [] : [['aor', aor]];
  for (let after: string | null = ''; after !== null; ) {
    const query = new Map(after === '' ? about : [...about, ['after', after]]);
    const page = readPage(await administration.ask('GET', '/v1/bindings', { query }));
    all.push(...page.bindings);
    after = page.next;
  }
  return all;
}

const rowOf = (binding: ShownBinding): readonly string[] => [
  binding.aor,
  binding.contact,
  printSeconds(binding.expiresInSeconds),
  binding.receivedFrom,
  binding.userAgent ?? '-',
];

/** The server is of the same version: what it calls bindings are bindings. */
function readPage(answer: unknown): BindingsPage {
  const isPage =
    typeof answer === 'object' && answer !== null && 'bindings' in answer && Array.isArray(answer.bindings);
  if (!isPage) return { bindings: [], next: null };
  const next = 'next' in answer && typeof answer.next === 'string' && answer.next !== '' ? answer.next : null;
  return { bindings: answer.bindings as readonly ShownBinding[], next };
}

const HEAD = ['ADDRESS', 'CONTACT', 'EXPIRES IN', 'RECEIVED FROM', 'USER AGENT'];
