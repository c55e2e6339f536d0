import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painterOf } from './io.ts';
import { createFakeIo } from './io-fake.ts';

test('text is coloured on a terminal only, and not for those who want none', () => {
  const red = (isTerminal: boolean, env: Record<string, string> = {}): string =>
    painterOf(createFakeIo({ isTerminal, env }), 'out')('red', 'x');
  assert.equal(red(true), '\u001b[31mx\u001b[39m');
  assert.equal(red(false), 'x');
  assert.equal(red(true, { NO_COLOR: '1' }), 'x');
  assert.equal(red(true, { NO_COLOR: '' }), '\u001b[31mx\u001b[39m');
  assert.equal(red(true, { TERM: 'dumb' }), 'x');
});

test('each stream is judged by itself', () => {
  const io = { env: {}, isTerminal: { in: true, out: false, err: true } };
  assert.equal(painterOf(io, 'out')('red', 'x'), 'x');
  assert.notEqual(painterOf(io, 'err')('red', 'x'), 'x');
});
