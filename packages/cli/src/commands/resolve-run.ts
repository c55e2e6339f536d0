import { type Family, printReason, type Reason, type ResolvedTarget, type TraceLine } from '@strowger/sip/resolve';
import { bracketed, tryParseUri } from '@strowger/sip/uri';
import { CommandFault, withSentences } from '../command-fault.ts';
import { EXIT } from '../exit.ts';
import { openResolver, tellReasons, traceLines } from '../name-search.ts';
import type { InputOf } from '../outline.ts';
import { PlaceSearch } from '../place-search.ts';
import { printTable } from '../table.ts';
import type { resolveOutline } from './resolve.ts';

export const runResolve = resolveBody();

/** The body for a machine with addresses of these families, best first; without them for this one. */
export function resolveBody(families?: () => readonly Family[]) {
  return (input: InputOf<typeof resolveOutline>): Promise<number> =>
    withSentences('resolve', input.io, () => resolve(input, families));
}

async function resolve(
  { args, flags, io, signal }: InputOf<typeof resolveOutline>,
  families: (() => readonly Family[]) | undefined,
): Promise<number> {
  const uri = tryParseUri(args.uri);
  if (uri?.type !== 'sip')
    throw new CommandFault(`${JSON.stringify(args.uri)} is no SIP address such as sip:example.test.`);
  const trace: TraceLine[] = [];
  const search = new PlaceSearch(uri, openResolver(flags.server), { trace, families });
  const { targets, reasons } = await allOf(search, signal);
  if (flags.json)
    io.out(JSON.stringify({ uri: args.uri, trace, targets, reasons: reasons.map(printReason) }, undefined, 2));
  else {
    for (const line of traceLines(trace)) io.out(line);
    if (targets.length > 0) io.out('');
    if (targets.length > 0) for (const line of printTable(HEAD, targets.map(rowOf))) io.out(line);
  }
  if (targets.length > 0) return EXIT.ok;
  return tellReasons(`strowger resolve: no server for ${args.uri}`, reasons, (line) => io.err(line));
}

async function allOf(
  search: PlaceSearch,
  signal: AbortSignal,
): Promise<{ readonly targets: readonly ResolvedTarget[]; readonly reasons: readonly Reason[] }> {
  const targets: ResolvedTarget[] = [];
  while (!signal.aborted) {
    const found = await search.at(targets.length);
    if (found.type === 'none') return { targets, reasons: found.reasons };
    targets.push(found.target);
  }
  return { targets, reasons: [] };
}

const rowOf = ({ protocol, host, port, identity }: ResolvedTarget, index: number): readonly string[] => [
  String(index + 1),
  protocol,
  `${bracketed(host)}:${port}`,
  protocol === 'tls' || protocol === 'wss' ? identity : '-',
];

const HEAD = ['TRY', 'PROTOCOL', 'ADDRESS', 'CERTIFICATE FOR'];
