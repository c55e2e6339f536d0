import type { AnyTable, StateSpec, TimerSpec } from './machine.ts';
import { DEFAULT_TIMING, TERMINATED } from './machine.ts';

/** A table as a state diagram in the language of Mermaid: one arrow for each cell that does something. */
export function diagramOf(table: AnyTable): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${table.initial}${label('start', table.onStart)}`];
  for (const [state, spec] of Object.entries(table.states)) {
    for (const [input, row] of Object.entries(spec.on)) {
      if (row !== 'ignore') lines.push(`  ${state} --> ${row.to}${label(input, row.do ?? [])}`);
    }
  }
  lines.push(`  ${TERMINATED} --> [*]`);
  return `${lines.join('\n')}\n`;
}

/** A page of the reference: each table's diagram, its timers, and what is waited for in each state. */
export function stateMachinesPage(tables: readonly AnyTable[]): string {
  const sections = tables.map(
    (table) =>
      `## ${title(table.name)} transaction\n\n${table.rfc}\n\n\`\`\`mermaid\n${diagramOf(table)}\`\`\`\n\n${timersOf(table)}\n${waitsOf(table)}`,
  );
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

const label = (input: string, actions: readonly string[]): string =>
  actions.length === 0 ? `: ${input}` : `: ${input} / ${actions.join(', ')}`;

function timersOf(table: AnyTable): string {
  const rows = Object.entries(table.timers).map(
    ([letter, spec]) => `| ${letter} | ${lengthOf(spec, 'unreliable')} | ${lengthOf(spec, 'reliable')} |`,
  );
  return `| timer | unreliable transport | reliable transport |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

function lengthOf(spec: TimerSpec, transport: 'unreliable' | 'reliable'): string {
  if (spec.type === 'timeout') return `${spec[transport](DEFAULT_TIMING)} ms`;
  if (transport === 'reliable') return 'not used';
  return spec.upTo === 't2'
    ? `${DEFAULT_TIMING.t1} ms, doubling up to ${DEFAULT_TIMING.t2} ms`
    : `${DEFAULT_TIMING.t1} ms, doubling`;
}

function waitsOf(table: AnyTable): string {
  const rows = Object.entries(table.states)
    .filter(([state]) => state !== TERMINATED)
    .map(([state, spec]) => `| ${state} | ${spec.owner ?? timeoutOf(table, spec)} |`);
  return `| state | who ends the waiting |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function timeoutOf(table: AnyTable, { starts, keeps }: StateSpec<string, string, string, string>): string {
  const ends = (letter: string): boolean => table.timers[letter]?.type === 'timeout';
  const started = starts.filter(ends).map((letter) => `timer ${letter}`);
  return [...started, ...keeps.filter(ends).map((letter) => `timer ${letter}, which runs on`)].join(', ');
}

const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const INTRODUCTION = `# The transaction state machines

Printed from the tables in \`packages/sip/src/transaction/\` by \`node scripts/check.ts --write\`. An arrow names the input
and, behind the stroke, what is done; inputs that are not drawn are ignored. Durations are for T1 = 500 ms, T2 = 4 s and
T4 = 5 s.
`;
