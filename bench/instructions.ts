import { spawnSync } from 'node:child_process';

/** Instructions of user code for one call of `bench/exchange.ts`, or why they cannot be counted. */
export interface InstructionCount {
  readonly way: string;
  readonly instructions: number | undefined;
}

/** Counts two runs, of which the longer one differs by nothing but calls of compiled code; so start and warming up cancel out. */
export function countInstructions(script: string): InstructionCount {
  const way = WAYS.find(isUsable);
  if (way === undefined)
    return { way: 'neither perf with a hardware counter nor valgrind is here', instructions: undefined };
  const few = way.countOf(run([...way.command, ...nodeArgs(script, way.warmCalls)]));
  const many = way.countOf(run([...way.command, ...nodeArgs(script, way.warmCalls + way.calls)]));
  return few === undefined || many === undefined
    ? { way: `${way.name} printed no number, or the calls failed`, instructions: undefined }
    : { way: way.name, instructions: (many - few) / way.calls };
}

interface Way {
  readonly name: string;
  readonly command: readonly string[];
  readonly warmCalls: number;
  readonly calls: number;
  readonly countOf: (said: string) => number | undefined;
}

/** The best first. Virtual machines often have no counter for perf; valgrind simulates the processor, thirty times slower. */
const WAYS: readonly Way[] = [
  {
    name: 'perf',
    command: ['perf', 'stat', '-x', ',', '-e', 'instructions:u'],
    warmCalls: 20_000,
    calls: 20_000,
    countOf: (said) => numberIn(/^(\d+),,instructions/m.exec(said)?.[1]),
  },
  {
    name: 'valgrind',
    command: [
      'valgrind',
      '--tool=cachegrind',
      '--cache-sim=no',
      '--cachegrind-out-file=/dev/null',
      '--smc-check=all-non-file',
    ],
    warmCalls: 6_000,
    calls: 4_000,
    countOf: (said) => numberIn(/I\s+refs:\s+([\d,]+)/.exec(said)?.[1]),
  },
];

/** Runs nothing to see whether it counts. */
const isUsable = ({ command, countOf }: Way): boolean => countOf(run([...command, 'true'])) !== undefined;

const numberIn = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text.replaceAll(',', ''));

/** One thread, so that what compiles and collects is counted the same way each time. */
const nodeArgs = (script: string, calls: number): readonly string[] => [
  process.execPath,
  '--single-threaded',
  script,
  '--rounds',
  '1',
  '--calls',
  String(calls),
];

/** What it said, '' where it failed or does not exist. */
function run([command = '', ...args]: readonly string[]): string {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stderr : '';
}
