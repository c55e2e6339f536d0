import { parseWords } from '../../packages/cli/src/arguments.ts';
import type { CommandEntry } from '../../packages/cli/src/command.ts';
import { flagName } from '../../packages/cli/src/flag.ts';
import { usageOf } from '../../packages/cli/src/help.ts';
import type { Fence } from './markdown.ts';

/** What a command line may name. */
export interface Known {
  readonly commands: readonly CommandEntry[];
  /** The scripts of package.json. */
  readonly scripts: readonly string[];
  readonly isFile: (path: string) => boolean;
}

/**
 * The simple commands of a block that is for a shell (`sh`, `bash`, or no language), each as its words. In a block with
 * prompts, `$ `, only what stands behind them is one: the rest is what was printed.
 */
export function commandsIn({ language, text }: Fence): readonly (readonly string[])[] {
  if (!['', 'sh', 'bash'].includes(language)) return [];
  const lines = text.replace(/\\\n\s*/g, '').split('\n');
  const prompted = lines.filter((line) => line.startsWith('$ '));
  return (prompted.length > 0 ? prompted : lines)
    .map((line) => line.replace(/^\$ /, '').replace(/(^|\s)#.*$/, ''))
    .flatMap((line) => line.split(/\s(?:&&|\|\||[|;])\s/))
    .map((line) => wordsOf(line.replace(/\s\d?[<>]+\s*\S+/g, '')))
    .filter((words) => words.length > 0);
}

/** What is wrong with a command line of ours; undefined where nothing is, or where it is not ours. */
export async function commandProblem(given: readonly string[], known: Known): Promise<string | undefined> {
  const [first = '', ...rest] = given[0] === 'npx' ? given.slice(1) : given;
  if (first === 'strowger') return strowgerProblem(rest, known.commands);
  if (first === 'npm') return npmProblem(rest, known.scripts);
  if (first !== 'node') return undefined;
  const missing = rest.find((word) => /\.[jt]s$/.test(word) && !known.isFile(word));
  return missing === undefined ? undefined : `${missing} is no file`;
}

/** The same for the words of prose, such as `strowger user add`: what is named must be there, not all must be named. */
export async function mentionProblem(given: readonly string[], known: Known): Promise<string | undefined> {
  const [first = '', ...rest] = given[0] === 'npx' ? given.slice(1) : given;
  if (first === 'npm') return npmProblem(rest, known.scripts);
  if (first !== 'strowger') return undefined;
  const words = rest.filter((word) => /^[a-z]+$/.test(word));
  const entry = entryOf(words, known.commands);
  const isGroup = known.commands.some(({ name }) => name.startsWith(`${words.join(' ')} `));
  if (entry === undefined) return words.length === 0 || isGroup ? undefined : `strowger has no ${words.join(' ')}`;
  const { outline } = await entry.load();
  const flags = Object.keys(outline.flags).map(flagName);
  const unknown = rest.find((word) => word.startsWith('--') && ![...flags, '--help'].includes(word));
  return unknown === undefined ? undefined : `strowger ${entry.name} has no ${unknown}`;
}

async function strowgerProblem(
  words: readonly string[],
  commands: readonly CommandEntry[],
): Promise<string | undefined> {
  if (words[0] === '--version' || words[0] === '--help' || words[0] === 'help') return undefined;
  const entry = entryOf(words, commands);
  if (entry === undefined) return `strowger has no command ${words.join(' ')}`;
  const { outline } = await entry.load();
  if (words.some((word) => word.startsWith('['))) {
    const [found, usage] = [['strowger', ...words].join(' '), usageOf(outline)];
    return found === usage ? undefined : `${found} should be ${usage}`;
  }
  const parsed = parseWords(outline, words.slice(entry.name.split(' ').length));
  return parsed.type === 'mistake' ? `strowger ${entry.name}: ${parsed.text}` : undefined;
}

const entryOf = (words: readonly string[], commands: readonly CommandEntry[]): CommandEntry | undefined =>
  commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));

function npmProblem([verb = '', name = '']: readonly string[], scripts: readonly string[]): string | undefined {
  const script = verb === 'run' ? name : ['start', 'test'].includes(verb) ? verb : undefined;
  return script === undefined || scripts.includes(script) ? undefined : `npm has no script ${script}`;
}

/** Words in quotes are one word. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([word, single, double]) => single ?? double ?? word);
