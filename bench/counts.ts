import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { type Figure, medianOf, remember } from './history.ts';
import { countInstructions } from './instructions.ts';
import { type Loop, newCall, openLoop } from './loop-call.ts';
import { tableOf } from './table.ts';

/**
 * What a call costs in counts that a busy machine does not change: bytes that our own code allocates for each message of it, and
 * with `--instructions` those of the processor for the whole of it, which takes minutes under valgrind. `node bench/counts.ts
 * [--calls 1000] [--rounds 9] [--instructions] [--no-history]`. Calls go through the flow of `loop-call.ts`, all of a round abreast.
 */
const { values: flags } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '9' },
    instructions: { type: 'boolean', default: false },
    'no-history': { type: 'boolean', default: false },
  },
});
const SCRIPT = fileURLToPath(import.meta.url);
/** Nothing may be collected while bytes are counted, so the young generation has room for a whole step of a round. */
const ROOM = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256', '--single-threaded'];
const WARM_ROUNDS = 20;
/** The longest that anything is kept of a call that went well (RFC 3261 §17.1.1.2, RFC 6026 §7). */
const ALL_GONE_MS = 40_000;
const NOTHING = new Uint8Array();

const { gc } = globalThis;
if (gc === undefined) {
  const { status } = spawnSync(process.execPath, [...ROOM, SCRIPT, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  const counted = await countBytes(gc);
  const figures: Figure[] = [...counted].map(([what, bytes]) => ({
    benchmark: `allocated for ${what}`,
    subject: 'strowger',
    value: medianOf(bytes),
    unit: 'bytes',
    ratio: undefined,
    range: [Math.min(...bytes), Math.max(...bytes)],
  }));
  if (flags.instructions) figures.push(...instructionFigures());
  const rows = figures.map(({ benchmark, value, unit, range }) => [
    benchmark,
    numberText(value),
    unit,
    range === undefined ? '' : range.map(numberText).join('–'),
  ]);
  console.log(tableOf(['count', 'median', 'unit', 'lowest–highest'], rows));
  if (!flags['no-history']) remember(figures);
}

/** Bytes allocated by what, one number for each round. */
async function countBytes(collect: () => void): Promise<ReadonlyMap<string, readonly number[]>> {
  const loop = await openLoop();
  const counted = new Map<string, number[]>();
  for (let round = 0; round < WARM_ROUNDS + Number(flags.rounds); round += 1) {
    const isWarm = round >= WARM_ROUNDS;
    const found = countRound(loop, round * Number(flags.calls), isWarm ? collect : () => undefined);
    if (!isWarm) continue;
    for (const [what, bytes] of found) counted.set(what, [...(counted.get(what) ?? []), bytes]);
  }
  return counted;
}

/** A round of calls, one step of all of them after the other: the caller's and callee's own work stays outside of the counting. */
function countRound(loop: Loop, firstId: number, collect: () => void): ReadonlyMap<string, number> {
  const calls = Array.from({ length: Number(flags.calls) }, (_, i) => newCall(firstId + i));
  const found = new Map<string, number>();
  let whole = 0;
  for (const { name, port, make, look } of loop.steps) {
    const messages = calls.map(make);
    const sent: (readonly Uint8Array[])[] = new Array(calls.length);
    collect();
    const before = usedBytes();
    for (let i = 0; i < messages.length; i += 1) sent[i] = loop.deliver(messages[i] ?? NOTHING, port);
    const bytes = (usedBytes() - before) / calls.length;
    calls.forEach((call, i) => {
      look(call, sent[i] ?? []);
    });
    found.set(name, bytes);
    whole += bytes;
    loop.pass(1);
    loop.tick();
  }
  collect();
  const before = usedBytes();
  loop.pass(ALL_GONE_MS);
  loop.tick();
  const end = (usedBytes() - before) / calls.length;
  return new Map([['a call', whole + end], ...found, ['the end of its timers', end]]);
}

/** Of objects, and of memory outside of the heap that they hold. */
function usedBytes(): number {
  return getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;
}

function instructionFigures(): readonly Figure[] {
  const { way, instructions } = countInstructions(fileURLToPath(new URL('./exchange.ts', import.meta.url)));
  if (instructions === undefined) {
    console.error(`instructions are not counted: ${way}`);
    return [];
  }
  const benchmark = `instructions of a call (${way})`;
  return [{ benchmark, subject: 'strowger', value: instructions, unit: 'instructions', ratio: undefined }];
}

function numberText(value: number): string {
  return Math.round(value).toLocaleString('en');
}
