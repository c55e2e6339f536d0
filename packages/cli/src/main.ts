import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { type Mistake, mistake } from './arguments.ts';
import type { CommandEntry } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './exit.ts';
import { helpOf, overviewOf } from './help.ts';
import { type Io, painterOf, systemIo } from './io.ts';

/** The entry point of the process: runs the command line and sets the exit code. */
export async function start(): Promise<void> {
  const end = new AbortController();
  const stop = (): void => {
    // The second time the person means it.
    if (end.signal.aborted) process.exit(130);
    end.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.exitCode = await main(process.argv.slice(2), systemIo(), end.signal);
}

/** Runs the words after `strowger` and gives the exit code. */
export async function main(
  words: readonly string[],
  io: Io,
  signal: AbortSignal,
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<number> {
  try {
    return await dispatch(words, io, signal, commands);
  } catch (error) {
    // Bodies turn what can go wrong into sentences and exit codes; what still comes here is a bug.
    io.err(`strowger: unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT.usage;
  }
}

async function dispatch(
  given: readonly string[],
  io: Io,
  signal: AbortSignal,
  commands: readonly CommandEntry[],
): Promise<number> {
  const words = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const [first] = words;
  if (first === '--version' || first === '-v') {
    io.out(await version());
    return EXIT.ok;
  }
  const entry = commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
  if (entry !== undefined) return await runCommand(entry, words.slice(entry.name.split(' ').length), io, signal);

  const isHelp = words.includes('--help') || words.includes('-h');
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  const second = words[1];
  if (group.length > 0 && (second === undefined || second.startsWith('-')))
    return await overview(group, io, isHelp ? 'asked' : 'lost');
  if (first === undefined || first.startsWith('-')) {
    if (isHelp || first === undefined) return await overview(commands, io, isHelp ? 'asked' : 'lost');
    return await refuse(
      io,
      'strowger',
      mistake(`unknown flag ${first}`, { word: first, candidates: ['--help', '--version'] }),
    );
  }
  const word = group.length > 0 ? `${first} ${second}` : first;
  const names =
    group.length > 0 ? group.map(({ name }) => name) : commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? '']);
  return await refuse(io, 'strowger', mistake(`unknown command ${word}`, { word, candidates: names }));
}

async function runCommand(entry: CommandEntry, words: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const command = await entry.load();
  const started = command.start(words, io, signal);
  if (started === 'help') {
    for (const line of helpOf(command.outline, painterOf(io, 'out'))) io.out(line);
    return EXIT.ok;
  }
  return 'type' in started ? await refuse(io, `strowger ${entry.name}`, started) : await started;
}

/** Help that was asked for is a result; help for somebody who is lost is an error. */
async function overview(commands: readonly CommandEntry[], io: Io, why: 'asked' | 'lost'): Promise<number> {
  const outlines = await Promise.all(commands.map(async (entry) => (await entry.load()).outline));
  const stream = why === 'asked' ? 'out' : 'err';
  for (const line of overviewOf(outlines, painterOf(io, stream))) io[stream](line);
  return why === 'asked' ? EXIT.ok : EXIT.usage;
}

async function refuse(io: Io, name: string, { text, unknown }: Mistake): Promise<number> {
  const meant = unknown === undefined ? undefined : await nearestOf(unknown.word, unknown.candidates);
  io.err(`${name}: ${text}${meant === undefined ? '.' : `; did you mean ${meant}?`}`);
  io.err(`For help: ${name} --help`);
  return EXIT.usage;
}

/** Loaded for mistakes only: the configuration brings its YAML and schema libraries along. */
async function nearestOf(word: string, candidates: readonly string[]): Promise<string | undefined> {
  const { nearest } = await import('./server-config.ts');
  return nearest(word, candidates);
}

async function version(): Promise<string> {
  // The same way up from src/ here and from dist/ when published.
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
