import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MachineRun } from '../../test/machine-run.ts';
import { UsageFault } from '../text/faults.ts';
import { client } from './client.ts';
import { inviteClient } from './invite-client.ts';
import { inviteServer } from './invite-server.ts';
import { type AnyTable, createMachine, DEFAULT_TIMING, dueAt, expire, isTerminated, start, step } from './machine.ts';
import { server } from './server.ts';

test('every state, timer and input that a table names is there, and every state can be reached', () => {
  for (const table of TABLES) {
    const reached = new Set([table.initial]);
    for (const state of reached) {
      for (const row of Object.values(specOf(table, state).on)) if (row !== 'ignore') reached.add(row.to);
    }
    assert.deepEqual([...reached].sort(), Object.keys(table.states).sort(), table.name);
    const inputs = Object.keys(specOf(table, table.initial).on).sort();
    for (const { on } of Object.values(table.states)) assert.deepEqual(Object.keys(on).sort(), inputs, table.name);
    assert.deepEqual(
      inputs.filter((input) => input.startsWith('timer')),
      Object.keys(table.timers).map((letter) => `timer${letter}`),
    );
  }
});

test('the input of a timer does something exactly in the states that run the timer', () => {
  for (const table of TABLES) {
    for (const [state, spec] of Object.entries(table.states)) {
      for (const letter of Object.keys(table.timers)) {
        const runs = spec.starts.includes(letter) || spec.keeps.includes(letter);
        assert.equal(spec.on[`timer${letter}`] !== 'ignore', runs, `${table.name}: timer ${letter} in ${state}`);
      }
    }
  }
});

test('a state runs at most one timer that repeats and one that ends it', () => {
  for (const table of TABLES) {
    for (const [state, { starts, keeps }] of Object.entries(table.states)) {
      const types = [...starts, ...keeps].map((letter) => table.timers[letter]?.type);
      assert.equal(new Set(types).size, types.length, `${table.name}: ${state}`);
    }
  }
});

test('a timer that ends a state leads out of it', () => {
  for (const table of TABLES) {
    for (const [state, spec] of Object.entries(table.states)) {
      for (const letter of [...spec.starts, ...spec.keeps]) {
        if (table.timers[letter]?.type !== 'timeout') continue;
        const row = spec.on[`timer${letter}`];
        assert.ok(
          row !== undefined && row !== 'ignore' && row.to !== state,
          `${table.name}: timer ${letter} in ${state}`,
        );
      }
    }
  }
});

test('a live state either has a deadline or names who ends the waiting, whatever happened before', () => {
  checkRuns((run) => {
    if (isTerminated(run.machine)) return;
    const { owner } = specOf(run.machine.table, run.state);
    assert.equal(dueAt(run.machine) === Number.POSITIVE_INFINITY, owner !== undefined, run.state);
  });
});

test('a terminated machine has no deadline and does nothing more (RFC 3261 §17.1.1.2, §17.2.2)', () => {
  checkRuns((run) => {
    if (!isTerminated(run.machine)) return;
    assert.equal(dueAt(run.machine), Number.POSITIVE_INFINITY);
    for (const input of Object.keys(specOf(run.machine.table, run.state).on)) assert.deepEqual(run.input(input), []);
    assert.deepEqual(run.wait(1_000_000), []);
  });
});

test('no deadline lies in the past once what was due has been fired', () => {
  checkRuns((run) => {
    const late: string[] = [];
    run.now += 40_000;
    expire(run.machine, run.now, late);
    assert.ok(dueAt(run.machine) > run.now);
    assert.ok(late.length <= 1, `one act at most for one call, not ${late.join(', ')}`);
  });
});

test('calling expire early or twice does nothing', () => {
  checkRuns((run) => {
    const before = { ...run.machine };
    const out: string[] = [];
    if (dueAt(run.machine) > run.now) expire(run.machine, run.now, out);
    assert.deepEqual([out, { ...run.machine }], [[], before]);
  });
});

test('over a reliable transport no timer repeats anything (RFC 3261 §17.1.1.2, §17.1.2.2, §17.2.1)', () => {
  fc.assert(
    fc.property(runOf('reliable'), ({ table, moves, timing }) => {
      const run = new MachineRun(table, 'reliable', timing);
      for (const move of moves) {
        const told = typeof move === 'number' ? run.wait(move) : [];
        if (typeof move === 'string') run.input(move);
        assert.ok(!told.some((action) => action.endsWith('resend')));
        assert.equal(run.machine.retransmitAt, Number.POSITIVE_INFINITY);
      }
    }),
  );
});

test('a machine that is left alone ends, unless it waits for its owner', () => {
  checkRuns((run) => {
    run.wait(64 * run.machine.timing.t1 + 64_000);
    assert.ok(isTerminated(run.machine) || specOf(run.machine.table, run.state).owner !== undefined, run.state);
  });
});

test('a timer that the next state neither starts nor keeps ends when that state is entered', () => {
  for (const [input, told] of [
    ['both', ['1500 resend', '3000 end']],
    ['repeats', ['1500 resend', '3500 resend', '7500 resend']],
    ['ends', ['3000 end']],
    ['neither', []],
  ] as const) {
    const run = new MachineRun(KEEPING, 'unreliable');
    run.wait(600);
    run.input(input);
    assert.deepEqual(run.wait(9400), told, input);
  }
});

test('an input that the table does not know is the mistake of the caller', () => {
  const machine = createMachine(client, 'reliable', DEFAULT_TIMING);
  start(machine, 0, []);
  assert.throws(() => step(machine, 'success', 0, []), UsageFault);
});

test('actions are appended behind what is there already', () => {
  const machine = createMachine(inviteClient, 'unreliable', DEFAULT_TIMING);
  const out = ['before'];
  start(machine, 0, out);
  step(machine, 'failure', 0, out);
  assert.deepEqual(out, ['before', 'send', 'ack', 'deliver']);
});

test('the durations are those of Table 4 (RFC 3261 Table 4, RFC 6026 §8.11)', () => {
  const lengths: string[] = [];
  for (const { timers } of TABLES) {
    for (const [letter, spec] of Object.entries(timers)) {
      if (spec.type === 'timeout')
        lengths.push(`${letter} ${spec.unreliable(DEFAULT_TIMING)} ${spec.reliable(DEFAULT_TIMING)}`);
    }
  }
  assert.deepEqual(lengths.sort(), [
    'B 32000 32000',
    'D 32000 0',
    'F 32000 32000',
    'H 32000 32000',
    'I 5000 0',
    'J 32000 0',
    'K 5000 0',
    'L 32000 32000',
    'M 32000 32000',
  ]);
});

/** A machine whose states keep one, both or none of the timers that run in the first. */
const KEEPING: AnyTable = {
  name: 'keeping',
  rfc: 'none',
  initial: 'first',
  onStart: [],
  timers: {
    R: { type: 'retransmit', upTo: 'infinity' },
    T: { type: 'timeout', unreliable: () => 3000, reliable: () => 3000 },
  },
  states: {
    first: {
      starts: ['R', 'T'],
      keeps: [],
      on: {
        both: { to: 'both' },
        repeats: { to: 'repeats' },
        ends: { to: 'ends' },
        neither: { to: 'terminated' },
        timerR: { to: 'first' },
      },
    },
    both: {
      starts: [],
      keeps: ['R', 'T'],
      on: { timerR: { to: 'both', do: ['resend'] }, timerT: { to: 'terminated', do: ['end'] } },
    },
    repeats: { starts: [], keeps: ['R'], on: { timerR: { to: 'repeats', do: ['resend'] } } },
    ends: { starts: [], keeps: ['T'], on: { timerT: { to: 'terminated', do: ['end'] } } },
    terminated: { starts: [], keeps: [], on: {} },
  },
};

const TABLES: readonly AnyTable[] = [inviteClient, client, inviteServer, server];

const specOf = (table: AnyTable, state: string) => {
  const spec = table.states[state];
  assert.ok(spec !== undefined, `${table.name} has a state ${state}`);
  return spec;
};

/** Plays random inputs and pauses on every table and asks the question after each. */
function checkRuns(question: (run: MachineRun) => void): void {
  fc.assert(
    fc.property(fc.constantFrom('reliable', 'unreliable').chain(runOf), ({ table, transport, moves, timing }) => {
      const run = new MachineRun(table, transport, timing);
      question(branchOf(run));
      for (const move of moves) {
        if (typeof move === 'number') run.wait(move);
        else run.input(move);
        question(branchOf(run));
      }
    }),
    { numRuns: 300 },
  );
}

/** A run that goes on from where another one is, which it leaves as it is. */
function branchOf(run: MachineRun): MachineRun {
  const branch = new MachineRun(
    run.machine.table,
    run.machine.reliable ? 'reliable' : 'unreliable',
    run.machine.timing,
  );
  Object.assign(branch.machine, run.machine);
  branch.now = run.now;
  return branch;
}

const runOf = (transport: 'reliable' | 'unreliable') =>
  fc.constantFrom(...TABLES).chain((table) =>
    fc.record({
      table: fc.constant(table),
      transport: fc.constant(transport),
      timing: fc.record({
        t1: fc.integer({ min: 1, max: 2000 }),
        t2: fc.integer({ min: 1, max: 8000 }),
        t4: fc.integer({ min: 1, max: 8000 }),
      }),
      moves: fc.array(
        fc.oneof(
          fc.constantFrom(
            ...Object.keys(specOf(table, table.initial).on).filter((input) => !input.startsWith('timer')),
          ),
          fc.integer({ min: 0, max: 40_000 }),
        ),
        { maxLength: 12 },
      ),
    }),
  );
