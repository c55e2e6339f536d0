import { parseArgs } from 'node:util';
import { keep } from './corpus.ts';
import { fuzzEngine } from './engine-fuzz.ts';
import { type Finding, runTarget } from './target.ts';
import { targets } from './targets.ts';

// node fuzz/fuzz.ts [--inputs 1000000] [--seed 1] [--target header]
// The same seed makes the same inputs. What is found is kept in fuzz/corpus, to be named after what it was once it is mended.

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);

interface Row {
  readonly name: string;
  readonly count: number;
  readonly ms: number;
  readonly slowestMs: number | undefined;
  readonly findings: readonly Finding[];
}

const ENGINE_SHARE = 2;
const all = [...targets.map(({ name, share }) => ({ name, share })), { name: 'engine', share: ENGINE_SHARE }];
const chosen = all.filter(({ name }) => values.target === undefined || name === values.target);
if (chosen.length === 0 || !(inputs > 0) || !Number.isSafeInteger(seed)) {
  console.error(`--inputs and --seed are numbers, --target is one of ${all.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}

const shares = chosen.reduce((sum, { share }) => sum + share, 0);
const rows: Row[] = [];
for (const { name, share } of chosen) rows.push(await run(name, Math.ceil((inputs * share) / shares)));
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
report(rows);
process.exitCode = rows.some(({ findings }) => findings.length > 0) ? 1 : 0;

async function run(name: string, count: number): Promise<Row> {
  const from = performance.now();
  let done = 0;
  const onProgress = (): void => {
    done += 1;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name} ${'.'.repeat(done % 60)}`);
  };
  const target = targets.find((one) => one.name === name);
  const result =
    target === undefined
      ? { findings: await fuzzEngine(count, seed, onProgress), slowest: undefined }
      : runTarget(target, count, seed, onProgress);
  const ms = performance.now() - from;
  return { name, count, ms, slowestMs: result.slowest?.ms, findings: result.findings };
}

function report(table: readonly Row[]): void {
  console.log(`| Target | Inputs | Inputs/s | Slowest input | Findings |\n| --- | ---: | ---: | ---: | ---: |`);
  for (const { name, count, ms, slowestMs, findings } of table) {
    const slowest = slowestMs === undefined ? '' : `${slowestMs.toFixed(0)} ms`;
    console.log(`| ${name} | ${count} | ${Math.round((count / ms) * 1_000)} | ${slowest} | ${findings.length} |`);
  }
  const count = table.reduce((sum, row) => sum + row.count, 0);
  const ms = table.reduce((sum, row) => sum + row.ms, 0);
  console.log(
    `\n${count} inputs of seed ${seed} in ${(ms / 1_000).toFixed(0)} s, ${Math.round((count / ms) * 1_000)} a second`,
  );
  for (const { target, input, error } of table.flatMap(({ findings }) => findings)) {
    const path = target === 'engine' ? input : keep(target, `unnamed-${hashOf(input)}`, input);
    console.log(`\n${target}: ${path}\n${error instanceof Error ? error.stack : String(error)}`);
  }
}

function hashOf(input: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < input.length; i += 1) hash = Math.imul(hash ^ input.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}
