import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadConfig, printFault, WHO_MAY_PASS } from '@strowger/server';
import { COMMANDS } from '../../packages/cli/src/commands.ts';
import { printFirstStart } from '../../packages/cli/src/first-start.ts';
import { printEndpoint, proxiesOf, webSocketsOf } from '../../packages/cli/src/listening.ts';
import { filesOf } from '../files.ts';
import { readSource } from '../source.ts';
import { commandProblem, commandsIn, mentionProblem } from './command-lines.ts';
import { readPage, sectionOf } from './markdown.ts';
import { missingNames, missingPaths } from './names.ts';
import { isQuoted } from './quotes.ts';

// What the pages of this repository say is true of what stands in it.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FILES = filesOf(ROOT);
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGES = new Map(FILES.filter((path) => path.endsWith('.md')).map((path) => [path, textOf(path)]));
/** Printed from the sources, and compared with them elsewhere. */
const isPrinted = (path: string): boolean => path.startsWith('docs/reference/');
const pagesAbout = (...beginnings: readonly string[]): readonly string[] =>
  [...PAGES.keys()].filter((path) => beginnings.some((start) => path.startsWith(start)));
const CODE_GUIDES = ['docs/guide/dial-plan-in-code.md', 'docs/guide/testing.md'];
const KNOWN = {
  commands: COMMANDS,
  scripts: Object.keys(JSON.parse(textOf('package.json')).scripts),
  isFile: (path: string) => FILES.includes(path),
};

test('there are pages, and they were found', () => {
  for (const path of ['README.md', 'ARCHITECTURE.md', 'docs/README.md', 'docs/recipes/add-a-role.md', ...CODE_GUIDES])
    assert.ok(PAGES.has(path), path);
});

test('every relative link leads to a file or folder, and its anchor to a heading', () => {
  const problems: string[] = [];
  for (const [path, text] of PAGES)
    for (const { text: link, line } of readPage(text).links) {
      if (/^[a-z]+:/.test(link)) continue;
      const [target = '', anchor] = link.split('#');
      const found = target === '' ? path : normalize(join(dirname(path), target)).replace(/\/$/, '');
      const isThere = FILES.some((file) => file === found || file.startsWith(`${found}/`));
      const heading = anchor === undefined || readPage(PAGES.get(found) ?? '').anchors.includes(anchor);
      if (!isThere || !heading) problems.push(`${path}:${line}: ${link} leads nowhere`);
    }
  assert.deepEqual(problems, []);
});

test('every YAML block is a valid configuration', () => {
  const problems: string[] = [];
  for (const [path, text] of PAGES)
    for (const { language, text: yaml, line } of readPage(text).fences) {
      if (language !== 'yaml') continue;
      const loaded = loadConfig(yaml, `${path}:${line}`);
      if (loaded.type === 'faults') problems.push(...loaded.faults.map(printFault));
    }
  assert.deepEqual(problems, []);
});

test('every command line in a block parses, its scripts and files are there', async () => {
  const problems: string[] = [];
  for (const [path, text] of PAGES)
    for (const fence of readPage(text).fences)
      for (const words of commandsIn(fence)) {
        const problem = await commandProblem(words, KNOWN);
        if (problem !== undefined) problems.push(`${path}:${fence.line}: ${problem}`);
      }
  assert.deepEqual(problems, []);
});

test('every command that the prose names is there', async () => {
  const problems: string[] = [];
  for (const [path, text] of PAGES)
    for (const { text: span, line } of readPage(text).spans) {
      const problem = await mentionProblem(span.split(' '), KNOWN);
      if (problem !== undefined) problems.push(`${path}:${line}: ${problem}`);
    }
  assert.deepEqual(problems, []);
});

test('every block of code quotes a file that its page links to, so that it compiles and runs', () => {
  const problems: string[] = [];
  for (const [path, text] of PAGES) {
    if (isPrinted(path)) continue;
    const { fences, links } = readPage(text);
    const linked = links
      .map(({ text: link }) => normalize(join(dirname(path), link)))
      .filter((file) => file.endsWith('.ts') && FILES.includes(file));
    for (const { language, text: code, line } of fences)
      if (language === 'ts' && !linked.some((file) => isQuoted(code, textOf(file))))
        problems.push(`${path}:${line}: stands in none of ${linked.join(', ') || 'the files that are linked'}`);
  }
  assert.deepEqual(problems, []);
});

test('every file that ARCHITECTURE.md, CONTRIBUTING.md, the guide and the recipes name is there', () => {
  const paths = ['ARCHITECTURE.md', 'CONTRIBUTING.md', ...pagesAbout('docs/recipes/', 'docs/guide/')];
  const problems = paths.flatMap((path) => missingPaths(PAGES.get(path) ?? '', FILES).map((one) => `${path} ${one}`));
  assert.deepEqual(problems, []);
});

test('every name in ARCHITECTURE.md, the recipes and the guides to code is in the file beside it, or in the sources', () => {
  const paths = FILES.filter((path) => /^(?:packages\/[^/]+\/src\/(?!.*\.test)|conformance\/).*\.ts$/.test(path));
  const sources = new Map(paths.map((path) => [path, withoutComments(textOf(path))]));
  const pages = ['ARCHITECTURE.md', ...pagesAbout('docs/recipes/'), ...CODE_GUIDES];
  assert.match(sectionOf(PAGES.get('ARCHITECTURE.md') ?? '', '## The life of an INVITE'), /`Engine\.onDatagrams`/);
  const problems = pages.flatMap((path) => missingNames(PAGES.get(path) ?? '', sources).map((one) => `${path} ${one}`));
  assert.deepEqual(problems, []);
});

test('the guide has a row for every rule of who may pass, in its order', () => {
  const rows = [...(PAGES.get('docs/guide/who-may-pass.md') ?? '').matchAll(/^\| ([a-z]) \| (.+) \| (.+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, name]) => name),
    WHO_MAY_PASS.map(({ name }) => name),
  );
});

test('the README shows what the first start prints, with what is left out shown as an ellipsis', () => {
  const shown = readPage(PAGES.get('README.md') ?? '').fences.find(({ text }) => text.includes('first start'));
  const users = [
    { name: 'alice', password: 'meli-kipo-mara-zije-dije' },
    { name: 'bob', password: 'vage-jesa-dame-pako-mogo' },
  ];
  const listening = (['udp', 'tcp'] as const).flatMap((protocol) =>
    ['127.0.0.1', '192.0.2.10'].map((host) => ({ protocol, host, port: 5060 })),
  );
  const domain = 'strowger-1f3a.internal';
  const doors = { listening, advertise: [], domain, isCertified: () => false };
  const advice = { domain, proxies: proxiesOf(doors), webSockets: webSocketsOf(doors) };
  const printed = [...printFirstStart(users, advice), `ready ${listening.map(printEndpoint).join(' ')}`];
  assert.ok(shown !== undefined);
  assert.ok(isQuoted(shown.text, printed.join('\n')), printed.join('\n'));
});

test('every example has its page, its code and its test, and the code uses nothing but entry points', () => {
  const folders = new Set(FILES.flatMap((path) => /^examples\/([^/]+)\//.exec(path)?.[1] ?? []));
  assert.ok(folders.size >= 5);
  for (const name of folders) {
    for (const file of ['README.md', `${name}.ts`, `${name}.test.ts`])
      assert.ok(FILES.includes(`examples/${name}/${file}`), `examples/${name}/${file}`);
    const code = textOf(`examples/${name}/${name}.ts`);
    assert.ok(code.split('\n').length <= 81, `${name} has more than 80 lines`);
    for (const [, from = ''] of code.matchAll(/ from '([^']+)'/g)) assert.match(from, /^@strowger\/|^node:/);
  }
});

test('the page about other programs has a row for each of its tests, with the programs that it needs', () => {
  const page = PAGES.get('conformance/interop/README.md') ?? '';
  const rows = new Map(
    [...page.matchAll(/^\| `(\S+\.test\.ts)` \| (.+?) \|/gm)].map(([, file, peers]) => [file, peers]),
  );
  const files = FILES.flatMap((path) => /^conformance\/interop\/([^/]+\.test\.ts)$/.exec(path)?.[1] ?? []);
  assert.deepEqual([...rows.keys()].sort(), files.sort());
  for (const file of files) {
    const source = textOf(`conformance/interop/${file}`);
    const named = [...source.matchAll(/\blacking(?:Capture)?\(([^)]*)\)/g)].flatMap(([, words = '']) =>
      [...words.matchAll(/'([^']+)'/g)].map(([, word = '']) => PEER_NAMES[word] ?? word),
    );
    for (const name of named) assert.ok(rows.get(file)?.toLowerCase().includes(name), `${file} needs ${name}`);
  }
});

/** What programs are called where that is not what is typed. */
const PEER_NAMES: Readonly<Record<string, string>> = { 'kamailio tls': 'kamailio', named: 'bind', svmap: 'sipvicious' };

/** A name that only a comment remembers is gone. */
const withoutComments = (text: string): string =>
  readSource(text).comments.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
