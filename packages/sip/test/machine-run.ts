import {
  type AnyTable,
  createMachine,
  DEFAULT_TIMING,
  dueAt,
  expire,
  type Machine,
  type Reliability,
  start,
  step,
  type Timing,
} from '../src/transaction/machine.ts';

/** A machine on a clock that stands until it is told to run. It starts at 0 ms; what it does is told as `500 resend`. */
export class MachineRun {
  readonly machine: Machine;
  now = 0;
  readonly #started: readonly string[];

  constructor(table: AnyTable, transport: Reliability, timing: Timing = DEFAULT_TIMING) {
    this.machine = createMachine(table, transport, timing);
    const out: string[] = [];
    start(this.machine, this.now, out);
    this.#started = out;
  }

  get state(): string {
    return this.machine.state;
  }

  /** What it did when it was started. */
  get started(): readonly string[] {
    return this.#started;
  }

  /** The actions that these inputs cause, in order. */
  input(...inputs: readonly string[]): readonly string[] {
    const out: string[] = [];
    for (const input of inputs) step(this.machine, input, this.now, out);
    return out;
  }

  /** Lets time pass and fires every timer on time. */
  wait(ms: number): readonly string[] {
    const until = this.now + ms;
    const told: string[] = [];
    for (let at = dueAt(this.machine); at <= until; at = dueAt(this.machine)) {
      this.now = at;
      const out: string[] = [];
      expire(this.machine, at, out);
      told.push(...out.map((action) => `${at} ${action}`));
    }
    this.now = until;
    return told;
  }

  /** What a state does with an input, as `to / actions`, whatever happened before; `-` for nothing. */
  static cell(table: AnyTable, state: string, input: string): string {
    const run = new MachineRun(table, 'unreliable');
    run.machine.state = state;
    run.machine.spec = table.states[state] ?? run.machine.spec;
    const actions = run.input(input);
    if (run.state === state && actions.length === 0) return '-';
    return `${run.state} / ${actions.join(' ')}`.trim();
  }

  /** Every cell of a table that does something, as `state input: to / actions`. */
  static cells(table: AnyTable): readonly string[] {
    return Object.entries(table.states).flatMap(([state, { on }]) =>
      Object.keys(on)
        .map((input) => [input, MachineRun.cell(table, state, input)] as const)
        .filter(([, cell]) => cell !== '-')
        .map(([input, cell]) => `${state} ${input}: ${cell}`),
    );
  }
}
