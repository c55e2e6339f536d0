import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../packages/cli/src/commands.ts';
import { commandProblem, commandsIn, mentionProblem } from './command-lines.ts';

const KNOWN = { commands: COMMANDS, scripts: ['start', 'check'], isFile: (path: string) => path === 'a.ts' };
const problemOf = (line: string): Promise<string | undefined> => commandProblem(line.split(' '), KNOWN);

test('the commands of a block are its lines without comments, redirections and what they are joined by', () => {
  const text = 'cd x && npm ci   # first\nstrowger user add al \\\n  --password-stdin < password.txt\n\n# only words\n';
  const lines = [
    ['cd', 'x'],
    ['npm', 'ci'],
    ['strowger', 'user', 'add', 'al', '--password-stdin'],
  ];
  for (const language of ['', 'sh', 'bash']) assert.deepEqual(commandsIn({ language, text, line: 1 }), lines);
  assert.deepEqual(commandsIn({ language: 'text', text, line: 1 }), []);
});

test('in a block with prompts the other lines are what was printed', () => {
  const text = '$ strowger bindings\nstrowger user list shows the users.\n$ strowger --version\n';
  assert.deepEqual(commandsIn({ language: '', text, line: 1 }), [
    ['strowger', 'bindings'],
    ['strowger', '--version'],
  ]);
});

test('a command line is read with the real table: unknown commands, flags and words are problems', async () => {
  assert.equal(await problemOf('npx strowger serve --config strowger.yaml'), undefined);
  assert.equal(await problemOf('strowger --version'), undefined);
  assert.equal(await problemOf('strowger sreve'), 'strowger has no command sreve');
  assert.equal(await problemOf('strowger serve --confg x'), 'strowger serve: unknown flag --confg');
  assert.equal(
    await problemOf('strowger ping sip:a --count many'),
    'strowger ping: --count: found "many", expected a whole number from 1 to 10000',
  );
  assert.equal(await problemOf('strowger bindings [AOR] [--json] [--config F] [--data DIR]'), undefined);
  assert.match((await problemOf('strowger bindings [--all]')) ?? '', /should be strowger bindings \[AOR\]/);
  assert.equal(await problemOf('strowger config check'), 'strowger config check: F is missing: the configuration file');
});

test('scripts of npm and files for node must be there; what is not ours is not looked at', async () => {
  assert.equal(await problemOf('npm run check types'), undefined);
  assert.equal(await problemOf('npm run chekc'), 'npm has no script chekc');
  assert.equal(await problemOf('npm test'), 'npm has no script test');
  assert.equal(await problemOf('npx node --test a.ts'), undefined);
  assert.equal(await problemOf('node b.ts'), 'b.ts is no file');
  assert.equal(await problemOf('git clone b.ts'), undefined);
});

test('prose may name half of a command line, but nothing that is not there', async () => {
  const mention = (text: string): Promise<string | undefined> => mentionProblem(text.split(' '), KNOWN);
  for (const text of ['strowger', 'strowger user', 'strowger user add', 'npx strowger bindings AOR', 'sip:a'])
    assert.equal(await mention(text), undefined, text);
  assert.equal(await mention('strowger user make'), 'strowger has no user make');
  assert.equal(await mention('strowger serve --fast'), 'strowger serve has no --fast');
  assert.equal(await mention('npm run nothing'), 'npm has no script nothing');
});
