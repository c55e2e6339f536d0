import { UsageFault } from '../text/faults.ts';
import type { Instant } from '../text/time.ts';

/**
 * The interpreter of the four transaction machines (RFC 3261 §17, RFC 6026). A machine holds no message: what it wants done
 * are words, and its owner, who has the messages, does it. It is told the time and what happened.
 */

/** One cell of a table: nothing happens, or the state to be in afterwards and what to do, in order. */
export type Row<S extends string, A extends string> = 'ignore' | { readonly to: S; readonly do?: readonly A[] };

/** A state: what each input does in it, and which timers run in it. All other timers end when the state is entered. */
export interface StateSpec<S extends string, I extends string, T extends string, A extends string> {
  /** Timers that start when the state is entered from another one. */
  readonly starts: readonly T[];
  /** Timers that go on running as they were. */
  readonly keeps: readonly T[];
  /** Who ends the waiting in a live state without timers. */
  readonly owner?: string;
  /** `t2`: retransmissions come every T2 from here on, however short the interval still was. */
  readonly pace?: 't2';
  readonly on: { readonly [input in I]: Row<S, A> };
}

/** A timer by its letter in RFC 3261 Table 4: one that repeats a message, or one that ends a state. */
export type TimerSpec =
  /** Runs on unreliable transports only. Begins with T1 and doubles, without end or up to T2. */
  | { readonly type: 'retransmit'; readonly upTo: 'infinity' | 't2' }
  /** `unreliable` and `reliable`: how long it runs, in ms. Zero ends the state as soon as it is entered. */
  | { readonly type: 'timeout'; readonly unreliable: Duration; readonly reliable: Duration };

/** Milliseconds, by the timing in use. */
export type Duration = (timing: Timing) => number;

/** A machine as data. `S` are its states, `I` its inputs, `T` the letters of its timers, `A` its actions. */
export interface MachineTable<S extends string, I extends string, T extends string, A extends string> {
  readonly name: string;
  /** Where the machine is defined. */
  readonly rfc: string;
  readonly initial: S;
  /** What to do when the machine starts. */
  readonly onStart: readonly A[];
  readonly timers: { readonly [timer in T]: TimerSpec };
  readonly states: { readonly [state in S]: StateSpec<S, I, T, A> };
}

/** Any table, as the interpreter sees it. */
export type AnyTable = MachineTable<string, string, string, string>;

/** The three durations that all others are made of, in ms (RFC 3261 §17.1.1.1, §17.1.2.2, Table 4). */
export interface Timing {
  /** An estimate of the round-trip time. */
  readonly t1: number;
  /** The longest interval between retransmissions of a non-INVITE request or an INVITE's final response. */
  readonly t2: number;
  /** How long a message may stay in the network. */
  readonly t4: number;
}

export const DEFAULT_TIMING: Timing = { t1: 500, t2: 4000, t4: 5000 };

/** Whether what is sent can get lost (RFC 3261 §17). */
export type Reliability = 'reliable' | 'unreliable';

/** One transaction's state. Changed in place, by the functions of this file only. */
export interface Machine {
  readonly table: AnyTable;
  readonly timing: Timing;
  readonly reliable: boolean;
  state: string;
  /** That state in the table. */
  spec: StateSpec<string, string, string, string>;
  /** The retransmission interval in ms that the next one follows from. */
  interval: number;
  /** `Infinity` where nothing is to be repeated. */
  retransmitAt: Instant;
  /** When the state ends by itself; `Infinity` where it does not. */
  timeoutAt: Instant;
}

/** A machine in its initial state that nobody has started yet. */
export function createMachine(table: AnyTable, transport: Reliability, timing: Timing): Machine {
  return {
    table,
    timing,
    reliable: transport === 'reliable',
    state: table.initial,
    spec: specOf(table, table.initial),
    interval: 0,
    retransmitAt: Number.POSITIVE_INFINITY,
    timeoutAt: Number.POSITIVE_INFINITY,
  };
}

/** Starts the timers of the initial state; appends what to do first to `out`. */
export function start(machine: Machine, now: Instant, out: string[]): void {
  append(machine.table.onStart, out);
  enter(machine, now, out);
}

/**
 * Something happened: may change the state, and appends to `out` what to do about it, in order.
 * @throws UsageFault for an input that the machine's table does not know
 */
export function step(machine: Machine, input: string, now: Instant, out: string[]): void {
  const row = machine.spec.on[input];
  if (row === undefined) throw new UsageFault(`the ${machine.table.name} transaction has no input "${input}"`);
  if (row === 'ignore') return;
  if (row.do !== undefined) append(row.do, out);
  if (row.to === machine.state) return;
  machine.state = row.to;
  machine.spec = specOf(machine.table, row.to);
  enter(machine, now, out);
}

/**
 * Fires what is due: the end of the state, else one retransmission, however late the call is; called early or twice it does
 * nothing.
 */
export function expire(machine: Machine, now: Instant, out: string[]): void {
  if (machine.timeoutAt <= now) {
    const timer = running(machine, 'timeout');
    machine.timeoutAt = Number.POSITIVE_INFINITY;
    if (timer !== undefined) step(machine, `timer${timer}`, now, out);
  }
  if (machine.retransmitAt <= now) {
    const timer = running(machine, 'retransmit');
    machine.retransmitAt = Number.POSITIVE_INFINITY;
    if (timer === undefined) return;
    machine.interval = nextInterval(machine, timer);
    machine.retransmitAt = now + machine.interval;
    step(machine, `timer${timer}`, now, out);
  }
}

/** The earliest deadline; `Infinity` when there is none. */
export const dueAt = (machine: Machine): Instant => Math.min(machine.retransmitAt, machine.timeoutAt);

/** True when the transaction is over and its owner has to let it go at once. */
export const isTerminated = (machine: Machine): boolean => machine.state === TERMINATED;

/** The last state of every table. */
export const TERMINATED = 'terminated';

/** Sets the timers of the state that was just entered; a state whose timer is zero long is left again at once. */
function enter(machine: Machine, now: Instant, out: string[]): void {
  const { starts, keeps, pace } = machine.spec;
  if (keeps.length === 0) {
    machine.retransmitAt = Number.POSITIVE_INFINITY;
    machine.timeoutAt = Number.POSITIVE_INFINITY;
  } else {
    if (running(machine, 'retransmit') === undefined) machine.retransmitAt = Number.POSITIVE_INFINITY;
    if (running(machine, 'timeout') === undefined) machine.timeoutAt = Number.POSITIVE_INFINITY;
  }
  if (pace === 't2') machine.interval = machine.timing.t2;
  for (const timer of starts) {
    const spec = machine.table.timers[timer];
    if (spec === undefined) continue;
    if (spec.type === 'timeout') startTimeout(machine, timer, spec, now, out);
    else if (!machine.reliable) {
      machine.interval = machine.timing.t1;
      machine.retransmitAt = now + machine.interval;
    }
  }
}

function startTimeout(
  machine: Machine,
  timer: string,
  spec: TimerSpec & { readonly type: 'timeout' },
  now: Instant,
  out: string[],
): void {
  const ms = (machine.reliable ? spec.reliable : spec.unreliable)(machine.timing);
  if (ms > 0) machine.timeoutAt = now + ms;
  else step(machine, `timer${timer}`, now, out);
}

/** The letter of the timer of this type that the state starts or keeps. */
function running(machine: Machine, type: TimerSpec['type']): string | undefined {
  const { starts, keeps } = machine.spec;
  const { timers } = machine.table;
  for (const timer of starts) if (timers[timer]?.type === type) return timer;
  for (const timer of keeps) if (timers[timer]?.type === type) return timer;
  return undefined;
}

/** RFC 3261 §17.1.1.2: doubles; §17.1.2.2, §17.2.1: doubles up to T2. */
function nextInterval(machine: Machine, timer: string): number {
  const spec = machine.table.timers[timer];
  const doubled = machine.interval * 2;
  return spec?.type === 'retransmit' && spec.upTo === 't2' ? Math.min(doubled, machine.timing.t2) : doubled;
}

function specOf(table: AnyTable, state: string): StateSpec<string, string, string, string> {
  const spec = table.states[state];
  if (spec === undefined) throw new UsageFault(`the ${table.name} transaction has no state "${state}"`);
  return spec;
}

function append(actions: readonly string[], out: string[]): void {
  for (const action of actions) out.push(action);
}
