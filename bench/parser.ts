import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CORPUS } from './corpus.ts';
import { type Figure, medianOf, remember } from './history.ts';
import { loadPeers, ourParser, type Parser } from './parsers.ts';
import { arePeersInstalled, missingPeers } from './peers/installed.ts';
import { loadPrinters } from './printers.ts';
import { tableOf } from './table.ts';

/**
 * Our parser and serializer beside those of npm's SIP packages, over the same twenty messages: microseconds of CPU a message, medians
 * of rounds in which they take turns. `node bench/parser.ts [--rounds 9] [--ms 40] [--install-peers] [--json] [--no-history]`, on
 * a quiet core (`taskset -c 0`).
 */
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    ms: { type: 'string', default: '40' },
    'install-peers': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'no-history': { type: 'boolean', default: false },
  },
});

interface Case {
  readonly name: string;
  readonly about: string;
  readonly work: (parser: Parser) => ((bytes: Buffer) => unknown) | undefined;
}

const CASES: readonly Case[] = [
  { name: 'parse', about: 'parse', work: (parser) => parser.parse },
  {
    name: 'parse-route',
    about: 'parse and read top Via, From tag, To tag, Call-ID, CSeq, Contact URI, Route URI',
    work: (parser) => parser.route,
  },
  { name: 'parse-edit-print', about: 'parse, edit as a proxy does, print', work: (parser) => parser.forward },
  { name: 'make-print', about: 'make a new INVITE with SDP of values, print', work: ({ name }) => printers.get(name) },
];

const WARM_US = 400_000;
/** What no parser returns: comparing with it keeps the results in use. */
const SINK = Symbol('sink');

const peers = await installedPeers();
const printers = await loadPrinters();
const figures = CASES.flatMap(figuresOf);
if (flags.json) console.log(JSON.stringify(figures, null, 2));
else {
  const rows = figures.map(({ benchmark, subject, value, ratio, range }) => [
    CASES.find(({ name }) => name === benchmark)?.about ?? '',
    subject,
    `${value.toFixed(2)} (${range?.map((us) => us.toFixed(2)).join('–')})`,
    Math.round(1e6 / value).toLocaleString('en'),
    ratio?.toFixed(3) ?? '',
  ]);
  console.log(tableOf(['work', 'package', 'CPU us a message', 'a CPU second', "of the fastest peer's"], rows));
  console.log(`\n${CORPUS.length} messages, ${sizes()}; medians (lowest–highest) of ${flags.rounds} rounds.`);
  for (const parser of [ourParser, ...peers]) {
    const refused = CORPUS.filter(({ bytes }) => parser.parse(bytes) === undefined).map(({ name }) => name);
    if (refused.length > 0) console.log(`${parser.name} refuses: ${refused.join(', ')}`);
  }
}
if (!flags['no-history']) remember(figures);

function figuresOf(each: Case): readonly Figure[] {
  const found = [...measure(each)];
  const fastest = Math.min(...found.filter(([name]) => name !== ourParser.name).map(([, us]) => medianOf(us)));
  return found.map(([subject, us]) => ({
    benchmark: each.name,
    subject,
    value: medianOf(us),
    unit: 'us CPU a message',
    ratio: medianOf(us) / fastest,
    range: [Math.min(...us), Math.max(...us)],
  }));
}

/** Microseconds of CPU a message in each round by the name of the parser. */
function measure({ work }: Case): ReadonlyMap<string, readonly number[]> {
  const subjects = [ourParser, ...peers].flatMap((parser) => {
    const each = work(parser);
    return each === undefined ? [] : [{ name: parser.name, each, passes: warmUp(each), us: [] as number[] }];
  });
  for (let round = 0; round < Number(flags.rounds); round += 1)
    for (const subject of subjects) subject.us.push(run(subject.each, subject.passes) / subject.passes / CORPUS.length);
  return new Map(subjects.map(({ name, us }) => [name, us]));
}

/** Lets the compiler see the work for a while; how many passes over the corpus fill the time of a round. */
function warmUp(each: (bytes: Buffer) => unknown): number {
  let passes = 1;
  let us = run(each, passes);
  for (let spent = us; spent < WARM_US; spent += us) {
    passes = Math.max(1, Math.ceil((passes * Number(flags.ms) * 1000) / us));
    us = run(each, passes);
  }
  return passes;
}

/** Microseconds of CPU for so many passes over the corpus. */
function run(each: (bytes: Buffer) => unknown, passes: number): number {
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass += 1)
    for (const { bytes } of CORPUS) if (each(bytes) === SINK) throw new Error('never');
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, user + system);
}

async function installedPeers(): Promise<readonly Parser[]> {
  const folder = fileURLToPath(new URL('./peers', import.meta.url));
  if (!arePeersInstalled() && flags['install-peers'])
    spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', folder], { stdio: 'inherit' });
  if (arePeersInstalled()) return loadPeers();
  console.error(missingPeers());
  return process.exit(1);
}

function sizes(): string {
  const lengths = CORPUS.map(({ bytes }) => bytes.length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return `${Math.min(...lengths)} to ${Math.max(...lengths)} bytes, ${Math.round(mean)} on average`;
}
