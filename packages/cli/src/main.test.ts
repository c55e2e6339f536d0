import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CommandEntry, commandEntry } from './command.ts';
import { COMMANDS } from './commands.ts';
import { whole } from './flag.ts';
import { createFakeIo, type FakeIo } from './io-fake.ts';
import { main } from './main.ts';
import { optional, outline } from './outline.ts';

const never = new AbortController().signal;

async function run(
  words: readonly string[],
  commands: readonly CommandEntry[] = [...COMMANDS, count, crash],
): Promise<FakeIo & { exit: number }> {
  const io = createFakeIo();
  const exit = await main(words, io, never, commands);
  return { ...io, exit };
}

const count = commandEntry(
  'count',
  async () =>
    outline({
      name: 'count',
      summary: 'Count',
      positionals: { word: optional('WORD', 'a word') },
      flags: { to: whole('N', 'the end', { min: 0, max: 9, fallback: 3 }) },
      examples: [],
    }),
  async () =>
    async ({ args, flags, io }) => {
      io.out(`${args.word ?? 'none'} ${flags.to}`);
      return 2;
    },
);

const crash = commandEntry(
  'crash',
  async () => outline({ name: 'crash', summary: 'Crash', positionals: {}, flags: {}, examples: [] }),
  async () => () => {
    throw new Error('a bug');
  },
);

test('a command gets its typed words and gives the exit code', async () => {
  const { exit, outLines } = await run(['count', 'x', '--to', '5']);
  assert.deepEqual([exit, outLines], [2, ['x 5']]);
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  for (const flag of ['--version', '-v']) {
    const { exit, outLines } = await run([flag]);
    assert.deepEqual([exit, outLines], [0, [version]]);
  }
});

test('help that was asked for goes to standard output with exit code 0', async () => {
  for (const words of [['--help'], ['-h'], ['help']]) {
    const { exit, outLines, errLines } = await run(words);
    assert.deepEqual([exit, errLines], [0, []], words.join(' '));
    assert.ok(outLines.some((line) => line.includes('config check')));
  }
  for (const words of [
    ['count', '--help'],
    ['count', '-h'],
    ['help', 'count'],
  ]) {
    const { exit, outLines } = await run(words);
    assert.deepEqual([exit, outLines[0]], [0, 'Count.'], words.join(' '));
  }
  const group = await run(['config', '--help']);
  assert.ok(group.exit === 0 && group.outLines.some((line) => line.includes('config check')));
  assert.ok(!group.outLines.some((line) => line.includes('count')));
});

test('no command, and half of a command, print the help to standard error with exit code 1', async () => {
  for (const words of [[], ['config']]) {
    const { exit, outLines, errLines } = await run(words);
    assert.deepEqual([exit, outLines], [1, []]);
    assert.ok(errLines.some((line) => line.includes('config check')));
  }
});

test('an unknown command, flag or word is a usage error with the likely one', async () => {
  const first = async (...words: string[]): Promise<string | undefined> => {
    const { exit, outLines, errLines } = await run(words);
    assert.deepEqual([exit, outLines.length, errLines.length], [1, 0, 2]);
    return errLines[0];
  };
  assert.equal(await first('cuont'), 'strowger: unknown command cuont; did you mean count?');
  assert.equal(await first('zebra'), 'strowger: unknown command zebra.');
  assert.equal(await first('config', 'chekc'), 'strowger: unknown command config chekc; did you mean config check?');
  assert.equal(await first('cofnig', 'check', 'x'), 'strowger: unknown command cofnig; did you mean config?');
  assert.equal(await first('--verson'), 'strowger: unknown flag --verson; did you mean --version?');
  assert.equal(await first('count', '--ot', '5'), 'strowger count: unknown flag --ot; did you mean --to?');
  assert.equal(
    await first('count', '--to', '10'),
    'strowger count: --to: found "10", expected a whole number from 0 to 9.',
  );
});

test('a body that throws is told with its stack and exit code 1', async () => {
  const { exit, errLines } = await run(['crash']);
  assert.equal(exit, 1);
  assert.match(errLines[0] ?? '', /^strowger: unexpected error: Error: a bug\n +at /);
});

test('every command of the table is what its entry says', async () => {
  for (const { name, load } of COMMANDS) assert.equal((await load()).outline.name, name);
  assert.equal(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
});

test('the installed command runs and sets the exit code of the process', () => {
  const bin = fileURLToPath(new URL('../bin/strowger.js', import.meta.url));
  const good = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' });
  assert.deepEqual([good.status, good.stderr], [0, '']);
  assert.match(good.stdout, /^\d+\.\d+\.\d+\n$/);
  const bad = spawnSync(process.execPath, [bin, 'zebra'], { encoding: 'utf8' });
  assert.deepEqual([bad.status, bad.stdout], [1, '']);
});
