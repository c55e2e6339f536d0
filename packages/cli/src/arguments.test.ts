import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseWords } from './arguments.ts';
import { choice, mandatory, text, texts, toggle, whole } from './flag.ts';
import { optional, outline, required } from './outline.ts';

const it = outline({
  name: 'try',
  summary: 'Try things',
  positionals: { uri: required('URI', 'where to'), note: optional('NOTE', 'what for') },
  flags: {
    json: toggle('print JSON'),
    proxy: text('P', 'a proxy'),
    domain: texts('D', 'a domain'),
    logFormat: choice(['json', 'pretty'], 'the format'),
    count: whole('N', 'how many', { min: 1, max: 100, fallback: 4 }),
  },
  examples: [],
});

function told(...words: string[]): string {
  const parsed = parseWords(it, words);
  assert.ok(parsed.type === 'mistake', `accepted: ${words.join(' ')}`);
  return parsed.text;
}

test('values are typed, and what is not given has its default', () => {
  const parsed = parseWords(it, [
    'sip:a',
    '--json',
    '--domain',
    'a',
    '--domain=b',
    '--log-format',
    'pretty',
    '--count=7',
  ]);
  assert.ok(parsed.type === 'values');
  const count: number = parsed.flags.count;
  const uri: string = parsed.args.uri;
  assert.deepEqual([count, uri], [7, 'sip:a']);
  assert.deepEqual(parsed.flags, { json: true, proxy: undefined, domain: ['a', 'b'], logFormat: 'pretty', count: 7 });
  assert.deepEqual(parsed.args, { uri: 'sip:a', note: undefined });
  const bare = parseWords(it, ['x']);
  assert.deepEqual(bare.type === 'values' && bare.flags, {
    json: false,
    proxy: undefined,
    domain: [],
    logFormat: undefined,
    count: 4,
  });
});

test('flags stand before, between and after the other words; after -- no word is a flag', () => {
  const parsed = parseWords(it, ['--proxy', 'p', 'u', '--json', '--', '--note']);
  assert.deepEqual(parsed.type === 'values' && parsed.args, { uri: 'u', note: '--note' });
});

test('a lone hyphen is a word and a value may begin with one hyphen', () => {
  const parsed = parseWords(it, ['-', '--proxy', '-p', '--domain=--x']);
  assert.deepEqual(parsed.type === 'values' && [parsed.args.uri, parsed.flags.proxy, parsed.flags.domain], [
    '-',
    '-p',
    ['--x'],
  ]);
});

test('--help and -h win over what is missing, but not after --', () => {
  assert.equal(parseWords(it, ['--help']).type, 'help');
  assert.equal(parseWords(it, ['--json', '-h']).type, 'help');
  assert.equal(parseWords(it, ['--', '--help']).type, 'values');
});

test('every mistake of a command line is a sentence that names the word', () => {
  assert.equal(told(), 'URI is missing: where to');
  assert.equal(told('a', 'b', 'c d'), '"c d" is one word too many');
  assert.equal(told('a', '--jsn'), 'unknown flag --jsn');
  assert.equal(told('a', '-j'), 'unknown flag -j');
  assert.equal(told('a', '--jsn=1'), 'unknown flag --jsn');
  assert.equal(told('a', '--json=1'), '--json takes no value');
  assert.equal(told('a', '--proxy'), '--proxy needs a value: --proxy P');
  assert.equal(told('a', '--proxy', '--json'), '--proxy needs a value: --proxy P');
  assert.equal(told('a', '--count', '2', '--count', '3'), '--count is given 2 times and takes one');
  assert.equal(told('a', '--log-format', 'xml'), '--log-format: found "xml", expected one of json, pretty');
});

test('a whole number keeps its limits', () => {
  for (const good of ['1', '100']) assert.equal(parseWords(it, ['a', '--count', good]).type, 'values');
  for (const bad of ['0', '101', '-1', '1.5', '1e1', ' 1', '', 'x', '9999999999999999']) {
    assert.match(told('a', `--count=${bad}`), /expected a whole number from 1 to 100$/, bad);
  }
});

test('an unknown flag and a wrong word bring those that may have been meant', () => {
  const flag = parseWords(it, ['--cuont']);
  assert.deepEqual(flag.type === 'mistake' && flag.unknown, {
    word: '--cuont',
    candidates: ['--json', '--proxy', '--domain', '--log-format', '--count', '--help'],
  });
  const word = parseWords(it, ['a', '--log-format', 'jsno']);
  assert.deepEqual(word.type === 'mistake' && word.unknown, { word: 'jsno', candidates: ['json', 'pretty'] });
});

test('a mandatory switch has to be there', () => {
  const strict = outline({
    name: 's',
    summary: 'S',
    positionals: {},
    flags: { passwordStdin: mandatory('read it') },
    examples: [],
  });
  const without = parseWords(strict, []);
  assert.equal(without.type === 'mistake' && without.text, '--password-stdin is missing: read it');
  assert.deepEqual(parseWords(strict, ['--password-stdin']), {
    type: 'values',
    args: {},
    flags: { passwordStdin: true },
  });
});

test('flags named like properties of every object are unknown', () => {
  for (const name of ['--constructor', '--to-string', '--__proto__'])
    assert.equal(told('a', name), `unknown flag ${name}`);
});

test('any words give values, help or a mistake, never a throw', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--json', '--proxy', '--', '-', '--count', '5', '--domain=', '--log-format'),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      assert.ok(['values', 'help', 'mistake'].includes(parseWords(it, words).type));
    }),
  );
});
