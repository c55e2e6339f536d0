import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { remember } from './history.ts';
import { measure, type Rate, type Sample, SERVER_CPU } from './measuring.ts';
import { MIXES } from './mixes.ts';
import { missingPeers } from './peers/installed.ts';
import { SUBJECTS, type SubjectKind, takesPart } from './subjects.ts';
import { cellsOf, figuresOf, HEAD, summariesOf } from './summary.ts';
import { tableOf } from './table.ts';

/**
 * This server, Kamailio and the npm package `sip` in turn under the same SIPp load, pinned alike, at saturation and at a steady rate: CPU
 * milliseconds for 1,000 calls or requests, calls a second, memory; then our parser beside those of npm. Tables come at the end.
 * `npm run bench -- [--only call,register,parser] [--subjects "strowger,strowger dgram,kamailio"] [--rates saturation,2000]
 * [--rounds 5] [--seconds 6] [--json] [--no-history]`. A subject that is measured on demand needs to be named.
 */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    subjects: { type: 'string' },
    rates: { type: 'string', default: 'saturation,2000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
    'no-history': { type: 'boolean', default: false },
  },
});
const wanted = named('--only', flags.only, [...MIXES.map(({ name }) => name), 'parser']);
const wantedSubjects = named(
  '--subjects',
  flags.subjects,
  SUBJECTS.map(({ name }) => name),
);
const rates = flags.rates.split(',').map(rateOf);
const [rounds, seconds] = [Number(flags.rounds), Number(flags.seconds)];

const samples: Sample[] = [];
const mixes = MIXES.filter(({ name }) => wanted?.includes(name) ?? true);
const subjects = mixes.length === 0 ? [] : presentSubjects();
for (const mix of mixes)
  for (let round = 1; round <= rounds; round += 1)
    for (const kind of subjects.filter((one) => takesPart(one, mix))) {
      console.error(`${mix.name}, round ${round} of ${rounds}: ${kind.name}`);
      samples.push(...(await measure(mix, kind, { round, rates, seconds })));
    }
const summaries = summariesOf(samples);
if (!flags['no-history']) remember(summaries.flatMap(figuresOf));
const parser = (wanted?.includes('parser') ?? true) ? parserReport() : undefined;
if (flags.json) console.log(JSON.stringify({ samples, summaries, parser: JSON.parse(parser ?? 'null') }, null, 2));
else {
  const medians = 'Medians (lowest–highest) of the rounds; of Kamailio: of the ratios within each round.';
  if (summaries.length > 0) console.log(`${tableOf(HEAD, summaries.map(cellsOf))}\n\n${medians}`);
  if (parser !== undefined) console.log(`\n${parser}`);
}

/** What runs on this machine; what does not says so. */
function presentSubjects(): readonly SubjectKind[] {
  return SUBJECTS.filter(({ name, onDemand, mixes: some, missing }) => {
    if (wantedSubjects?.includes(name) !== true && (wantedSubjects !== undefined || onDemand)) return false;
    if (!mixes.some((mix) => some?.includes(mix.name) ?? true)) return false;
    const why = missing?.();
    if (why !== undefined) console.error(why);
    return why === undefined;
  });
}

/** `parser.ts` in a process of its own, where nothing else has shaped the heap. */
function parserReport(): string | undefined {
  const why = missingPeers();
  if (why !== undefined) {
    console.error(why);
    return undefined;
  }
  const script = fileURLToPath(new URL('./parser.ts', import.meta.url));
  const own = [...(flags.json ? ['--json'] : []), ...(flags['no-history'] ? ['--no-history'] : [])];
  const pin = SERVER_CPU === undefined ? [] : ['taskset', '-c', String(SERVER_CPU)];
  const [command = '', ...args] = [...pin, process.execPath, script, ...own];
  console.error('parser');
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trimEnd();
}

function named(flag: string, list: string | undefined, known: readonly string[]): readonly string[] | undefined {
  const names = list?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${flag} ${unknown}: there are ${known.join(', ')}`);
  return names;
}

function rateOf(text: string): Rate {
  if (text === 'saturation') return text;
  if (Number(text) > 0) return Number(text);
  throw new Error(`--rates ${text}: saturation, or calls a second`);
}
