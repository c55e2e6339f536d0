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
  'packages/cli/src/main.ts': '',
  'packages/cli/bin/strowger.js': '#!/usr/bin/env node',
  'packages/secret/package.json': '{ "name": "secret", "private": true }',
  'node_modules/zod/package.json': '{ "dependencies": { "deeper": "1" } }',
  '.cache/build/packages/sip/src/text/index.js': "export * from './a.js';",
  '.cache/build/packages/sip/src/text/index.d.ts': "export * from './a.ts';",
  '.cache/build/packages/cli/src/main.js': '',
  '.cache/build/packages/cli/src/main.d.ts': '',
};

test('a package is laid out as it is published: built files, data, bin and licence, no sources and no tests', () => {
  withFolder(FILES, (root) => {
    const folders = layOutPackages(root, join(root, '.cache/pack'));
    assert.deepEqual(folders, [join(root, '.cache/pack/sip'), join(root, '.cache/pack/cli')]);
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
    assert.deepEqual([...manifests.keys()], ['sip', 'cli']);
    const entries = [...manifests].flatMap(([folder, manifest]) => entryPointsOf(root, folder, manifest));
    assert.deepEqual(
      entries.map(({ specifier }) => specifier),
      ['@strowger/sip/text', 'strowger'],
    );
    assert.deepEqual(outsideDependencies(root, manifests.values()), ['deeper', 'zod']);
  });
});
