import type { Format, Paint } from '../io.ts';
import { printTable } from '../table.ts';

/** `fault`: the server cannot start with it. `note`: it starts, and something could be better. */
export type State = 'ok' | 'note' | 'fault';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  readonly state: State;
  /** Without a full stop. */
  readonly found: string;
  /** What to do, in sentences. */
  readonly advice?: string;
}

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found });

export const note = (name: string, found: string, advice?: string): Finding => ({
  name,
  state: 'note',
  found,
  ...(advice === undefined ? {} : { advice }),
});

/** What an error says: its first sentence is what was found, those behind it the cure. */
export function findingOf(name: string, state: State, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const [found = '', advice] = message.split(/\.\s+(?=[A-Z])([\s\S]*)/);
  const bare = { name, state, found: found.replace(/\.$/, '') };
  return advice === undefined ? bare : { ...bare, advice };
}

/** A line for each, aligned, and one that counts what is not good. */
export function printFindings(findings: readonly Finding[], paint: Paint): readonly string[] {
  const [head = '', ...lines] = printTable(
    ['STATE', 'WHAT', 'FOUND'],
    findings.map(({ name, state, found, advice }) => [
      state,
      name,
      advice === undefined ? found : `${found}. ${advice}`,
    ]),
  );
  const marked = lines.map((line, index) => {
    const state = findings[index]?.state ?? 'ok';
    return `${paint(COLOURS[state], state)}${line.slice(state.length)}`;
  });
  return [head, ...marked, '', summaryOf(findings)];
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (wanted: State): number => findings.filter(({ state }) => state === wanted).length;
  const [faults, notes] = [count('fault'), count('note')];
  const told = notes === 0 ? 'nothing to note' : notes === 1 ? '1 note' : `${notes} notes`;
  if (faults === 0) return `Nothing is at fault; ${told}.`;
  return `${faults === 1 ? '1 fault' : `${faults} faults`}; ${told}. The server cannot start like this.`;
}

const COLOURS: Readonly<Record<State, Format>> = { ok: 'green', note: 'yellow', fault: 'red' };
