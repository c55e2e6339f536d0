import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLayers } from './check-layers.ts';
import { printFinding } from './finding.ts';
import { withFolder } from './fixture.ts';
import { layersPicture } from './layers.ts';
import { readTree } from './tree.ts';

const faultsOf = (files: Readonly<Record<string, string>>): readonly string[] =>
  withFolder(files, (root) => checkLayers(readTree(root)).map(printFinding));

test('an empty repository has no faults', () => {
  assert.deepEqual(faultsOf({}), []);
});

test('a layer of sip may look to its left and not to its right', () => {
  const faults = faultsOf({
    'packages/sip/src/text/a.ts': "export const a = 1;\nimport { b } from '../message/b.ts';\n",
    'packages/sip/src/message/b.ts': "import type { C } from '../text/c.ts';\n",
  });
  assert.deepEqual(faults, [
    'packages/sip/src/text/a.ts:2  text may not import message, which stands to its right in scripts/layers.ts',
  ]);
});

test('roles do not import each other, and every file of sip has a layer', () => {
  const faults = faultsOf({
    'packages/sip/src/roles/proxy/decide.ts': "import { x } from '../registrar/decide.ts';\nimport './role.ts';\n",
    'packages/sip/src/roles/registrar/decide.ts': "import '../../routing/plan.ts';\n",
    'packages/sip/src/stray/x.ts': '',
  });
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? '', /proxy may not import the role registrar/);
  assert.match(faults[1] ?? '', /stray\/x\.ts {2}stands in no layer/);
});

test('packages look inward, and node sees of the server only types', () => {
  const faults = faultsOf({
    'packages/sip/src/text/a.ts': "import '@strowger/server';\nimport 'zod';\nimport 'node:fs';\n",
    'packages/node/src/a.ts':
      "import type { P } from '@strowger/server';\nimport { p } from '@strowger/server';\nimport 'node:fs';\n",
    'packages/server/src/a.ts': "import 'node:fs';\nimport 'zod/mini';\nimport 'yaml';\nimport '@strowger/node';\n",
    'packages/server/package.json': '{ "dependencies": { "zod": "1" } }',
    'packages/cli/src/a.ts':
      "import '@strowger/server';\nimport '@strowger/node';\nimport '../../sip/src/text/a.ts';\n",
  });
  assert.deepEqual(
    faults.map((fault) => fault.replace(/ {2}.*?(may|outside|types|no dependency|by path).*/, ' $1')),
    [
      'packages/cli/src/a.ts:3 by path',
      'packages/node/src/a.ts:2 may',
      'packages/server/src/a.ts:1 may',
      'packages/server/src/a.ts:3 no dependency',
      'packages/server/src/a.ts:4 may',
      'packages/sip/src/text/a.ts:1 may',
      'packages/sip/src/text/a.ts:2 outside',
      'packages/sip/src/text/a.ts:3 may',
    ],
  );
});

test('the test kit is for tests, simulations and examples', () => {
  const faults = faultsOf({
    'packages/sip/src/engine/a.ts': "import '@strowger/testkit';\n",
    'packages/sip/src/engine/a.test.ts': "import '@strowger/testkit';\nimport 'node:test';\nimport 'fast-check';\n",
    'packages/server/sim/b.ts': "import '@strowger/testkit';\n",
    'examples/echo/echo.ts': "import '@strowger/testkit';\nimport '@strowger/node';\n",
  });
  assert.deepEqual(faults, [
    'packages/sip/src/engine/a.ts:1  imports @strowger/testkit, which is for tests and examples only',
  ]);
});

test('tools and judges may look inside a package, examples import it by name', () => {
  const faults = faultsOf({
    'fuzz/wire.test.ts': "import '../packages/sip/src/message/wire.ts';\n",
    'examples/echo/echo.ts': "import '../../packages/sip/src/message/wire.ts';\n",
    'packages/sip/src/message/wire.ts': '',
  });
  assert.deepEqual(faults, ['examples/echo/echo.ts:1  imports @strowger/sip by path; import it by its name']);
});

test('a circle of files is told once, with its way, and whether it is there at run time', () => {
  const faults = faultsOf({
    'scripts/a.ts': "import './b.ts';\n",
    'scripts/b.ts': "import type { C } from './c.ts';\nimport { C2 } from './c.ts';\n",
    'scripts/c.ts': "import './a.ts';\nimport './d.ts';\n",
    'scripts/d.ts': '',
    'scripts/e.ts': "import type { F } from './f.ts';\n",
    'scripts/f.ts': "import './e.ts';\nimport './d.ts';\n",
  });
  assert.deepEqual(faults, [
    'scripts/a.ts  imports itself in a circle of code: scripts/a.ts → scripts/b.ts → scripts/c.ts → scripts/a.ts',
    'scripts/e.ts  imports itself in a circle of types: scripts/e.ts → scripts/f.ts → scripts/e.ts',
  ]);
});

test('files that hang together in several circles are told once, by the shortest way', () => {
  const faults = faultsOf({
    'scripts/a.ts': "import type { B } from './b.ts';\nimport type { C } from './c.ts';\n",
    'scripts/b.ts': "import type { C } from './c.ts';\n",
    'scripts/c.ts': "import type { A } from './a.ts';\n",
  });
  assert.deepEqual(faults, [
    'scripts/a.ts  imports itself in a circle of types: scripts/a.ts → scripts/c.ts → scripts/a.ts (3 files hang together)',
  ]);
});

test('project references and dependencies are the same list', () => {
  const manifest = '{ "dependencies": { "@strowger/sip": "1", "zod": "1" } }';
  const faults = faultsOf({
    'packages/server/package.json': manifest,
    'packages/server/tsconfig.json': '{ "references": [{ "path": "../node" }] }',
    'packages/testkit/package.json': manifest,
    'packages/testkit/tsconfig.json': '{ "references": [{ "path": "../sip" }] }',
  });
  assert.deepEqual(faults, [
    'packages/server/tsconfig.json  references and dependencies in package.json differ: ../sip, ../node',
  ]);
});

test('the picture shows the packages that are there', () => {
  const picture = layersPicture(['sip', 'node', 'server']);
  assert.match(picture, /@strowger\/node .*\n +imports sip, types of server\n/);
  assert.match(picture, /\n +imports nothing\n/);
  assert.doesNotMatch(picture, /phone|media|testkit/);
});
