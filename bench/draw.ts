import { readFileSync, writeFileSync } from 'node:fs';
import { type BarGroup, drawBars } from './bars.ts';
import { drawCourse, type Stage } from './course.ts';
import { CPU_UNIT, figureTable, loadTable, newestOf } from './figure-tables.ts';
import { type HistoryRow, parseHistory } from './history.ts';
import { MIXES } from './mixes.ts';
import { PEER, SUBJECTS } from './subjects.ts';

/** Draws `history.csv`: `node bench/draw.ts` writes docs/performance/*.svg and the figures in docs/performance.md. */
const history = parseHistory(readFileSync(new URL('./history.csv', import.meta.url), 'utf8'));
const newest = newestOf(history);
const PARSER_UNIT = 'us CPU a message';
const docs = new URL('../docs/', import.meta.url);
const modes = [...new Set(newest.filter(isLoad).map(modeOf))];

const parts: string[] = [];
for (const mode of modes) {
  const name = mode === '' ? 'saturation' : mode.replace('/s', '-a-second');
  const heading = mode === '' ? 'At saturation' : `At ${mode.replace('/s', ' a second')}`;
  save(
    `cpu-${name}.svg`,
    drawBars(
      'CPU for 1,000 calls or requests',
      `ms; ${heading.toLowerCase()}; in brackets: times Kamailio's, median of the rounds`,
      barsOf(mode),
    ),
  );
  const benchmarks = MIXES.map((mix) => benchmarkOf(mix.name, mode));
  parts.push(
    `### ${heading}`,
    `![CPU for 1,000 calls or requests, ${heading.toLowerCase()}](performance/cpu-${name}.svg)`,
    loadTable(newest, benchmarks),
  );
}
save(
  'calls.svg',
  drawCourse(
    'CPU for 1,000 calls over the commits',
    "ms; at saturation; above the points: times Kamailio's in the same run",
    stagesOf('call'),
  ),
);
parts.push(
  '### Calls over the commits',
  '![CPU for 1,000 calls over the commits](performance/calls.svg)',
  '### Parsers and serializers',
  figureTable(newest, ({ unit }) => unit === PARSER_UNIT),
  '### Everything else',
  figureTable(newest, (row) => row.unit !== PARSER_UNIT && !isLoad(row) && !isBesideLoad(row)),
);
const page = new URL('performance.md', docs);
const [before, after] = readFileSync(page, 'utf8').split(/(?<=<!-- figures -->\n)[\s\S]*(?=<!-- \/figures -->)/);
if (before === undefined || after === undefined)
  throw new Error('performance.md has lost the marks around its figures');
writeFileSync(page, `${before}\n${parts.join('\n\n')}\n\n${after}`);

function save(name: string, svg: string): void {
  writeFileSync(new URL(`performance/${name}`, docs), svg);
}

/** '' at saturation, else such as `2000/s`. */
function modeOf({ benchmark }: HistoryRow): string {
  return benchmark.split(' at ')[1] ?? '';
}

function benchmarkOf(mix: string, mode: string): string {
  return mode === '' ? mix : `${mix} at ${mode}`;
}

function isOfMix({ benchmark }: HistoryRow): boolean {
  return MIXES.some(({ name }) => benchmark === name || benchmark.startsWith(`${name} at `));
}

function isLoad(row: HistoryRow): boolean {
  return row.unit === CPU_UNIT && isOfMix(row);
}

/** What `loadTable` shows in the line of the CPU. */
function isBesideLoad(row: HistoryRow): boolean {
  return (row.unit === 'MB' || row.unit === 'a second') && isOfMix(row);
}

function barsOf(mode: string): readonly BarGroup[] {
  return MIXES.flatMap(({ name }) => {
    const rows = newest.filter((row) => isLoad(row) && row.benchmark === benchmarkOf(name, mode));
    const bars = SUBJECTS.flatMap(({ name: subject }) => {
      const row = rows.find((one) => one.subject === subject);
      if (row === undefined) return [];
      const note = subject === PEER || row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} ×`;
      return [{ subject, value: row.value, note }];
    });
    return bars.length === 0 ? [] : [{ name, bars }];
  });
}

/** The newest measurement of each commit at which both servers were measured. */
function stagesOf(benchmark: string): readonly Stage[] {
  const rows = history.filter((row) => row.benchmark === benchmark && row.unit === CPU_UNIT);
  return [...new Set(rows.map(({ commit }) => commit))].flatMap((commit) => {
    const own = rows.filter((row) => row.commit === commit);
    const mine = own.findLast(({ subject }) => subject === 'strowger');
    const peer = own.findLast(({ subject }) => subject === PEER);
    if (mine === undefined || peer === undefined) return [];
    const values = new Map([mine, peer].map(({ subject, value }) => [subject, value]));
    return [{ label: commit, values, note: `${(mine.ratio ?? mine.value / peer.value).toFixed(2)} ×` }];
  });
}
