import { type Flags, flagName } from './flag.ts';
import type { Paint } from './io.ts';
import type { Outline } from './outline.ts';

/** `strowger ping URI [--count N] [--json]` */
export function usageOf({ name, positionals, flags }: Outline): string {
  const words = Object.values(positionals).map(({ placeholder, presence }) =>
    presence === 'required' ? placeholder : `[${placeholder}]`,
  );
  for (const [key, flag] of Object.entries(flags)) {
    const word = nameAndValue(key, flag.placeholder);
    words.push(`${flag.presence === 'required' ? word : `[${word}]`}${flag.occurs === 'often' ? '...' : ''}`);
  }
  return ['strowger', name, ...words].join(' ');
}

/** The help of one command, line by line. */
export function helpOf(it: Outline, paint: Paint): string[] {
  const words = Object.values(it.positionals).map(({ placeholder, help }) => [placeholder, help] as const);
  const rows = [...words, ...flagRows(it.flags), ['--help', 'print this'] as const];
  return [
    `${it.summary}.`,
    '',
    ...wrapUsage(usageOf(it)),
    '',
    ...table(rows, paint),
    '',
    paint('bold', 'Examples'),
    ...it.examples.flatMap(({ line, does }) => [`  strowger ${line}`, `      ${does}`]),
  ];
}

/** The help of everything, or of the commands that share a first word. */
export function overviewOf(outlines: readonly Outline[], paint: Paint): string[] {
  return [
    'Strowger: a SIP server, its users and its tools.',
    '',
    'strowger COMMAND [flags]',
    '',
    paint('bold', 'Commands'),
    ...table(
      outlines.map(({ name, summary }) => [name, summary] as const),
      paint,
    ),
    '',
    paint('bold', 'Flags of every command'),
    ...table([['--help, -h', 'print what the command does'], ['--version, -v', 'print the version'] as const], paint),
    '',
    'Exit codes: 0 done, 1 wrong usage or configuration, 2 SIP failure, 3 no answer.',
  ];
}

function flagRows(flags: Flags): (readonly [string, string])[] {
  return Object.entries(flags).map(([key, { placeholder, help, fallback, occurs }]) => {
    const notes = [fallback === undefined ? '' : `default ${fallback}`, occurs === 'often' ? 'may be repeated' : ''];
    const note = notes.filter((text) => text !== '').join(', ');
    return [nameAndValue(key, placeholder), note === '' ? help : `${help} (${note})`];
  });
}

function nameAndValue(key: string, placeholder: string | undefined): string {
  return placeholder === undefined ? flagName(key) : `${flagName(key)} ${placeholder}`;
}

/** Two columns; the second is wrapped. */
function table(rows: readonly (readonly [string, string])[], paint: Paint): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap(([name, help]) =>
    wrap(help.split(' '), WIDTH - left - 2).map((line, index) => {
      const gap = ' '.repeat(left - (index === 0 ? name.length : 0));
      return `  ${index === 0 ? paint('cyan', name) : ''}${gap}${line}`;
    }),
  );
}

/** Breaks between `[…]`, never inside. */
function wrapUsage(usage: string): string[] {
  return wrap(usage.split(/ (?![^[]*\])/), WIDTH - 4).map((line, index) => (index === 0 ? line : `    ${line}`));
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

const WIDTH = 80;
