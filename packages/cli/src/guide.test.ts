import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseWords } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { flagName } from './flag.ts';
import { usageOf } from './help.ts';
import { createFakeIo } from './io-fake.ts';
import { main } from './main.ts';

const GUIDE = readFileSync(new URL('../../../docs/guide/command-line.md', import.meta.url), 'utf8');

/** The section of each command by its name. */
const SECTIONS = new Map(
  [...GUIDE.matchAll(/^## `strowger ([\w ]+)`\n([\s\S]*?)(?=^## |(?![\s\S]))/gm)].map(
    ([, name = '', text = '']) => [name, text] as const,
  ),
);

const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

test('the guide has a section for every command, in the order of the help', () => {
  assert.deepEqual(
    [...SECTIONS.keys()],
    COMMANDS.map(({ name }) => name),
  );
});

for (const { name, load } of COMMANDS) {
  const section = SECTIONS.get(name) ?? '';

  test(`the guide has the usage of ${name}, and tells about every word and flag of it`, async () => {
    const { outline } = await load();
    assert.equal(blocksOf(section)[0], `${usageOf(outline)}\n`);
    const prose = section.replaceAll(/^```\n[\s\S]*?^```$/gm, '');
    for (const key of Object.keys(outline.flags)) assert.match(prose, new RegExp(`\`${flagName(key)}[ \`]`));
    for (const { placeholder } of Object.values(outline.positionals)) {
      const [word = ''] = placeholder.split('|');
      assert.ok(prose.includes(`\`${word}\``), placeholder);
    }
  });

  test(`the guide shows ${name} with what it prints`, async () => {
    const { outline } = await load();
    const examples = blocksOf(section).filter((block) => block.startsWith(`$ strowger ${name}`));
    assert.ok(examples.length > 0);
    for (const example of examples) {
      const [line = '', ...output] = example.trimEnd().split('\n');
      const [words = ''] = line.slice(`$ strowger ${name}`.length).split(' < ');
      const parsed = parseWords(
        outline,
        words.split(' ').filter((word) => word !== ''),
      );
      assert.equal(parsed.type, 'values', line);
      assert.ok(output.length > 0, line);
    }
  });
}

test('the example of lint is what lint prints', async () => {
  const [, printed = ''] = blocksOf(SECTIONS.get('lint') ?? '');
  const [, ...output] = printed.trimEnd().split('\n');
  const message = [
    'INVITE sip:bob@example.test SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.7;branch=776asdhds',
    'From: Alice <sip:alice@example.test;tag=1928301774',
    'To: <sip:bob@example.test>',
    'Call-ID: a84b4c76e66710',
    'CSeq: 1 INVTE',
    'Contakt: <sip:alice@192.0.2.7>',
    'Content-Length: 0',
    '',
    '',
  ].join('\n');
  const io = createFakeIo({ files: { '/home/al/invite.sip': message } });
  assert.equal(await main(['lint', 'invite.sip'], io, new AbortController().signal), 2);
  assert.deepEqual(io.outLines, output);
});

test('the exit codes of the guide are those of the help', async () => {
  const io = createFakeIo();
  await main(['--help'], io, new AbortController().signal);
  const codes = [...GUIDE.matchAll(/^\| (\d) \| /gm)].map(([, code = '']) => code);
  assert.deepEqual(codes, ['0', '1', '2', '3']);
  assert.ok(codes.every((code) => new RegExp(`Exit codes:.*\\b${code} `).test(io.outLines.join(' '))));
});
