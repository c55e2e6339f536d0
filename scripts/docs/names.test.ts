import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingNames, missingPaths } from './names.ts';

const FILES = [
  'packages/sip/src/message/framer.ts',
  'packages/cli/src/commands/ping.ts',
  'conformance/rfc3261.requirements.json',
];

test('a path may leave out its beginning, end with a folder, and stand for any name or number', () => {
  const there =
    '`packages/sip/src/message` `message/framer.ts` `framer.ts` `sip/` `commands/NAME.ts` `conformance/rfcNNNN.requirements.json`';
  assert.deepEqual(missingPaths(there, FILES), []);
  assert.deepEqual(missingPaths('words\n`message/farmer.ts` and `framer.t` and `web/`', FILES), [
    'line 2: message/farmer.ts is not there',
    'line 2: web/ is not there',
  ]);
  assert.deepEqual(
    missingPaths('`types: []` `decode(encode(x))` `@strowger/sip/roles/NAME` `T | Promise<T>`', FILES),
    [],
  );
});

const SOURCES = new Map([
  ['sip/src/engine/engine.ts', 'export class Engine { onData(): void {} #receive(): void {} }'],
  ['sip/src/engine/wheel.ts', 'export class Wheel { nextAt(): number {} }; export const turn = 1;'],
]);

test('a name with a file beside it is looked for in that file', () => {
  assert.deepEqual(
    missingNames('`Engine.onData` (`engine/engine.ts`) and (by `turn`, `engine/wheel.ts`)', SOURCES),
    [],
  );
  assert.deepEqual(missingNames('`Engine.onFile` (`engine/engine.ts`)\n`turn`\n(`engine/engine.ts`, above)', SOURCES), [
    'line 1: Engine.onFile is not in engine/engine.ts',
    'line 2: turn is not in engine/engine.ts',
  ]);
});

test('a name without a file may be anywhere, a member where its class is', () => {
  assert.deepEqual(
    missingNames('`Wheel`, `turn(x, y)`, `Engine.#receive`, `Math.random`, `wheel.ts`, `wheel.nextAt()`', SOURCES),
    [],
  );
  assert.deepEqual(missingNames('`Whel`, `return(x)`, `Wheel.onData`, `wheel.turnAt`', SOURCES), [
    'line 1: Whel is not in the sources',
    'line 1: return is not in the sources',
    'line 1: Wheel.onData is not in the sources',
    'line 1: wheel.turnAt is not in the sources',
  ]);
});
