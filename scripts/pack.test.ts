import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryPointsOf, manifestsOf, outsideDependencies } from './entry-points.ts';
import { withFolder } from './fixture.ts';
import { layOutPackages, publishedManifest, withBuiltImports } from './pack.ts';

const FILES = {
  LICENSE: 'MIT',
  'packages/sip/package.json':
    '{ "name": "@strowger/sip", "version": "1.0.0", "exports": { "./*": "./src/*/index.ts" } }',
  'packages/sip/src/text/index.ts': '',
  'packages/sip/src/text/index.test.ts': '',
  'packages/sip/src/text/table.json': '{}',
  'packages/sip/src/ambient.d.ts': '',
  'packages/sip/tsconfig.json': '{}',
  'packages/cli/package.json':
    '{ "name": "strowger", "version": "1.0.0", "exports": { ".": "./src/main.ts" }, "bin": { "strowger": "bin/strowger.js" }, "dependencies": { "zod": "1", "@strowger/sip": "1.0.0" } }',
  'packages/node/package.json':
    '{ "name": "@strowger/node", "version": "1.0.0", "optionalDependencies": { "koffi": "2" } }',
  'packages/node/src/stores/sqlite/writer-program.ts': "console.log('writes');",
  'packages/cli/src/main.ts': "import { a } from 'zod'; export const start = () => import('koffi').then(() => a);",
  'packages/cli/src/part.ts': '',
  'packages/cli/bin/strowger.js': '#!/usr/bin/env node',
  'packages/secret/package.json': '{ "name": "secret", "private": true }',
  'node_modules/zod/package.json':
    '{ "name": "zod", "version": "1.2.3", "main": "index.js", "dependencies": { "deeper": "1" } }',
  'node_modules/zod/index.js': 'export const a = "from zod"',
  'node_modules/zod/LICENSE': 'Use it.',
  '.cache/build/packages/sip/src/text/index.js': "export * from './a.js';",
  '.cache/build/packages/sip/src/text/index.d.ts': "export * from './a.ts';",
  '.cache/build/packages/node/src/stores/sqlite/writer-program.js': '',
  '.cache/build/packages/node/src/stores/sqlite/writer-program.d.ts': '',
  '.cache/build/packages/cli/src/part.js': '',
  '.cache/build/packages/cli/src/part.d.ts': '',
  '.cache/build/packages/cli/src/main.js': '',
  '.cache/build/packages/cli/src/main.d.ts': '',
};

test('a package is laid out as it is published: built files, data, bin and licence, no sources and no tests', () => {
  withFolder(FILES, (root) => {
    const folders = layOutPackages(root, join(root, '.cache/pack'));
    assert.deepEqual(
      folders,
      ['sip', 'node', 'cli'].map((folder) => join(root, '.cache/pack', folder)),
    );
    const sip = (path: string): string => join(root, '.cache/pack/sip', path);
    assert.equal(readFileSync(sip('dist/text/index.js'), 'utf8'), "export * from './a.js';");
    assert.equal(readFileSync(sip('dist/text/index.d.ts'), 'utf8'), "export * from './a.js';");
    for (const path of ['dist/text/table.json', 'LICENSE', '../cli/bin/strowger.js'])
      assert.ok(existsSync(sip(path)), path);
    for (const path of ['src', 'dist/text/index.test.js', 'tsconfig.json', 'dist/ambient.d.ts']) {
      assert.ok(!existsSync(sip(path)), path);
    }
  });
});

test('a command is laid out as a bundle with the licences of what is in it, and names the native packages that are not', () => {
  withFolder(FILES, (root) => {
    layOutPackages(root, join(root, '.cache/pack'));
    const cli = (path: string): string => join(root, '.cache/pack/cli', path);
    const main = readFileSync(cli('dist/main.js'), 'utf8');
    assert.match(main, /from zod/);
    assert.match(main, /import\(['"]koffi['"]\)/);
    assert.match(readFileSync(cli('dist/writer-program.js'), 'utf8'), /writes/);
    assert.equal(readFileSync(cli('dist/LICENSES.txt'), 'utf8'), 'zod 1.2.3\n\nUse it.\n');
    assert.ok(existsSync(cli('dist/part.d.ts')));
    assert.ok(!existsSync(cli('dist/part.js')));
    assert.deepEqual(JSON.parse(readFileSync(cli('package.json'), 'utf8')).optionalDependencies, { koffi: '2' });
  });
});

test('a published manifest names built files with their types', () => {
  const manifest = {
    name: 'a',
    version: '1',
    exports: { '.': './src/main.ts', './*': './src/*/index.ts', './s': './s.json' },
  };
  assert.deepEqual(publishedManifest(manifest), {
    name: 'a',
    version: '1',
    engines: { node: '>=24' },
    exports: {
      '.': { types: './dist/main.d.ts', default: './dist/main.js' },
      './*': { types: './dist/*/index.d.ts', default: './dist/*/index.js' },
      './s': './s.json',
    },
    files: ['dist', 'bin', '*.schema.json'],
  });
});

test('imports of declarations end in .js, in every form of import', () => {
  assert.equal(
    withBuiltImports(`export * from "./a.ts"; type B = import('../b.ts').B; import 'zod'; // './c.ts'`),
    `export * from './a.js'; type B = import('../b.js').B; import 'zod'; // './c.ts'`,
  );
});

test('entry points and outside dependencies come from the manifests', () => {
  withFolder(FILES, (root) => {
    const manifests = manifestsOf(root);
    assert.deepEqual([...manifests.keys()], ['sip', 'node', 'cli']);
    const entries = [...manifests].flatMap(([folder, manifest]) => entryPointsOf(root, folder, manifest));
    assert.deepEqual(
      entries.map(({ specifier }) => specifier),
      ['@strowger/sip/text', 'strowger'],
    );
    assert.deepEqual(outsideDependencies(root, manifests.values()), ['deeper', 'zod']);
  });
});
